import { type Db, rareStatement, statement, type Tx } from '../platform/database.ts';
import { memberIdentities } from './tables.ts';

export interface NewSignIn {
  readonly stateSha256: string;
  readonly deviceId: string;
  readonly sealed: string;
  readonly returnTo: string;
}

const insert = statement<never>(
  'members.insert_sign_in',
  `insert into sign_ins (state_sha256, device_id, sealed, return_to, expires_at)
   values ($1, $2, $3, $4, clock_timestamp() + interval '10 minutes')`,
);

export async function insertSignIn(tx: Tx, signIn: NewSignIn): Promise<void> {
  const { stateSha256, deviceId, sealed, returnTo } = signIn;
  await tx.run(insert, [stateSha256, deviceId, sealed, returnTo]);
}

const take = statement<{ sealed: string; return_to: string }>(
  'members.take_sign_in',
  `delete from sign_ins
    where state_sha256 = $1 and device_id = $2 and expires_at > clock_timestamp()
    returning sealed, return_to`,
);

/** The sign-in that this device began, once. */
export async function takeSignIn(
  tx: Tx,
  stateSha256: string,
  deviceId: string,
): Promise<{ readonly sealed: string; readonly returnTo: string } | null> {
  const [row] = await tx.run(take, [stateSha256, deviceId]);
  return row === undefined ? null : { sealed: row.sealed, returnTo: row.return_to };
}

const lock = statement<never>(
  'members.lock_identity',
  "select pg_advisory_xact_lock(hashtextextended('members.identity ' || $1 || ' ' || $2, 0))",
);

/** One sign-in of an identity at a time, whether or not a member has it. */
export async function lockIdentity(tx: Tx, provider: string, subject: string): Promise<void> {
  await tx.run(lock, [provider, subject]);
}

const find = statement<{ member_id: string }>(
  'members.by_identity',
  'select member_id from member_identities where provider = $1 and subject = $2',
);

export async function findMemberIdByIdentity(
  db: Db,
  provider: string,
  subject: string,
): Promise<string | null> {
  const [row] = await db.run(find, [provider, subject]);
  return row?.member_id ?? null;
}

/** Throws where another member has the identity. */
export async function insertIdentity(
  tx: Tx,
  identity: { readonly provider: string; readonly subject: string; readonly memberId: string },
): Promise<void> {
  await tx.query.insert(memberIdentities).values(identity);
}

const forget = rareStatement<{ state_sha256: string }>(
  'delete from sign_ins where expires_at < clock_timestamp() returning state_sha256',
);

/** Deletes sign-ins that were never finished; gives how many. */
export async function forgetOldSignIns(tx: Tx): Promise<number> {
  return (await tx.run(forget, [])).length;
}
