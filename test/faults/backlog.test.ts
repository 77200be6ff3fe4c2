import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { queueName } from '../../src/queue/jobs.ts';
import { oweClones } from '../support/backlog.ts';
import { effectsIn } from '../support/clone-stage.ts';
import { type Program, startProgram } from '../support/program.ts';
import { proven, sized, twinFailed } from '../support/proof.ts';
import { startTestService, type TestService } from '../support/service.ts';
import { claim, type Merchant, World } from '../support/world.ts';

const SHORT_BACKLOG = 1500;
const BACKLOG = sized(SHORT_BACKLOG, 100_000);
const NORMAL_MS = sized(3000, 20_000);
const CLAIMANTS = 4;
const LONGEST_MS = sized(300_000, 3_000_000);
/** Far above what a worker needs, and far below what it would if it kept a backlog in memory. */
const MOST_MEGABYTES = 512;

let service: TestService;
let world: World;
let shop: Merchant;
let cloning: string;
const children: Program[] = [];

beforeEach(async () => {
  service = await startTestService({ workers: false });
  world = new World(service);
  shop = await world.merchant();
  const fields = { stock: 10_000_000, perMemberLimit: 1_000_000, cloneOnRedeem: { maxClones: 3 } };
  cloning = await world.couponClass(shop, fields);
});
afterEach(async () => {
  for (const { process, ended } of children.splice(0)) {
    process.kill('SIGKILL');
    await ended;
  }
  await service?.stop();
});

function startWorking(kind: 'ours' | 'naive'): Program {
  const child = startProgram(['test/faults/backlog-child.ts', kind, service.databaseUrl], {});
  children.push(child);
  return child;
}

async function count(what: string, ...values: unknown[]): Promise<number> {
  const [row] = await service.sql<{ n: number }>(`select count(*)::int as n from ${what}`, values);
  return row?.n ?? 0;
}

const undone = () => count('outbox where done_at is null');
const waitingInQueue = () => count('bullmq.job where queue = $1', queueName['clones.make']);

/** What claimants saw while something else went on. */
interface Seen {
  readonly milliseconds: number[];
  readonly statuses: Set<number>;
}

async function claimMeanwhile(classId: string, work: () => Promise<void>): Promise<Seen> {
  const seen: Seen = { milliseconds: [], statuses: new Set() };
  const walletId = await world.wallet();
  let isOver = false;
  const claimants = Array.from({ length: CLAIMANTS }, async () => {
    while (!isOver) {
      const begun = performance.now();
      const { status } = await claim(shop.client, classId, { walletId });
      seen.milliseconds.push(performance.now() - begun);
      seen.statuses.add(status);
      await pause(20);
    }
  });
  await work().finally(() => {
    isOver = true;
  });
  await Promise.all(claimants);
  return seen;
}

function p99({ milliseconds }: Seen): string {
  const sorted = milliseconds.toSorted((a, b) => a - b);
  return `${Math.round(sorted[Math.floor(sorted.length * 0.99)] ?? 0)} ms`;
}

test(
  'a long backlog is worked off piece by piece, while claims go on',
  async (context) => {
    const fields = { stock: 10_000_000, perMemberLimit: 10_000_000 };
    const claimed = await world.couponClass(shop, fields);
    const before = startWorking('ours');
    await before.hasSaid(/needed/);
    const normal = await claimMeanwhile(claimed, () => pause(NORMAL_MS));
    before.process.kill('SIGKILL');
    await before.ended;
    await oweClones(service, shop, cloning, BACKLOG);

    const worker = startWorking('ours');
    await worker.hasSaid(/needed/);
    const begun = performance.now();
    const owed = await undone();
    let mostInQueue = 0;
    const during = await claimMeanwhile(claimed, async () => {
      while ((await undone()) > 0) {
        mostInQueue = Math.max(mostInQueue, await waitingInQueue());
        await pause(100);
      }
    });
    const rate = Math.round(owed / ((performance.now() - begun) / 1000));
    const megabytes = Number([...worker.said().matchAll(/needed (\d+) MB/g)].at(-1)?.[1]);

    const effects = await effectsIn(service.sql);
    expect(effects).toEqual({
      redemptions: BACKLOG,
      jobs: BACKLOG,
      clones: BACKLOG,
      lost: 0,
      doubled: 0,
    });
    expect([...during.statuses].filter((status) => ![201, 202, 429].includes(status))).toEqual([]);
    expect(mostInQueue).toBeLessThan(BACKLOG / 2);
    expect(megabytes).toBeLessThan(MOST_MEGABYTES);
    const figure = [
      `${effects.clones} done once, ${rate} a second`,
      `at most ${mostInQueue} in the queue`,
      `claim p99 ${p99(during)}, ${p99(normal)} without a backlog`,
      `${megabytes} MB`,
    ].join('; ');
    proven(context, 'D7', `${BACKLOG} owed jobs, ${CLAIMANTS} claimants`, figure);
  },
  LONGEST_MS,
);

test(
  'a relay that sends everything at once moves the backlog into the queue',
  async (context) => {
    await oweClones(service, shop, cloning, SHORT_BACKLOG);
    const worker = startWorking('naive');
    await worker.hasSaid(/needed/);
    const inQueue = await waitingInQueue();
    expect(inQueue).toBeGreaterThan(SHORT_BACKLOG / 2);
    twinFailed(context, 'D7', `${SHORT_BACKLOG} owed jobs`, `${inQueue} in the queue at once`);
  },
  LONGEST_MS,
);
