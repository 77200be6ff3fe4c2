import { at, rareStatement, statement, type Tx } from '../platform/database.ts';
import type { PairingCode, TerminalName } from './model.ts';

/** How many wrong guesses a minute takes: of a million codes nobody finds one by trying. */
const GUESSES_A_MINUTE = 30;

// One code a terminal: whoever makes another waits here, and takes the one before away.
const lockTerminal = statement<{ id: string }>(
  'terminals.lock',
  'select id from terminals where issuer_id = $1 and id = $2 for no key update',
);
const dropCode = statement<{ code: string }>(
  'terminals.drop_code',
  'delete from pairing_codes where issuer_id = $1 and terminal_id = $2 returning code',
);
const dropOldCode = statement<{ code: string }>(
  'terminals.drop_old_code',
  `delete from pairing_codes where code = $1 and expires_at <= clock_timestamp() returning code`,
);
const insertCode = statement<{ expires_at: string }>(
  'terminals.insert_code',
  `insert into pairing_codes (code, issuer_id, terminal_id, expires_at)
   values ($3, $1, $2, clock_timestamp() + interval '10 minutes')
   on conflict do nothing returning expires_at`,
);

/** False when the issuer has no such terminal. */
export async function lockForPairing(tx: Tx, name: TerminalName): Promise<boolean> {
  return (await tx.run(lockTerminal, [name.issuerId, name.terminalId])).length === 1;
}

/** Replaces the terminal's code; null when another terminal has this one. */
export async function replaceCode(
  tx: Tx,
  { issuerId, terminalId }: TerminalName,
  code: string,
): Promise<PairingCode | null> {
  await tx.run(dropCode, [issuerId, terminalId]);
  await tx.run(dropOldCode, [code]);
  const [row] = await tx.run(insertCode, [issuerId, terminalId, code]);
  return row === undefined ? null : { code, expiresAt: at(row.expires_at) };
}

const takeCode = statement<{ issuer_id: string; terminal_id: string; store_id: string }>(
  'terminals.take_code',
  `with taken as (
     delete from pairing_codes where code = $1 and expires_at > clock_timestamp()
     returning issuer_id, terminal_id)
   select k.issuer_id, k.terminal_id, t.store_id
     from taken k
     cross join lateral (
       select store_id from terminals
        where issuer_id = k.issuer_id and id = k.terminal_id offset 0) t`,
);

/** Where a code pairs with; whoever is told takes the code away. */
export async function takePairingCode(
  tx: Tx,
  code: string,
): Promise<(TerminalName & { readonly storeId: string }) | null> {
  const [row] = await tx.run(takeCode, [code]);
  if (row === undefined) return null;
  return { issuerId: row.issuer_id, terminalId: row.terminal_id, storeId: row.store_id };
}

// The minute's row is locked until the guess is decided on, so that guesses come one by one.
const countGuess = statement<{ minute: string }>(
  'terminals.count_guess',
  `insert into pairing_guesses (minute, wrong)
   values (date_trunc('minute', clock_timestamp()), 1)
   on conflict (minute) do update set wrong = pairing_guesses.wrong + 1
    where pairing_guesses.wrong < $1
   returning minute`,
);
const takeGuessBack = statement<{ minute: string }>(
  'terminals.take_guess_back',
  'update pairing_guesses set wrong = wrong - 1 where minute = $1::timestamptz returning minute',
);
const forgetGuesses = rareStatement<{ minute: string }>(
  `delete from pairing_guesses
    where minute < clock_timestamp() - interval '1 hour' returning minute`,
);
const forgetCodes = rareStatement<{ code: string }>(
  'delete from pairing_codes where expires_at < clock_timestamp() returning code',
);

/** Counts a guess as wrong before it is looked at; null when the minute has had too many. */
export async function countGuessAsWrong(tx: Tx): Promise<string | null> {
  const [row] = await tx.run(countGuess, [GUESSES_A_MINUTE]);
  return row?.minute ?? null;
}

/** The guess that was counted in that minute was right. */
export async function countGuessAsRight(tx: Tx, minute: string): Promise<void> {
  await tx.run(takeGuessBack, [minute]);
}

/** Deletes codes that are over, and how many were guessed long ago; gives how many rows. */
export async function forgetOldPairing(tx: Tx): Promise<number> {
  const guesses = await tx.run(forgetGuesses, []);
  const codes = await tx.run(forgetCodes, []);
  return guesses.length + codes.length;
}
