import { decideGuess, type JoinRefusal } from '../../../src/members/join-rules.ts';
import { codePlace } from '../../../src/members/places.ts';
import type { Database, Tx } from '../../../src/platform/database.ts';
import { only, rareStatement } from '../../../src/platform/database.ts';
import { SEALER } from '../sealer.ts';

interface Guess {
  readonly codeId: string;
  readonly code: string;
}

/** Reads the count of wrong guesses, and writes one more of what it read. */
export function guessNaively(
  database: Database,
  { codeId, code }: Guess,
): Promise<'right' | JoinRefusal> {
  return database.transact(async (tx) => {
    const read = rareStatement<{ tries: number; code_mark: string }>(
      'select tries, code_mark from join_codes where id = $1',
    );
    const { tries, code_mark: mark } = only(await tx.run(read, [codeId]));
    const matches = (await SEALER.mark(code, codePlace(codeId))) === mark;
    const decision = decideGuess({ live: true, tries, matches });
    const write = rareStatement('update join_codes set tries = $2 where id = $1');
    if (!matches) await tx.run(write, [codeId, tries + 1]);
    return decision;
  });
}

/** Looks whether the phone had a code in this minute, and then sends one. */
export async function askNaively(
  tx: Tx,
  row: { readonly id: string; readonly deviceId: string; readonly phoneMark: string },
): Promise<boolean> {
  const recent = rareStatement<{ id: string }>(
    `select id from join_codes
      where phone_mark = $1 and created_at > clock_timestamp() - interval '1 minute'`,
  );
  if ((await tx.run(recent, [row.phoneMark])).length > 0) return false;
  const insert = rareStatement(
    `insert into join_codes (id, device_id, phone_mark, phone_sealed, code_mark, expires_at)
     values ($1, $2, $3, '', '', clock_timestamp() + interval '5 minutes')`,
  );
  await tx.run(insert, [row.id, row.deviceId, row.phoneMark]);
  return true;
}

/** Counts the members of an issuer and takes the next number, without a turn. */
export async function numberNaively(tx: Tx, issuerId: string): Promise<number> {
  const count = rareStatement<{ next: string }>(
    'select coalesce(max(number), 0) + 1 as next from memberships where issuer_id = $1',
  );
  return Number(only(await tx.run(count, [issuerId])).next);
}
