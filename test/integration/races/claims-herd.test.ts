import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { type Ask, brokenIds, brokenInvariants } from '../../support/invariants.ts';
import { claimNaively } from '../../support/naive/claims.ts';
import { openScratch, type Scratch, seedCampaign } from '../../support/naive/scratch.ts';
import { runOn } from '../../support/postgres.ts';
import { ORIGIN, ROOT_KEY } from '../../support/service.ts';
import { type Client, clientOf } from '../../support/service-client.ts';
import { type ServiceProcess, startServiceProcess } from '../../support/service-process.ts';
import { claimOutcome, expectStatus, World } from '../../support/world.ts';

// C1: a herd before a campaign that opens while it waits. 600 claims of 100 members, 3 a member,
// 120 coupons, 64 connections, two processes with API and workers each.
const MEMBERS = 100;
const CLAIMS = 600;
const STOCK = 120;
const LIMIT = 3;
const CONNECTIONS = 64;

let database: TestDatabase;
let sql: Ask;
let processes: ServiceProcess[] = [];
let scratch: Scratch;

beforeAll(async () => {
  database = await createTestDatabase();
  sql = (statement) => runOn(database.url, statement);
  const env = {
    DATABASE_URL: database.url,
    PUBLIC_ORIGIN: ORIGIN,
    TAPLINE_ROOT_KEY: ROOT_KEY,
  };
  processes = await Promise.all([startServiceProcess(env), startServiceProcess(env)]);
});
beforeAll(async () => {
  scratch = await openScratch();
});
afterAll(async () => {
  await Promise.all(processes.map((process) => process.stop()));
  await database?.drop();
});
afterAll(() => scratch?.close());

const as = (key: string | null, n = 0): Client => clientOf(processes[n]?.url ?? '', key);

/** Does the numbered tasks, so many at a time. */
async function crowd(tasks: number, work: (task: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < tasks) {
      const task = next;
      next += 1;
      await work(task);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
}

function tally(outcomes: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

test('exactly the stock goes, none beyond it, none left, nobody above the limit', async () => {
  const world = new World({ root: as(ROOT_KEY), as });
  const shop = await world.merchant();
  const wallets = await Promise.all(Array.from({ length: MEMBERS }, () => world.wallet()));
  const [clock] = await sql<{ start: Date; end: Date }>(
    `select clock_timestamp() + interval '1.5 s' as start, clock_timestamp() + interval '1 h' as end`,
  );
  const classId = await world.couponClass(shop, {
    claimWindow: { start: clock?.start.toISOString(), end: clock?.end.toISOString() },
    perMemberLimit: LIMIT,
    stock: STOCK,
  });
  const outcomes: string[] = [];
  let early = 0;
  await crowd(CLAIMS, async (task) => {
    const client = as(shop.apiKey, task % 2);
    const walletId = wallets[Math.floor((task * MEMBERS) / CLAIMS)];
    for (;;) {
      const headers = { 'Idempotency-Key': randomUUID() };
      const outcome = await claimOutcome(client, classId, { walletId }, headers);
      if (outcome !== '409 claim-not-started') return void outcomes.push(outcome);
      early += 1;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });
  const counts = tally(outcomes);
  expect(early).toBeGreaterThan(0);
  expect(counts['201']).toBe(STOCK);
  expect(Object.keys(counts).sort()).toEqual(['201', '409 member-limit-reached', '409 sold-out']);
  expect(await brokenInvariants(sql)).toEqual({});
  const shown = await shop.client.get(`/v1/coupon-classes/${classId}`);
  expect(expectStatus(shown, 200)).toMatchObject({ stock: STOCK, stats: { claimed: STOCK } });
});

test('the naive twin gives more than the stock and more than the limit', async () => {
  const wallets = Array.from({ length: MEMBERS }, (_, n) => `wal_${n}`);
  const broken = new Set<string>();
  for (let round = 0; round < 10 && !(broken.has('I1') && broken.has('I2')); round++) {
    const classId = `7.herd-${round}`;
    await seedCampaign(scratch, { id: classId, stock: STOCK, perMemberLimit: LIMIT, wallets });
    await crowd(CLAIMS, async (task) => {
      const walletId = wallets[Math.floor((task * MEMBERS) / CLAIMS)] ?? '';
      await claimNaively(scratch, { classId, walletId }, () => new Date());
    });
    for (const id of await brokenIds(scratch.ask)) broken.add(id);
  }
  expect([...broken]).toEqual(expect.arrayContaining(['I1', 'I2', 'I3 classes']));
});
