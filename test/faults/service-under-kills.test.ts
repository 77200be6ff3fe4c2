import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/platform/ids.ts';
import { killBackends } from '../support/backend-killer.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { runOn } from '../support/postgres.ts';
import { ROOT_KEY } from '../support/service.ts';
import { type Answer, clientOf } from '../support/service-client.ts';
import { type ServiceProcess, startServiceProcess } from '../support/service-process.ts';
import { type Claim, type Merchant, type Redeemed, redemption, World } from '../support/world.ts';

const STORM_MS = 8000;
/** On a busy machine the storm goes on until there was something to see. */
const ENOUGH_OPERATIONS = 100;
const LONGEST_STORM_MS = 40_000;
const CLIENTS = 16;
const WALLETS = 250;
const STOCK = 400;
const MEMBER_LIMIT = 2;
const LONGEST_ANSWER_MS = 15_000;

let database: TestDatabase;
let service: ServiceProcess;
let shop: Merchant;
let classes: string[];
let wallets: string[];

beforeAll(async () => {
  database = await createTestDatabase();
  service = await startServiceProcess({ DATABASE_URL: database.url, TAPLINE_ROOT_KEY: ROOT_KEY });
  const as = (key: string | null) => clientOf(service.url, key);
  const world = new World({ root: as(ROOT_KEY), as });
  shop = await world.merchant();
  const campaign = { stock: STOCK, perMemberLimit: MEMBER_LIMIT, cloneOnRedeem: { maxClones: 3 } };
  classes = await Promise.all([1, 2, 3].map(() => world.couponClass(shop, campaign)));
  wallets = Array.from({ length: WALLETS }, () => newId('wal'));
  await runOn(
    database.url,
    `insert into wallets (id, pairwise_secret) select id, 's' from unnest($1::text[]) as id`,
    [wallets],
  );
});
afterAll(async () => {
  await service.stop();
  await database.drop();
});

/** One thing that a client wanted, asked for under one key until it was answered for good. */
interface Operation {
  readonly path: string;
  readonly key: string;
  readonly body: unknown;
  readonly statuses: readonly number[];
  readonly slowestMs: number;
  readonly answer: Answer<unknown>;
}

async function operate(path: string, body: unknown): Promise<Operation> {
  const key = randomUUID();
  const statuses: number[] = [];
  let slowestMs = 0;
  for (;;) {
    const begun = performance.now();
    const answer = await shop.client.post(path, body, { 'Idempotency-Key': key });
    slowestMs = Math.max(slowestMs, performance.now() - begun);
    statuses.push(answer.status);
    if (answer.status !== 503) return { path, key, body, statuses, slowestMs, answer };
    await pause(Math.random() * 100);
  }
}

async function client(begun: number, history: Operation[]): Promise<void> {
  const codes: string[] = [];
  const isOver = () => {
    const lasted = Date.now() - begun;
    const enough = history.length >= ENOUGH_OPERATIONS;
    return (lasted > STORM_MS && enough) || lasted > LONGEST_STORM_MS;
  };
  while (!isOver()) {
    const code = Math.random() < 0.4 ? codes.pop() : undefined;
    if (code === undefined) {
      const walletId = pick(wallets);
      const done = await operate(`/v1/coupon-classes/${pick(classes)}/claims`, { walletId });
      history.push(done);
      const { coupon } = done.answer.body as Claim;
      if (coupon) codes.push(coupon.code);
    } else {
      history.push(await operate('/v1/redemptions', redemption(shop, code)));
    }
  }
}

function pick(from: readonly string[]): string {
  return from[Math.floor(Math.random() * from.length)] ?? '';
}

function count(statement: string): Promise<number> {
  return runOn<{ n: number }>(
    database.url,
    `select count(*)::int as n from (${statement}) as found`,
  ).then(([row]) => row?.n ?? -1);
}

async function untilNone(statement: string, milliseconds: number): Promise<number> {
  const end = Date.now() + milliseconds;
  let left = await count(statement);
  while (left > 0 && Date.now() < end) {
    await pause(200);
    left = await count(statement);
  }
  return left;
}

