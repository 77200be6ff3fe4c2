import type pg from 'pg';
import type { Figure } from './figures.ts';
import { post, run } from './load.ts';
import { measure } from './measure.ts';
import { ROOT_KEY, type Stage } from './stage.ts';
import { runStatements } from './statements.ts';

const SECONDS = 5;
const SPREAD = 1000;
const HEADERS = { Authorization: `Bearer ${ROOT_KEY}` };

/** Claims on one hot class, and spread over a thousand, each beside the bare guarded statement. */
export async function benchClaims(stage: Stage, wallets: readonly string[]): Promise<Figure[]> {
  await stage.sql.query(`
    create table if not exists baseline_stock (id int primary key, claimed int not null, stock int not null);
    create table if not exists baseline_claims (id bigint generated always as identity primary key, wallet_id text not null);
    insert into baseline_stock select id, 0, 1000000000 from generate_series(0, ${SPREAD - 1}) id on conflict do nothing`);
  // A service runs for weeks; its first seconds, in which code is compiled, are not its figure.
  await claims(stage, 'warm-up', 32, () => 0, wallets, { name: HOT });
  return [
    await hotStatement(stage),
    await spreadStatement(stage),
    await naiveClaims(stage, wallets),
    await claims(stage, 'claims, one hot class, 32 callers', 32, () => 0, wallets, {
      name: HOT,
    }),
    await claims(stage, 'claims, one hot class, 128 callers', 128, () => 0, wallets, {
      name: HOT,
      goal: '2',
    }),
    await claims(stage, 'claims, one hot class, 256 callers', 256, () => 0, wallets, {
      name: HOT,
    }),
    await claims(
      stage,
      'claims, 1,000 classes, 128 callers',
      128,
      (turn) => turn % SPREAD,
      wallets,
      {
        name: EVEN,
      },
    ),
  ];
}

const HOT = 'guarded statement, one row, 32 connections';
const EVEN = 'guarded statement, 1,000 rows, 32 connections';
const GUARDED = {
  name: 'guarded',
  text: 'update baseline_stock set claimed = claimed + 1 where id = $1 and claimed < stock',
};

function hotStatement(stage: Stage): Promise<Figure> {
  return measure(stage, HOT, 'none', undefined, () =>
    runStatements(stage.databaseUrl, 32, SECONDS, (client) => guarded(client, 0)),
  );
}

function spreadStatement(stage: Stage): Promise<Figure> {
  let turn = 0;
  return measure(stage, EVEN, 'none', undefined, () =>
    runStatements(stage.databaseUrl, 32, SECONDS, (client) => guarded(client, turn++ % SPREAD)),
  );
}

async function guarded(client: pg.Client, id: number): Promise<void> {
  await client.query({ ...GUARDED, values: [id] });
}

function naiveClaims(stage: Stage, wallets: readonly string[]): Promise<Figure> {
  const next = timed((turn) =>
    post('/claim', JSON.stringify({ walletId: wallets[turn % wallets.length] })),
  );
  return measure(
    stage,
    'naive: a transaction a request, 64 callers',
    'baseline',
    { name: HOT },
    () => run({ port: stage.baselinePort, callers: 64, next }),
  );
}

function claims(
  stage: Stage,
  name: string,
  callers: number,
  classOf: (turn: number) => number,
  wallets: readonly string[],
  against: NonNullable<Figure['against']>,
): Promise<Figure> {
  const next = timed((turn) =>
    post(
      `/v1/coupon-classes/900.claim-${classOf(turn)}/claims`,
      JSON.stringify({ walletId: wallets[turn % wallets.length] }),
      { ...HEADERS, 'Idempotency-Key': `${name} ${turn}` },
    ),
  );
  return measure(stage, name, 'service', against, () =>
    run({ port: stage.servicePort, callers, next }),
  );
}

/** Gives requests for the bench's seconds. */
export function timed(request: (turn: number) => string): () => string | null {
  const until = performance.now() + SECONDS * 1000;
  let turn = 0;
  return () => (performance.now() < until ? request(turn++) : null);
}

/** The classes that the benches claim from. */
export async function makeClasses(stage: Stage): Promise<void> {
  const one = (index: number) => ({
    id: `900.claim-${index}`,
    issuerId: '900',
    name: 'Bench',
    issueType: 'manual',
    claimWindow: { start: '2026-01-01T00:00:00Z', end: '2099-01-01T00:00:00Z' },
    perMemberLimit: 1_000_000,
    stock: 1_000_000_000,
    validity: { kind: 'relative', availableAfterHours: 0, validDays: 7 },
    discount: { kind: 'amount', amountMinor: 500, currency: 'CNY' },
    redemptionIssuers: ['900'],
  });
  for (let index = 0; index < SPREAD; index++) {
    await stage.call('POST', '/v1/coupon-classes', one(index));
  }
}
