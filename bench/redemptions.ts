import { issueCoupons, redemptionsOf } from './coupons.ts';
import type { Figure } from './figures.ts';
import { run } from './load.ts';
import { measure } from './measure.ts';
import type { Stage } from './stage.ts';
import { runStatements } from './statements.ts';

/** The bench's own coupons have the numbers from 0 on; those of other benches come after them. */
export const COUPONS = 15_000;
const BASELINE = 'guarded update and insert in one statement, 32 connections';

/** Redemptions of distinct coupons, beside the bare guarded statement that uses a coupon up. */
export async function benchRedemptions(stage: Stage, wallets: number): Promise<Figure[]> {
  await stage.sql.query(`
    create table if not exists baseline_coupons (id int primary key, used boolean not null);
    create table if not exists baseline_redemptions (coupon_id int primary key, at timestamptz not null);
    insert into baseline_coupons select n, false from generate_series(0, 199999) n on conflict do nothing`);
  await issueCoupons(stage, { first: 0, end: COUPONS }, wallets);
  const next = redemptionsOf({ first: 0, end: COUPONS });
  const redemptions = () => run({ port: stage.servicePort, callers: 32, next });
  const against = { name: BASELINE };
  return [
    await baseline(stage),
    await measure(stage, 'redemptions, 32 callers', 'service', against, redemptions),
  ];
}

function baseline(stage: Stage): Promise<Figure> {
  let turn = 0;
  return measure(stage, BASELINE, 'none', undefined, () =>
    runStatements(stage.databaseUrl, 32, 5, async (client) => {
      await client.query({
        name: 'use',
        text: `with used as (update baseline_coupons set used = true where id = $1 and not used returning id)
               insert into baseline_redemptions select id, clock_timestamp() from used`,
        values: [turn++],
      });
    }),
  );
}
