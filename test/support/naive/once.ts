import type pg from 'pg';
import type { Scratch } from './scratch.ts';

/** Looks for the key, does the work, and only then keeps the key; gives whether it did the work. */
export function onceNaively(
  scratch: Scratch,
  key: string,
  work: (client: pg.PoolClient) => Promise<void>,
): Promise<boolean> {
  return scratch.transaction(async (client) => {
    const found = await client.query(
      `select from idempotency_keys where scope = 'naive' and key = $1`,
      [key],
    );
    if (found.rowCount !== 0) return false;
    await work(client);
    await client.query(
      `insert into idempotency_keys (scope, key, fingerprint) values ('naive', $1, '')
       on conflict do nothing`,
      [key],
    );
    return true;
  });
}
