import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type BulkIssue, csvOf, finished, issueToFile, seedWallets } from '../support/bulk.ts';
import { brokenInvariants } from '../support/invariants.ts';
import { type Program, startProgram } from '../support/program.ts';
import { startTestService, type TestService } from '../support/service.ts';
import { expectStatus, type Merchant, World } from '../support/world.ts';

const KILLS = 5;

let service: TestService;
let shop: Merchant;
let classId: string;

beforeEach(async () => {
  service = await startTestService({ workers: false });
  const world = new World(service);
  shop = await world.merchant();
  // More than one a member, so that nothing but the job itself keeps to one.
  classId = await world.couponClass(shop, { stock: 100_000, perMemberLimit: 50 });
});
afterEach(() => service.stop());

async function jobOf(wallets: number): Promise<BulkIssue> {
  const ids = await seedWallets(service, shop.issuerId, wallets);
  return expectStatus(await issueToFile(shop.client, classId, csvOf('walletId', ids)), 202);
}

async function position(id: string): Promise<number> {
  const [row] = await service.sql<{ position: number }>(
    'select position from bulk_issues where id = $1',
    [id],
  );
  return row?.position ?? -1;
}

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

describe('a process that takes small steps and is killed', () => {
  const WALLETS = 2000;

  /** Kills one after the other in the middle of its work, then lets one come to the end. */
  async function runUnderKills(kind: 'ours' | 'naive', id: string): Promise<void> {
    const start = () =>
      startProgram(['test/faults/bulk-child.ts', kind, service.databaseUrl, id], {});
    for (let kill = 0; kill < KILLS; kill++) {
      const child = start();
      await child.hasSaid(/step/);
      await pause(Math.random() * 300);
      child.process.kill('SIGKILL');
      await child.ended;
    }
    expect(await position(id)).toBeLessThan(WALLETS);
    await start().hasSaid(/finished/);
  }

  test('leaves each wallet exactly one coupon', async () => {
    const { id } = await jobOf(WALLETS);
    await runUnderKills('ours', id);
    expect(await spread()).toEqual([`${WALLETS} × 1`]);
    const end = await finished(shop.client, id);
    expect(end).toMatchObject({ status: 'done', issued: WALLETS, refused: 0 });
    await service.sql('update outbox set done_at = now()');
    expect(await brokenInvariants(service.sql)).toEqual({});
  }, 120_000);

  test('gives some two when it notes afterwards how far it has come', async () => {
    let runs = 0;
    do {
      runs += 1;
      const { id } = await jobOf(WALLETS);
      await runUnderKills('naive', id);
    } while ((await spread()).length === 1 && runs < 4);
    console.log(`naive, run ${runs}: ${(await spread()).join(', ')}`);
    expect((await spread()).length).toBeGreaterThan(1);
  }, 240_000);
});

describe('two worker processes of which one is killed again and again', () => {
  const WALLETS = 3000;

  test('leave each wallet exactly one coupon', async () => {
    const env = { DATABASE_URL: service.databaseUrl };
    const startWorker = () => startProgram(['workers/main.ts'], env);
    const { id } = await jobOf(WALLETS);
    const workers: Program[] = [startWorker(), startWorker()];
    const killedAt: number[] = [];
    for (let kill = 0; kill < KILLS; kill++) {
      const goal = ((kill + Math.random()) * WALLETS) / (KILLS + 1);
      while ((await position(id)) <= goal) await pause(5);
      await pause(Math.random() * 50);
      const [victim] = workers.splice(Math.random() < 0.5 ? 0 : 1, 1, startWorker());
      victim?.process.kill('SIGKILL');
      killedAt.push(await position(id));
      await victim?.ended;
    }
    const begun = Date.now();
    const end = await finished(shop.client, id);
    console.log(`killed at ${killedAt.join(', ')}; done ${Date.now() - begun} ms later`);
    for (const { process } of workers) process.kill('SIGKILL');
    await Promise.all(workers.map(({ ended }) => ended));
    expect(Math.max(...killedAt)).toBeLessThan(WALLETS);
    expect(end).toMatchObject({ status: 'done', issued: WALLETS, refused: 0 });
    expect(await spread()).toEqual([`${WALLETS} × 1`]);
    expect(await brokenInvariants(service.sql)).toEqual({});
  }, 180_000);
});
