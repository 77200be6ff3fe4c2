import { type Db, only, rareStatement, statement, type Tx } from '../platform/database.ts';
import type { KeyUse, StoredAnswer } from './model.ts';

export interface KeyRecord {
  readonly fingerprint: string;
  readonly claimId: string | null;
  readonly answer: StoredAnswer | null;
}

const take = statement<{ key: string }>(
  'idempotency.take',
  `insert into idempotency_keys (scope, key, fingerprint) values ($1, $2, $3)
   on conflict do nothing returning key`,
);

/** True when the key is ours now; false when a committed request holds it. Waits for a running twin. */
export async function takeKey(tx: Tx, { scope, key, fingerprint }: KeyUse): Promise<boolean> {
  return (await tx.run(take, [scope, key, fingerprint])).length === 1;
}

const find = statement<{
  fingerprint: string;
  claim_id: string | null;
  status: number | null;
  headers: string | null;
  body: string | null;
}>(
  'idempotency.find',
  'select fingerprint, claim_id, status, headers, body from idempotency_keys where scope = $1 and key = $2',
);

export async function findKey(db: Db, scope: string, key: string): Promise<KeyRecord | null> {
  const [row] = await db.run(find, [scope, key]);
  if (row === undefined) return null;
  const { fingerprint, claim_id: claimId, status, headers, body } = row;
  const answer =
    status === null
      ? null
      : {
          status,
          headers: JSON.parse(headers ?? '{}') as StoredAnswer['headers'],
          body: body ?? '',
        };
  return { fingerprint, claimId, answer };
}

const keep = statement<{ key: string }>(
  'idempotency.keep',
  `update idempotency_keys set status = $3, headers = $4, body = $5
    where scope = $1 and key = $2 returning key`,
);

export async function keepAnswer(tx: Tx, use: KeyUse, answer: StoredAnswer): Promise<void> {
  const { scope, key } = use;
  const headers = JSON.stringify(answer.headers);
  only(await tx.run(keep, [scope, key, answer.status, headers, answer.keptBody ?? answer.body]));
}

const forget = rareStatement<{ key: string }>(`delete from idempotency_keys
    where ctid = any (array(select ctid from idempotency_keys
                            where created_at < clock_timestamp() - interval '30 days' limit 5000))
    returning key`);

/** Deletes some keys past their 30 days; gives how many. */
export async function forgetOldKeys(tx: Tx): Promise<number> {
  return (await tx.run(forget, [])).length;
}
