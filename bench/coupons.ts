import { post } from './load.ts';
import { ROOT_KEY, type Stage } from './stage.ts';

/** Coupons by number, from `first` up to and without `end`. */
export interface Range {
  readonly first: number;
  readonly end: number;
}

/** Wallets by number, made straight in the table. */
export async function makeWallets({ sql }: Stage, { first, end }: Range): Promise<string[]> {
  const { rows } = await sql.query<{ id: string }>(
    `insert into wallets (id, pairwise_secret)
     select 'wal_' || lpad(to_hex(n), 26, '0'), 'bench'
       from generate_series($1::int, $2::int - 1) n returning id`,
    [first, end],
  );
  return rows.map(({ id }) => id);
}

/** Coupons of the first bench class, each of the wallet with its number, after `wallets` again the first. */
export async function issueCoupons(
  { sql }: Stage,
  { first, end }: Range,
  wallets: number,
): Promise<void> {
  await sql.query(
    `insert into coupons (id, issuer_id, class_id, wallet_id, code, status, available_at,
                          expires_at, generation, lineage_id)
     select 'cpn_bench_' || n, '900', '900.claim-0', 'wal_' || lpad(to_hex(n % $3::int), 26, '0'),
            'BENCH' || lpad(n::text, 8, '0'), 'issued', now(), now() + interval '1 day', 0,
            'cpn_bench_' || n
       from generate_series($1::int, $2::int - 1) n`,
    [first, end, wallets],
  );
  await sql.query('analyze coupons');
}

/** A request for each coupon of the range that redeems it. */
export function redemptionsOf({ first, end }: Range): () => string | null {
  let index = first;
  return () => (index < end ? redemptionOf(index++) : null);
}

function redemptionOf(index: number): string {
  const body = {
    couponCode: `BENCH${String(index).padStart(8, '0')}`,
    collectorId: '90000001',
    order: { id: `order-${index}`, currency: 'CNY', totalMinor: 5000 },
  };
  const headers = { Authorization: `Bearer ${ROOT_KEY}`, 'Idempotency-Key': `redeem ${index}` };
  return post('/v1/redemptions', JSON.stringify(body), headers);
}
