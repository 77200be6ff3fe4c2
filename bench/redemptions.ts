import type { Figure } from './figures.ts';
import { post, run } from './load.ts';
import { measure } from './measure.ts';
import { ROOT_KEY, type Stage } from './stage.ts';
import { runStatements } from './statements.ts';

const COUPONS = 15_000;
const BASELINE = 'guarded update and insert in one statement, 32 connections';

/** Redemptions of distinct coupons, beside the bare guarded statement that uses a coupon up. */
export async function benchRedemptions(
  stage: Stage,
  wallets: readonly string[],
): Promise<Figure[]> {
  await stage.sql.query(`
    create table if not exists baseline_coupons (id int primary key, used boolean not null);
    create table if not exists baseline_redemptions (coupon_id int primary key, at timestamptz not null);
    insert into baseline_coupons select n, false from generate_series(0, 199999) n on conflict do nothing`);
  await issue(stage, wallets);
  let turn = 0;
  const baseline = await measure(stage, BASELINE, 'none', undefined, () =>
    runStatements(stage.databaseUrl, 32, 5, async (client) => {
      await client.query({
        name: 'use',
        text: `with used as (update baseline_coupons set used = true where id = $1 and not used returning id)
               insert into baseline_redemptions select id, clock_timestamp() from used`,
        values: [turn++],
      });
    }),
  );
  return [baseline, await redeem(stage)];
}

function redeem(stage: Stage): Promise<Figure> {
  const waiting = Array.from({ length: COUPONS }, (_, index) =>
    post(
      '/v1/redemptions',
      JSON.stringify({
        couponCode: codeOf(index),
        collectorId: '90000001',
        order: { id: `order-${index}`, currency: 'CNY', totalMinor: 5000 },
      }),
      { Authorization: `Bearer ${ROOT_KEY}`, 'Idempotency-Key': `redeem ${index}` },
    ),
  );
  return measure(stage, 'redemptions, 32 callers', 'service', { name: BASELINE }, () =>
    run({ port: stage.servicePort, callers: 32, next: () => waiting.pop() ?? null }),
  );
}

const codeOf = (index: number) => `BENCH${String(index).padStart(8, '0')}`;

async function issue(stage: Stage, wallets: readonly string[]): Promise<void> {
  const rows = Array.from({ length: COUPONS }, (_, index) => ({
    id: `cpn_bench_${index}`,
    wallet: wallets[index % wallets.length],
    code: codeOf(index),
  }));
  await stage.sql.query(
    `insert into coupons (id, issuer_id, class_id, wallet_id, code, status, available_at, expires_at,
                          generation, lineage_id)
     select id, '900', '900.claim-0', wallet, code, 'issued', now(), now() + interval '1 day', 0, id
       from json_to_recordset($1::json) as c(id text, wallet text, code text)`,
    [JSON.stringify(rows)],
  );
  await stage.sql.query('analyze coupons');
}
