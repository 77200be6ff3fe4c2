import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openQueues } from '../../src/queue/queue.node.ts';
import { openWorker } from '../../src/queue/worker.node.ts';
import { effectsIn, openCloneStage } from '../support/clone-stage.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { type Ask, brokenInvariants } from '../support/invariants.ts';
import {
  CLONE_WALLS,
  type CloneJob,
  cloneAndThenNote,
  relayAndForget,
} from '../support/naive/cloning.ts';
import { runOn } from '../support/postgres.ts';
import { proven, sized, twinFailed } from '../support/proof.ts';
import { REDIS_SERVER } from '../support/redis-process.ts';
import { ROOT_KEY } from '../support/service.ts';
import { clientOf } from '../support/service-client.ts';
import { type ServiceProcess, startServiceProcess } from '../support/service-process.ts';
import { claim, redeem, World } from '../support/world.ts';
import { type LosableQueue, queueInPostgres, queueInRedis } from './losable-queues.ts';

const WIPES = sized(20, 200);
const JOBS_TO_LOSE = sized(10, 200);
const ABSENCES = sized(1, 4);
const AWAY_MS = sized(4000, 10_000);
const CLIENTS = 4;

type Place = readonly [name: string, open: (databaseUrl: string) => Promise<LosableQueue>];

// Decided here and not in a test, so that no test is skipped: without Redis there is one place less.
const PLACES: Place[] = [['PostgreSQL', queueInPostgres]];
if (REDIS_SERVER !== null) PLACES.push(['Redis', (url) => queueInRedis(REDIS_SERVER ?? '', url)]);
const here = REDIS_SERVER === null ? ' (this machine has no redis-server)' : '';

describe.each(PLACES)('a queue in %s that loses everything', (name, open) => {
  let database: TestDatabase;
  let queue: LosableQueue;
  let service: ServiceProcess;
  let ask: Ask;

  beforeEach(async () => {
    database = await createTestDatabase();
    ask = (statement) => runOn(database.url, statement);
    queue = await open(database.url);
    const env = { DATABASE_URL: database.url, TAPLINE_ROOT_KEY: ROOT_KEY, ...queue.env };
    service = await startServiceProcess(env);
  });
  afterEach(async () => {
    await service.stop();
    await queue.close();
    await database.drop();
  });

  test('loses no effect, and no claim is refused while it is away', async (context) => {
    const customers = await openCustomers(service.url);
    const waits: number[] = [];
    let wiped = 0;
    await customers.comeWhile(async () => {
      for (let wipes = 0; wipes < WIPES || wiped < JOBS_TO_LOSE; wipes++) {
        wiped += await queue.wipe();
        await pause(20);
      }
      waits.push(await secondsUntilDone(ask));
      for (let absence = 0; absence < ABSENCES; absence++) {
        await queue.leave();
        const before = customers.claimed();
        await pause(AWAY_MS);
        await expect.poll(customers.claimed, { timeout: 60_000 }).toBeGreaterThan(before);
        await queue.comeBack();
        waits.push(await secondsUntilDone(ask));
      }
    });
    await secondsUntilDone(ask);
    const { redemptions, jobs, clones, lost, doubled } = await effectsIn(ask);
    expect(customers.refusals).toEqual([]);
    expect({ redemptions, jobs, lost, doubled }).toEqual({
      redemptions: customers.redeemed(),
      jobs: redemptions,
      lost: 0,
      doubled: 0,
    });
    expect(await brokenInvariants(ask)).toEqual({});
    const ready = async () => (await clientOf(service.url, null).get('/readyz')).status;
    await expect.poll(ready, { timeout: 30_000 }).toBe(200);
    const slowest = Math.max(...waits).toFixed(1);
    proven(
      context,
      'D2',
      `queue in ${name}${here}: wiped until ${wiped} jobs were lost, ` +
        `${ABSENCES} × gone for ${AWAY_MS / 1000} s and back empty`,
      `${customers.claimed()} claims, refused ${customers.refusals.length}; ${jobs} jobs, ` +
        `${clones} effects, lost ${lost}, doubled ${doubled}; all done after at most ${slowest} s`,
    );
  }, 600_000);
});

/** Members who claim and redeem without a pause. */
async function openCustomers(url: string) {
  const as = (key: string | null) => clientOf(url, key);
  const world = new World({ root: as(ROOT_KEY), as });
  const shop = await world.merchant();
  const rule = { stock: 1_000_000, perMemberLimit: 1000, cloneOnRedeem: { maxClones: 3 } };
  const classId = await world.couponClass(shop, rule);
  const refusals: string[] = [];
  let claims = 0;
  let redemptions = 0;

  async function buy(walletId: string): Promise<void> {
    const claimed = await claim(shop.client, classId, { walletId });
    if (claimed.status !== 201 && claimed.status !== 202) refusals.push(claimed.text);
    claims += 1;
    const { coupon } = claimed.body;
    if (coupon === undefined) return;
    const { status, text } = await redeem(shop, coupon.code);
    if (status !== 201) refusals.push(text);
    redemptions += 1;
  }

  return {
    refusals,
    claimed: () => claims,
    redeemed: () => redemptions,
    comeWhile: async (work: () => Promise<void>) => {
      let open = true;
      const customers = Array.from({ length: CLIENTS }, async () => {
        const walletId = await world.wallet();
        while (open) await buy(walletId);
      });
      await work().finally(() => {
        open = false;
      });
      await Promise.all(customers);
    },
  };
}

/** How long it takes until all is done that is owed now. */
async function secondsUntilDone(ask: Ask): Promise<number> {
  const begun = performance.now();
  const [now] = await ask<{ time: string }>('select clock_timestamp()::text as time');
  const owed = () =>
    ask(`select id from claims where status = 'pending' and created_at <= '${now?.time}'
         union all
         select id::text from outbox where done_at is null and created_at <= '${now?.time}'`);
  await expect.poll(owed, { timeout: 120_000, interval: 100 }).toEqual([]);
  return (performance.now() - begun) / 1000;
}

describe.each(PLACES)('a relay that takes sent for done, on %s', (name, open) => {
  test('loses what was in the queue', async (context) => {
    const stage = await openCloneStage(30);
    context.onTestFinished(() => stage.close());
    const { sql, database, databaseUrl } = stage.service;
    for (const wall of CLONE_WALLS) await sql(wall);
    const queue = await open(databaseUrl);
    context.onTestFinished(() => queue.close());
    const queues = openQueues(queue.place);
    context.onTestFinished(() => queues.close());
    const early = await stage.redeemSome(15);
    await expect.poll(queues.ready, { timeout: 30_000 }).toBe(true);
    await relayAndForget(database, queues.send);
    await queue.wipe();
    await stage.redeemSome(15);
    await relayAndForget(database, queues.send);
    const worker = openWorker('clones.make', queue.place, { concurrency: 4 }, (data) =>
      cloneAndThenNote(database, data as CloneJob, () => {}),
    );
    context.onTestFinished(() => worker.close());
    await expect.poll(queue.jobs, { timeout: 60_000 }).toBe(0);
    const { jobs, clones, lost, doubled } = await stage.effects();
    expect(await sql('select id from outbox where done_at is null')).toEqual([]);
    expect(lost).toBe(early.length);
    expect(lost).toBeGreaterThan(0);
    const figure = `${jobs} jobs, ${clones} effects, lost ${lost}, doubled ${doubled}`;
    twinFailed(context, 'D2', `queue in ${name}: wiped once`, figure);
  }, 120_000);
});
