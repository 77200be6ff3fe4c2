import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drainLane } from '../../../src/claims/drain.ts';
import { laneOf } from '../../../src/claims/model.ts';
import { openDatabase } from '../../../src/platform/database.node.ts';
import type { Database } from '../../../src/platform/database.ts';
import { relayOutbox, type SentJob } from '../../../src/queue/relay.ts';
import { makeClone } from '../../../src/redemptions/clone.ts';
import { brokenIds, brokenInvariants } from '../../support/invariants.ts';
import { cloneNaively, redeemNaively, seedCoupon } from '../../support/naive/redemptions.ts';
import { openScratch, type Scratch, seedCampaign } from '../../support/naive/scratch.ts';
import { proven, sized, twinFailed } from '../../support/proof.ts';
import { startTestService, type TestService } from '../../support/service.ts';
import { type Coupon, expectStatus, type Merchant, redeem, World } from '../../support/world.ts';

const JOBS = sized(10, 100);
const DELIVERED = `${JOBS} jobs, each delivered 10 times at once`;

let service: TestService;
let scratch: Scratch;
let world: World;
let shop: Merchant;
let walletId: string;

beforeAll(async () => {
  service = await startTestService();
  world = new World(service);
  shop = await world.merchant();
  walletId = await world.wallet();
});
beforeAll(async () => {
  scratch = await openScratch();
  const campaign = { id: '7.naive', stock: 1_000_000, perMemberLimit: 1_000_000, maxClones: 3 };
  await seedCampaign(scratch, { ...campaign, wallets: ['wal_1'] });
});
afterAll(() => service?.stop());
afterAll(() => scratch?.close());

const times = <T>(count: number, work: (n: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, n) => work(n)));

async function cloningCoupons(count: number, maxClones = 3): Promise<Coupon[]> {
  const fields = { perMemberLimit: 1000, cloneOnRedeem: { maxClones } };
  const classId = await world.couponClass(shop, fields);
  return times(count, () => world.coupon(shop, classId, walletId));
}

const undone = () => service.sql<{ id: string }>('select id from outbox where done_at is null');
const settled = () => expect.poll(undone, { timeout: 30_000 }).toEqual([]);

/** Redeems whatever of the lineages is issued until nothing is. */
async function redeemToTheEnd(classId: string): Promise<number> {
  for (let redeemed = 0; ; ) {
    await settled();
    const issued = await service.sql<{ code: string }>(
      `select code from coupons where class_id = $1 and status = 'issued'`,
      [classId],
    );
    if (issued.length === 0) return redeemed;
    await Promise.all(issued.map(async ({ code }) => expectStatus(await redeem(shop, code), 201)));
    redeemed += issued.length;
  }
}

describe('redeemed to the end', () => {
  test('every lineage has exactly maxClones clones, one in each place', async (context) => {
    const lineages = sized(12, 100);
    const [first] = await cloningCoupons(lineages, 3);
    const redeemed = await redeemToTheEnd(first?.classId ?? '');
    expect(redeemed).toBe(lineages * 4);
    const [clones] = await service.sql<{ n: number; deepest: number }>(
      `select count(*)::int as n, max(generation)::int as deepest
         from coupons where class_id = $1 and generation > 0`,
      [first?.classId],
    );
    expect(clones).toEqual({ n: lineages * 3, deepest: 3 });
    expect(await brokenInvariants(service.sql)).toEqual({});
    const faults = `${lineages} coupons of at most 3 clones, redeemed to the end`;
    const figure = `${redeemed} redemptions = ${clones?.n} clones + ${lineages} ends, the deepest in place ${clones?.deepest}`;
    proven(context, 'C8', faults, figure);
  });
});