/** Each finds what must not be; the numbers are those of promises.md. */
const VIOLATIONS = {
  'I1 more than the stock': `select from coupon_classes c where c.stock <
      (select count(*) from coupons q where q.class_id = c.id and q.generation = 0)`,
  'I2 more than the limit a member': `select from coupons q
      join coupon_classes c on c.id = q.class_id
      where generation = 0 group by q.class_id, wallet_id, per_member_limit
      having count(*) > per_member_limit`,
  'I3 a class counter that is not its rows': `select from coupon_classes c where c.claimed <>
      (select count(*) from coupons q where q.class_id = c.id and q.generation = 0)`,
  'I3 a member counter that is not its rows': `select from class_members m where m.claimed <>
      (select count(*) from coupons q where q.class_id = m.class_id
          and q.wallet_id = m.wallet_id and q.generation = 0)`,
  'I4 a coupon without its claim': `select from coupons q where generation = 0
      and not exists (select from claims c where c.coupon_id = q.id and c.status = 'issued')`,
  'I5 a coupon redeemed twice': `select from redemptions where reversed_at is null
      group by coupon_id having count(*) > 1`,
  'I5 a coupon whose status is not its redemption': `select from coupons q where
      (q.status = 'redeemed') <> exists (select from redemptions r where r.coupon_id = q.id)`,
  'I6 a redemption without its clone': `select from redemptions r
      where not exists (select from coupons q where q.cloned_by = r.id)`,
  'I6 a lineage too long': `select from coupons where generation > max_clones`,
};

describe('the service while backends of all its parts are killed', () => {
  const history: Operation[] = [];

  it('answers every request, and none with an error of its own', async () => {
    const killer = await killBackends(database.url, { everyMs: 60 });
    const begun = Date.now();
    const clients = Array.from({ length: CLIENTS }, () => client(begun, history));
    await Promise.all(clients)
      .catch((error: unknown) => {
        if (service.isRunning()) throw error;
        throw new Error(`the service ended: ${service.log().slice(-40).join('\n')}`);
      })
      .finally(() => killer.stop());
    const kills = await killer.stop();
    const statuses = history.flatMap((operation) => operation.statuses);
    const tally = [...new Set(statuses)].map(
      (status) => `${status} × ${statuses.filter((other) => other === status).length}`,
    );
    const slowest = Math.max(...history.map(({ slowestMs }) => slowestMs));
    const answers = `${tally.join(', ')}, slowest ${Math.round(slowest)} ms`;
    console.log(`${history.length} operations, ${kills} kills, ${answers}`);
    expect(service.isRunning()).toBe(true);
    expect(statuses.filter((status) => status >= 500 && status !== 503)).toEqual([]);
    expect(slowest).toBeLessThan(LONGEST_ANSWER_MS);
    expect(kills).toBeGreaterThan(30);
    expect(history.length).toBeGreaterThanOrEqual(ENOUGH_OPERATIONS);
  }, 90_000);

  it('decides every claim and makes every clone soon after', async () => {
    expect(await untilNone(`select from claims where status = 'pending'`, 15_000)).toBe(0);
    // A job that was handed to the queue and lost is sent again after 15 seconds.
    expect(await untilNone('select from outbox where done_at is null', 40_000)).toBe(0);
    expect((await clientOf(service.url, null).get('/readyz')).status).toBe(200);
  }, 90_000);

  it('has done each acknowledged operation once and nothing else', async () => {
    const claims = history.filter(({ path }) => path.endsWith('/claims'));
    const later = await Promise.all(claims.map(finalClaim));
    const issued = later.flatMap((claim) => (claim?.coupon ? [claim.coupon.id] : []));
    const coupons = await ids(`select id from coupons where generation = 0`);
    expect(issued.toSorted()).toEqual(coupons);

    const redemptions = history.filter(({ path }) => path === '/v1/redemptions');
    const redeemed = redemptions.map(({ answer }) => (answer.body as Redeemed).id);
    expect(redeemed.toSorted()).toEqual(await ids('select id from redemptions'));
    console.log(`${issued.length} coupons issued, ${redeemed.length} redeemed and cloned`);
  });

  it.each(Object.entries(VIOLATIONS))('never: %s', async (_name, violation) => {
    expect(await count(violation)).toBe(0);
  });

  it('tells a retry what it told before', async () => {
    const settled = history.filter(({ answer }) => answer.status !== 202).slice(-60);
    for (const { path, key, body, answer } of settled) {
      const again = await shop.client.post(path, body, { 'Idempotency-Key': key });
      expect([again.status, again.text]).toEqual([answer.status, answer.text]);
      expect(again.headers.get('idempotent-replayed')).toBe('true');
    }
  });

  it('stops in order', async () => {
    expect(await service.stop()).toBe(0);
  });
});

/** How a claim stands at the end; null when it was refused. */
async function finalClaim({ answer }: Operation): Promise<Claim | null> {
  if (answer.status === 409) return null;
  if (answer.status === 201) return answer.body as Claim;
  return (await shop.client.get<Claim>(`/v1/claims/${(answer.body as Claim).id}`)).body;
}

async function ids(statement: string): Promise<string[]> {
  const rows = await runOn<{ id: string }>(database.url, statement);
  return rows.map(({ id }) => id).toSorted();
}
