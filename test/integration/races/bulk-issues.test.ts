import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { advanceBulkIssue, type StepOutcome } from '../../../src/bulk/advance.ts';
import { drainLane } from '../../../src/claims/drain.ts';
import { laneOf } from '../../../src/claims/model.ts';
import { logChannel } from '../../../src/notices/log-channel.ts';
import { openDatabase } from '../../../src/platform/database.node.ts';
import type { Database } from '../../../src/platform/database.ts';
import { silentLog } from '../../../src/platform/log.ts';
import { noMetrics } from '../../../src/platform/metrics.ts';
import { startWorkers } from '../../../workers/start.ts';
import { type BulkIssue, csvOf, finished, issueToFile, seedWallets } from '../../support/bulk.ts';
import { brokenInvariants } from '../../support/invariants.ts';
import { advanceNaively } from '../../support/naive/bulk.ts';
import { startTestService, type TestService } from '../../support/service.ts';
import { claimOutcome, expectStatus, type Merchant, World } from '../../support/world.ts';

let service: TestService;
let other: Database;
let world: World;
let shop: Merchant;
let classId: string;

beforeAll(async () => {
  service = await startTestService({ workers: false });
  other = openDatabase({ connectionString: service.databaseUrl, max: 8 });
  world = new World(service);
  shop = await world.merchant();
});
afterAll(async () => {
  await other?.close();
  await service?.stop();
});
beforeEach(async () => {
  // More than one a member, so that nothing but the job itself keeps to one.
  classId = await world.couponClass(shop, { stock: 100_000, perMemberLimit: 50 });
});

async function jobOf(count: number): Promise<BulkIssue> {
  const ids = await seedWallets(service, shop.issuerId, count);
  return expectStatus(await issueToFile(shop.client, classId, csvOf('walletId', ids)), 202);
}

const drain = () => drainLane(service.database, laneOf(classId));
const times = <T>(count: number, work: (n: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, n) => work(n)));

/** How many wallets have how many coupons, as `wallets × coupons`. */
async function spread(): Promise<string[]> {
  const rows = await service.sql<{ told: string }>(
    `select count(*) || ' × ' || n as told
       from (select count(*) as n from coupons where class_id = $1 group by wallet_id) w
      group by n order by n`,
    [classId],
  );
  return rows.map(({ told }) => told);
}

/** What the rows say that the job's own counters should say as well. */
async function counted(id: string): Promise<unknown> {
  const [row] = await service.sql(
    `select count(*) filter (where c.status = 'issued')::int as issued,
            count(*) filter (where i.refusal is not null)::int as refused,
            count(*) filter (where c.status = 'pending')::int as pending
       from bulk_issue_items i left join claims c on c.id = i.claim_id where i.bulk_id = $1`,
    [id],
  );
  return row;
}

async function settled(id: string): Promise<void> {
  await service.sql('update outbox set done_at = now() where done_at is null');
  const { issued, refused } = await finished(shop.client, id);
  expect(await counted(id)).toEqual({ issued, refused, pending: 0 });
  expect(await brokenInvariants(service.sql)).toEqual({});
}