describe('when BullMQ’s tables are emptied', () => {
  /** Empties them again and again while the work is done. */
  async function wipingMeanwhile(work: () => Promise<void>): Promise<void> {
    let wiping = true;
    const wiper = (async () => {
      while (wiping) {
        for (const table of ['job', 'dedup', 'dedup_next']) {
          await service.sql(`delete from bullmq.${table}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    })();
    await work().finally(() => {
      wiping = false;
    });
    await wiper;
  }

  test('claims go on, and the clones that were lost are made afterwards', async () => {
    await wipingMeanwhile(async () => {
      const issued = await cloningCoupons(12, 1);
      await Promise.all(
        issued.map(async ({ code }) => expectStatus(await redeem(shop, code), 201)),
      );
      await expect
        .poll(() => service.sql('select from outbox where sent_at is null'), { timeout: 20_000 })
        .toEqual([]);
    });
    // What was sent and is not done after 15 seconds is sent again; those are over now.
    await service.sql(
      `update outbox set sent_at = sent_at - interval '15 s' where done_at is null`,
    );
    await settled();
    expect(await brokenInvariants(service.sql)).toEqual({});
  });

  test('a naive relay, which takes sent for done, loses clones for good', async () => {
    const couponId = await seedCoupon(scratch, '7.naive', 'wal_1');
    await redeemNaively(scratch, couponId);
    await scratch.ask(`insert into outbox (job, payload) values ('clones.make', '{}')`);
    // The queue took the job and was wiped; nothing is left that would find it again.
    await scratch.ask('update outbox set sent_at = now(), done_at = now()');
    expect(await scratch.ask('select from outbox where done_at is null')).toEqual([]);
    expect(await brokenIds(scratch.ask)).toContain('I6 all');
  });
});

describe('without a queue and its workers', () => {
  let other: Database;

  beforeAll(async () => {
    await service.stopWorkers();
    other = openDatabase({ connectionString: service.databaseUrl, max: 6 });
  });
  afterAll(() => other?.close());

  const owedNow = () =>
    service.sql<{ outboxId: number; redemptionId: string }>(
      `select id::int as "outboxId", payload ->> 'redemptionId' as "redemptionId"
         from outbox where done_at is null order by id`,
    );

  test('a job delivered 10 times at once, by two processes, makes one clone', async (context) => {
    let made = 0;
    for (const { code } of await cloningCouponsWithoutWorkers(JOBS)) {
      expectStatus(await redeem(shop, code), 201);
      const [job] = await owedNow();
      if (job === undefined) throw new Error('nothing is owed');
      const outcomes = await times(10, (n) => makeClone(n % 2 ? other : service.database, job));
      expect(outcomes.sort()).toEqual([...Array(9).fill('done-before'), 'made']);
      made += outcomes.filter((outcome) => outcome === 'made').length;
    }
    expect(await brokenInvariants(service.sql)).toEqual({});
    proven(context, 'C8', DELIVERED, `${made} clones`);
  });

  test('two outbox rows for one redemption make one clone', async () => {
    const [coupon] = await cloningCouponsWithoutWorkers(1);
    const { id } = expectStatus(await redeem(shop, coupon?.code ?? ''), 201);
    await service.sql(
      `insert into outbox (job, payload) values ('clones.make', jsonb_build_object('redemptionId', $1::text))`,
      [id],
    );
    const jobs = await owedNow();
    expect(jobs).toHaveLength(2);
    const outcomes = await Promise.all(jobs.map((job) => makeClone(service.database, job)));
    expect(outcomes.sort()).toEqual(['made', 'none-due']);
    expect(await brokenInvariants(service.sql)).toEqual({});
  });

  test('a clone against the reversal of its redemption: it is taken back or never made', async () => {
    for (const { code } of await cloningCouponsWithoutWorkers(10)) {
      const { id } = expectStatus(await redeem(shop, code), 201);
      const [job] = await owedNow();
      if (job === undefined) throw new Error('nothing is owed');
      const [, reversal] = await Promise.all([
        makeClone(service.database, job),
        shop.client.post(`/v1/redemptions/${id}/reversal`),
      ]);
      expect(reversal.status).toBe(201);
    }
    expect(await brokenInvariants(service.sql)).toEqual({});
  });

  test('clones of one small budget, made at once by two processes, never pass it', async () => {
    const cloneClassId = await world.couponClass(shop, { budgetMinor: 5 * 500 + 499 });
    const rule = { maxClones: 3, classId: cloneClassId };
    for (const { code } of await cloningCouponsWithoutWorkers(32, rule)) {
      expectStatus(await redeem(shop, code), 201);
    }
    const jobs = await owedNow();
    const outcomes = await Promise.all(
      jobs.map((job, n) => makeClone(n % 2 ? other : service.database, job)),
    );
    expect(outcomes.filter((outcome) => outcome === 'made')).toHaveLength(5);
    const [row] = await service.sql<{ n: string }>(
      'select committed_minor as n from coupon_classes where id = $1',
      [cloneClassId],
    );
    expect(Number(row?.n)).toBe(2500);
    expect(await brokenInvariants(service.sql)).toEqual({});
  });

  test('two relays at once hand each owed job over once, and again only when it is late', async () => {
    for (const { code } of await cloningCouponsWithoutWorkers(20)) {
      expectStatus(await redeem(shop, code), 201);
    }
    const sent: SentJob[] = [];
    const send = async (jobs: readonly SentJob[]) => void sent.push(...jobs);
    await times(6, (n) => relayOutbox(n % 2 ? other : service.database, send));
    expect(sent).toHaveLength(20);
    expect(new Set(sent.map(({ jobId }) => jobId)).size).toBe(20);
    await service.sql(
      `update outbox set sent_at = sent_at - interval '16 s' where done_at is null`,
    );
    await relayOutbox(service.database, send);
    expect(sent).toHaveLength(40);
    expect(new Set(sent.map(({ jobId }) => jobId)).size).toBe(40);
    await Promise.all((await owedNow()).map((job) => makeClone(service.database, job)));
  });

  test('a relay whose queue is away leaves its rows unsent', async () => {
    const [coupon] = await cloningCouponsWithoutWorkers(1);
    expectStatus(await redeem(shop, coupon?.code ?? ''), 201);
    const away = () => Promise.reject(new Error('the queue is away'));
    await expect(relayOutbox(service.database, away)).rejects.toThrow('the queue is away');
    const rows = await service.sql('select sent_at, attempts from outbox where done_at is null');
    expect(rows).toEqual([{ sent_at: null, attempts: 0 }]);
  });

  /** No worker runs, so the test decides the claims itself. */
  async function cloningCouponsWithoutWorkers(count: number, rule: object = { maxClones: 3 }) {
    const fields = { perMemberLimit: 1000, cloneOnRedeem: rule };
    const classId = await world.couponClass(shop, fields);
    const claims = times(count, () => world.coupon(shop, classId, walletId));
    let waiting = true;
    const drained = (async () => {
      while (waiting) await drainLane(service.database, laneOf(classId));
    })();
    const coupons = await claims;
    waiting = false;
    await drained;
    return coupons;
  }
});

describe('the naive twin', () => {
  test('makes several clones for one redemption', async (context) => {
    let made = 0;
    for (let job = 0; job < JOBS; job++) {
      const couponId = await seedCoupon(scratch, '7.naive', 'wal_1');
      const id = (await redeemNaively(scratch, couponId)) ?? '';
      const outcomes = await times(10, () => cloneNaively(scratch, id));
      made += outcomes.filter(Boolean).length;
    }
    expect(made).toBeGreaterThan(JOBS);
    expect(await brokenIds(scratch.ask)).toContain('I6 one');
    twinFailed(context, 'C8', DELIVERED, `${made} clones`);
  });
});
