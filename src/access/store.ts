import { and, asc, eq, gt, isNull, or, sql } from 'drizzle-orm';
import { type Db, only, statement, type Tx } from '../platform/database.ts';
import type { Page } from '../platform/page.ts';
import type { ApiKey, Caller } from './model.ts';
import { apiKeys } from './tables.ts';

const shown = {
  id: apiKeys.id,
  issuerId: apiKeys.issuerId,
  mode: apiKeys.mode,
  scopes: apiKeys.scopes,
  lastFour: apiKeys.lastFour,
  createdAt: apiKeys.createdAt,
  expiresAt: apiKeys.expiresAt,
};

export type NewApiKey = Omit<ApiKey, 'createdAt'> & { readonly secretSha256: string };

export async function insertApiKey(tx: Tx, key: NewApiKey): Promise<void> {
  await tx.query.insert(apiKeys).values({ ...key, scopes: [...key.scopes] });
}

const past = statement<{ past: boolean }>(
  'access.is_past',
  'select $1::timestamptz <= clock_timestamp() as past',
);

/** By the database's clock, which also judges whether a key has ended. */
export async function isPast(db: Db, time: Date): Promise<boolean> {
  return only(await db.run(past, [time.toISOString()])).past;
}

/** Neither revoked nor at its end: a key that is over is none, to whoever asks. */
function live(issuerId: string | null) {
  return and(
    isNull(apiKeys.revokedAt),
    or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, sql`clock_timestamp()`)),
    issuerId === null ? undefined : eq(apiKeys.issuerId, issuerId),
  );
}

/** The live keys of an issuer, or of all for null. */
export function listApiKeys(db: Db, issuerId: string | null, page: Page): Promise<ApiKey[]> {
  return db.query
    .select(shown)
    .from(apiKeys)
    .where(and(live(issuerId), page.after === null ? undefined : gt(apiKeys.id, page.after)))
    .orderBy(asc(apiKeys.id))
    .limit(page.limit);
}

/** True when there was a live key of that issuer; null names any issuer. */
export async function revokeApiKey(tx: Tx, id: string, issuerId: string | null): Promise<boolean> {
  const revoked = await tx.query
    .update(apiKeys)
    .set({ revokedAt: sql`clock_timestamp()` })
    .where(and(eq(apiKeys.id, id), live(issuerId)))
    .returning({ id: apiKeys.id });
  return revoked.length === 1;
}

const findLive = statement<{
  issuer_id: string;
  mode: 'live' | 'test';
  scopes: string[];
  secret_sha256: string;
}>(
  'access.find_live',
  `select issuer_id, mode, to_json(scopes) as scopes, secret_sha256
     from api_keys
    where id = $1 and revoked_at is null and (expires_at is null or expires_at > clock_timestamp())`,
);

/** The caller behind a live key and the hash its secret must have. */
export async function findLiveKey(
  db: Db,
  id: string,
): Promise<{ readonly caller: Caller; readonly secretSha256: string } | null> {
  const [row] = await db.run(findLive, [id]);
  if (row === undefined) return null;
  const { issuer_id: issuerId, mode, scopes, secret_sha256: secretSha256 } = row;
  return { caller: { kind: 'key', keyId: id, issuerId, mode, scopes }, secretSha256 };
}