describe('by ten at once, in two processes', () => {
  test('each step is done by one, and each wallet gets one coupon', async () => {
    const { id } = await jobOf(400);
    const kinds = new Map<StepOutcome['kind'], number>();
    for (;;) {
      const outcomes = await times(10, (n) =>
        advanceBulkIssue(n % 2 ? other : service.database, id, 20),
      );
      for (const { kind } of outcomes) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      const handedIn = outcomes.filter(({ kind }) => kind === 'handed-in');
      expect(handedIn.length).toBeLessThanOrEqual(1);
      if (outcomes.some(({ kind }) => kind === 'finished')) break;
      await drain();
    }
    expect(kinds.get('handed-in')).toBe(20);
    expect(kinds.get('finished')).toBe(1);
    expect(await spread()).toEqual(['400 × 1']);
    await settled(id);
  });

  test('while claims are decided at the same time', async () => {
    const { id } = await jobOf(400);
    let working = true;
    const draining = (async () => {
      while (working) await drain();
    })();
    await times(6, async (n) => {
      const database = n % 2 ? other : service.database;
      let outcome: StepOutcome;
      do outcome = await advanceBulkIssue(database, id, 25);
      while ((await shop.client.get<BulkIssue>(`/v1/bulk-issues/${id}`)).body.finishedAt === null);
      return outcome;
    });
    working = false;
    await draining;
    expect(await spread()).toEqual(['400 × 1']);
    await settled(id);
  });

  test('a step that is taken again when it was taken hands in nothing', async () => {
    const { id } = await jobOf(10);
    expect((await advanceBulkIssue(service.database, id)).kind).toBe('handed-in');
    expect((await advanceBulkIssue(other, id)).kind).toBe('waiting');
    await drain();
    expect((await advanceBulkIssue(other, id)).kind).toBe('finished');
    expect((await advanceBulkIssue(service.database, id)).kind).toBe('elsewhere');
    expect(await spread()).toEqual(['10 × 1']);
    await settled(id);
  });

  test('a cancellation in the middle lets what was handed in be counted, and no more', async () => {
    for (let round = 0; round < 5; round++) {
      const { id } = await jobOf(200);
      await advanceBulkIssue(service.database, id, 20);
      const [answer] = await Promise.all([
        shop.client.post<BulkIssue>(`/v1/bulk-issues/${id}/cancellation`),
        drain(),
        times(4, (n) => advanceBulkIssue(n % 2 ? other : service.database, id, 20)),
      ]);
      expect(answer.body.status).toBe('cancelled');
      while ((await shop.client.get<BulkIssue>(`/v1/bulk-issues/${id}`)).body.finishedAt === null) {
        await drain();
        await advanceBulkIssue(other, id, 20);
      }
      const { issued, status } = await finished(shop.client, id);
      expect(status).toBe('cancelled');
      expect([20, 40]).toContain(issued);
      await settled(id);
    }
  });

  test('the naive twin hands the same claims in several times', async () => {
    const { id } = await jobOf(400);
    await times(4, async (n) => {
      const database = n % 2 ? other : service.database;
      while ((await advanceNaively(database, id, 20)) !== null);
    });
    await drain();
    expect((await spread()).some((told) => !told.endsWith('× 1'))).toBe(true);
    await service.sql('update bulk_issues set issued = total, finished_at = now() where id = $1', [
      id,
    ]);
    await service.sql('update outbox set done_at = now() where done_at is null');
  });
});

describe('with workers', () => {
  const context = () => ({
    database: service.database,
    log: silentLog,
    metrics: noMetrics,
    channels: { log: logChannel(silentLog) },
  });

  test('never more than 500 of its claims wait, and others are served meanwhile', async () => {
    const { id } = await jobOf(2000);
    const workers = await startWorkers(context(), service.queuePlace);
    const busiest: number[] = [];
    const outcomes: string[] = [];
    const end = finished(shop.client, id);
    let working = true;
    void end.finally(() => {
      working = false;
    });
    while (working) {
      const [row] = await service.sql<{ n: number }>(
        `select count(*)::int as n from claims where status = 'pending' and class_id = $1`,
        [classId],
      );
      busiest.push(row?.n ?? 0);
      outcomes.push(await claimOutcome(shop.client, classId, { walletId: await world.wallet() }));
    }
    await workers.stop();
    expect(await end).toMatchObject({ status: 'done', issued: 2000 });
    expect(Math.max(...busiest)).toBeLessThanOrEqual(500);
    expect(new Set(outcomes)).toEqual(new Set(['201']));
    expect(await counted(id)).toEqual({ issued: 2000, refused: 0, pending: 0 });
  });

  test('a job is done though the queue is emptied all the time', async () => {
    const { id } = await jobOf(1500);
    const workers = await startWorkers(context(), service.queuePlace);
    let wiping = true;
    const wiper = (async () => {
      while (wiping) {
        for (const table of ['job', 'dedup', 'dedup_next']) {
          await service.sql(`delete from bullmq.${table}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    })();
    const end = await finished(shop.client, id).finally(() => {
      wiping = false;
    });
    await wiper;
    await workers.stop();
    expect(end).toMatchObject({ status: 'done', issued: 1500, refused: 0 });
    expect(await spread()).toEqual(['1500 × 1']);
  });

  test('workers that stop finish their turn and leave the rest to others', async () => {
    const { id } = await jobOf(3000);
    let turns = 0;
    let end: BulkIssue;
    do {
      const workers = await startWorkers(context(), service.queuePlace);
      await new Promise((resolve) => setTimeout(resolve, 600));
      const begun = Date.now();
      await workers.stop();
      expect(Date.now() - begun).toBeLessThan(5000);
      turns += 1;
      end = expectStatus(await shop.client.get<BulkIssue>(`/v1/bulk-issues/${id}`), 200);
    } while (end.finishedAt === null && turns < 60);
    expect(end).toMatchObject({ status: 'done', issued: 3000 });
    expect(await spread()).toEqual(['3000 × 1']);
  }, 90_000);
});
