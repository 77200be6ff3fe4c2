import { rareStatement, statement, type Tx } from '../platform/database.ts';

/** What a tap's APDUs have in common, as it is kept. */
export interface TapSessionRow {
  readonly presentationId: string;
  /** Sealed. */
  readonly state: string;
}

const presented = statement<{ id: string }>(
  'taps.presented',
  `select id from presentations
    where wallet_id = $1 and status <> 'transferred' and expires_at > clock_timestamp()
    order by wallet_id desc, expires_at desc limit 1`,
);

/** What the wallet's phone shows last and has not handed over; null when that is nothing. */
export async function findPresented(tx: Tx, walletId: string): Promise<string | null> {
  const [row] = await tx.run(presented, [walletId]);
  return row?.id ?? null;
}

const tokenHash = statement<{ token_sha256: string }>(
  'taps.presentation_token',
  'select token_sha256 from presentations where id = $1',
);

/** The hash by which a tap finds the presentation; null when that was forgotten. */
export async function tokenHashOf(tx: Tx, presentationId: string): Promise<string | null> {
  const [row] = await tx.run(tokenHash, [presentationId]);
  return row?.token_sha256 ?? null;
}

const insert = statement<never>(
  'taps.insert_session',
  `insert into tap_sessions (token_sha256, wallet_id, presentation_id, state, expires_at)
   values ($1, $2, $3, $4, clock_timestamp() + interval '60 seconds')`,
);

export async function insertTapSession(
  tx: Tx,
  tokenSha256: string,
  walletId: string,
  { presentationId, state }: TapSessionRow,
): Promise<void> {
  await tx.run(insert, [tokenSha256, walletId, presentationId, state]);
}

const lock = statement<{ presentation_id: string; state: string }>(
  'taps.lock_session',
  `select presentation_id, state from tap_sessions
    where token_sha256 = $1 and wallet_id = $2 and expires_at > clock_timestamp() for update`,
);

/** The session of that wallet, locked, because commands of one tap come one after the other. */
export async function lockTapSession(
  tx: Tx,
  tokenSha256: string,
  walletId: string,
): Promise<TapSessionRow | null> {
  const [row] = await tx.run(lock, [tokenSha256, walletId]);
  return row ? { presentationId: row.presentation_id, state: row.state } : null;
}

const keep = statement<never>(
  'taps.keep_session',
  'update tap_sessions set state = $2 where token_sha256 = $1',
);

export async function keepTapSession(tx: Tx, tokenSha256: string, state: string): Promise<void> {
  await tx.run(keep, [tokenSha256, state]);
}

const forgetSessions = rareStatement<{ id: string }>(
  `delete from tap_sessions where ctid = any (array(
     select ctid from tap_sessions where expires_at < clock_timestamp() limit 5000))
   returning token_sha256 as id`,
);

const forgetPresentations = rareStatement<{ id: string }>(
  `delete from presentations where ctid = any (array(
     select ctid from presentations
      where created_at < clock_timestamp() - interval '1 day' limit 5000))
   returning id`,
);

/** Deletes some sessions and presentations that are long over; taps keep what they have decided. */
export async function forgetOldTaps(tx: Tx): Promise<number> {
  const sessions = await tx.run(forgetSessions, []);
  const presentations = await tx.run(forgetPresentations, []);
  return sessions.length + presentations.length;
}
