import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type NoticeStage, openNoticeStage } from '../support/notice-stage.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';

const CHILD = fileURLToPath(new URL('notice-child.ts', import.meta.url));
const WORKERS = 2;
const KILLS = 8;
const COUPONS_A_KILL = 150;

let stage: NoticeStage;
let receiver: Receiver;
const workers: ChildProcess[] = [];

beforeAll(async () => {
  stage = await openNoticeStage();
  receiver = await startReceiver();
  // Slow enough to be killed while it is at it.
  receiver.answers((response) => {
    setTimeout(() => response.writeHead(204).end(), 30);
  });
});
afterAll(async () => {
  for (const worker of workers) worker.kill('SIGKILL');
  await receiver.close();
  await stage.close();
});

async function startWorker(): Promise<void> {
  const child = spawn(process.execPath, ['--import', 'tsx', CHILD, stage.url], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  workers.push(child);
  await once(child.stdout as NonNullable<typeof child.stdout>, 'data');
}

async function kill(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

const dueCoupons = (classId: string, round: number) =>
  stage.sql(
    `insert into coupons (id, issuer_id, class_id, wallet_id, code, status, available_at,
                          expires_at, generation, lineage_id, notice_due_at)
     select 'cpn_' || $5 || '_' || n, $2, $1, $3, $5 || '_' || n, 'issued', now(),
            now() + interval '20 h', 0, 'cpn_' || $5 || '_' || n, now() - interval '1 s'
       from generate_series(1, $4::int) n`,
    [classId, stage.shop.issuerId, stage.shop.walletId, COUPONS_A_KILL, String(round)],
  );

test('every coupon has one notice and its receiver gets it, though workers are killed', async () => {
  await stage.endpoint(receiver.url);
  const classId = await stage.couponClass();
  await Promise.all(Array.from({ length: WORKERS }, startWorker));
  for (let round = 0; round < KILLS; round++) {
    await dueCoupons(classId, round);
    // Until they are at it, and then somewhere in the middle.
    const before = receiver.received.length;
    await expect.poll(() => receiver.received.length, { timeout: 20_000 }).toBeGreaterThan(before);
    await pause(Math.random() * 60);
    const [victim] = workers.splice(round % WORKERS, 1);
    if (victim !== undefined) await kill(victim);
    await startWorker();
  }
  const left = async () => {
    // What a dead worker has taken waits for a minute; the clock is moved on instead.
    await stage.sql(
      `update notice_deliveries set next_at = clock_timestamp()
        where delivered_at is null and attempts > 0 and next_at > clock_timestamp() + interval '5 s'`,
    );
    const [row] = await stage.sql<{ count: number }>(
      `select count(*)::int as count from notice_deliveries
        where delivered_at is null and channel = 'webhook'`,
    );
    const [due] = await stage.sql<{ count: number }>(
      'select count(*)::int as count from coupons where notice_due_at is not null',
    );
    return (row?.count ?? 0) + (due?.count ?? 0);
  };
  await expect.poll(left, { timeout: 60_000, interval: 500 }).toBe(0);
  await Promise.all(workers.map(kill));
  const coupons = KILLS * COUPONS_A_KILL;
  const [sums] = await stage.sql(
    `select count(*)::int as notices, count(distinct subject)::int as subjects from notices`,
  );
  expect(sums).toEqual({ notices: coupons, subjects: coupons });
  const told = await stage.sql<{ id: string }>('select id from notices order by id');
  const ids = receiver.received.map(({ headers }) => String(headers['webhook-id']));
  expect([...new Set(ids)].sort()).toEqual(told.map(({ id }) => id));
  const attempts = await stage.sql<{ attempts: number }>(
    'select attempts from notice_deliveries where attempts > 1',
  );
  console.log(`${KILLS} kills: ${coupons} notices, ${attempts.length} sent again after a kill`);
  expect(attempts.length).toBeGreaterThan(0);
}, 180_000);
