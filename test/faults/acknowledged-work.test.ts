import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Line, type Operation, openHistory, operationsIn } from '../support/history.ts';
import { brokenInvariants } from '../support/invariants.ts';
import { runOn } from '../support/postgres.ts';
import { proven, sized, twinFailed } from '../support/proof.ts';
import { clientOf } from '../support/service-client.ts';
import { type Claim, type Coupon, expectStatus } from '../support/world.ts';
import { askOnce, type Counter, serveOneClient } from './counter-clients.ts';
import { dropCommitReplies, FAULTS, type Fault, inflict } from './crashes.ts';
import { type MortalStage, openMortalStage } from './mortal-stage.ts';

const CLIENTS = 10;
const STORM_MS = sized(15_000, 60_000);
const PEACE_MS = 500;
/** Besides the doubtful ones, how many requests are asked again at the end. */
const REPLAYS = sized(200, 2000);

let stage: MortalStage;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tapline-history-'));
  stage = await openMortalStage();
}, 120_000);
afterAll(async () => {
  await stage?.close();
  await rm(folder, { recursive: true, force: true });
});

interface Storm {
  readonly lines: readonly Line[];
  readonly classes: readonly string[];
  /** Of each fault that struck, the seconds until a request was granted again. */
  readonly recoveries: readonly { readonly name: string; readonly seconds: number }[];
}

/** Clients go on while one fault after the other strikes, each at least once. */
async function storm(
  name: string,
  faults: readonly Fault[],
  milliseconds: number,
  keyOfRetry: Counter['keyOfRetry'],
): Promise<Storm> {
  const classes = await stage.couponClasses(3);
  const history = openHistory(join(folder, `${name}.jsonl`));
  const counter = { ...stage, classes, history, keyOfRetry };
  let isOver = false;
  const recoveries: Storm['recoveries'][number][] = [];
  const strike = async () => {
    const end = Date.now() + milliseconds;
    for (let turn = 0; turn < faults.length || Date.now() < end; turn++) {
      await pause(PEACE_MS);
      const fault = faults[turn % faults.length] as Fault;
      recoveries.push({ name: fault.name, seconds: await inflict(fault, stage, history) });
    }
    isOver = true;
  };
  const clients = Array.from({ length: CLIENTS }, (_, n) =>
    serveOneClient(counter, n, () => isOver),
  );
  await Promise.all([strike(), ...clients]);
  return { lines: await history.read(), classes, recoveries };
}

/** What answers told of, beside what is in the database. */
interface Effects {
  readonly told: number;
  /** Told and not there; of what two answers told, one is missing. */
  readonly missing: readonly string[];
  /** There and told by no answer, though everything was asked until it was answered. */
  readonly doubled: readonly string[];
}

async function effectsOf({ lines, classes }: Storm): Promise<Effects> {
  const told = await idsToldIn(operationsIn(lines));
  const ours = `class_id in (${classes.map((id) => `'${id}'`).join()})`;
  const rows = await stage.sql<{ id: string }>(
    `select id from coupons where ${ours} and generation = 0
     union all select id from redemptions where ${ours}
     union all select reversal_id from redemptions where ${ours} and reversal_id is not null`,
  );
  const found = rows.map(({ id }) => id);
  return { told: told.length, missing: without(told, found), doubled: without(found, told) };
}

/** Those of a list that are not in the other, each as often as it is missing there. */
function without(list: readonly string[], other: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const id of other) left.set(id, (left.get(id) ?? 0) + 1);
  return list.filter((id) => {
    const count = left.get(id) ?? 0;
    left.set(id, count - 1);
    return count <= 0;
  });
}

/** What each grant made: a coupon, a redemption or a reversal. */
async function idsToldIn(operations: readonly Operation[]): Promise<string[]> {
  const told: string[] = [];
  const waiting: string[] = [];
  for (const { op, answer } of operations) {
    const { id, coupon } = JSON.parse(answer?.text ?? '{}') as { id: string; coupon?: Coupon };
    if (answer?.status === 202) waiting.push(id);
    if (answer?.status === 201) told.push(op === 'claim' ? (coupon?.id ?? id) : id);
  }
  // A claim that was told to wait is decided by now; one that is gone is told by its own id.
  const decided = await stage.sql<{ id: string; coupon_id: string }>(
    `select id, coupon_id from claims where id in (${["''", ...waiting.map((id) => `'${id}'`)].join()})`,
  );
  const couponOf = new Map(decided.map((row) => [row.id, row.coupon_id]));
  return [...told, ...waiting.map((id) => couponOf.get(id) ?? id)];
}

/** Does the work while a transaction of its own holds what that statement locks. */
async function whileLocked<T>(lock: string, work: () => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: stage.postgres.url });
  client.on('error', () => {});
  await client.connect();
  await client.query('begin');
  await client.query(lock);
  return work().finally(() => client.end().catch(() => {}));
}

const none = (statement: string) =>
  expect
    .poll(async () => (await stage.sql(statement)).length, { timeout: 90_000, interval: 200 })
    .toBe(0);
const claimsAreDecided = () => none(`select from claims where status = 'pending'`);
const jobsAreDone = () => none('select from outbox where done_at is null');

/** Those that are not answered again as they were the first time. */
async function changedReplays(operations: readonly Operation[]): Promise<string[]> {
  const changed: string[] = [];
  const asking = [...operations];
  const lane = async () => {
    for (let one = asking.pop(); one !== undefined; one = asking.pop()) {
      const { args, key, answer } = one;
      const again = await askOnce(stage, args.path, args.body, key);
      const same = { status: answer?.status, text: answer?.text, replayed: true };
      if (JSON.stringify(again) !== JSON.stringify(same)) changed.push(JSON.stringify(again));
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, lane));
  return changed;
}

/** Each fault with its slowest recovery. */
function slowestOf({ recoveries }: Storm): string {
  const slowest = new Map<string, number>();
  for (const { name, seconds } of recoveries) {
    slowest.set(name, Math.max(seconds, slowest.get(name) ?? 0));
  }
  return [...slowest].map(([name, seconds]) => `${seconds.toFixed(1)} s (${name})`).join(', ');
}

const statusOf = ({ outcome }: Line) => ('status' in outcome ? String(outcome.status) : 'lost');

test('what was acknowledged is there, once, whatever dies', async (context) => {
  const done = await storm('ours', FAULTS, STORM_MS, (key) => key);
  const operations = operationsIn(done.lines);
  const statuses = new Set(done.lines.map(statusOf));
  expect([...statuses].filter((status) => !['201', '202', '503', 'lost'].includes(status))).toEqual(
    [],
  );
  await claimsAreDecided();
  await jobsAreDone();

  const { told, missing, doubled } = await effectsOf(done);
  expect({ missing, doubled }).toEqual({ missing: [], doubled: [] });
  const doubtful = operations.filter((one) => one.doubtful);
  const resolved = doubtful.filter(({ answer }) => answer !== null);
  expect(resolved.length).toBe(doubtful.length);
  expect(doubtful.length).toBeGreaterThan(0);

  const settledAtOnce = operations.filter((one) => one.answer?.status === 201);
  const others = settledAtOnce.filter((one) => !one.doubtful).slice(-REPLAYS);
  const replayed = [...settledAtOnce.filter((one) => one.doubtful), ...others];
  expect(await changedReplays(replayed)).toEqual([]);
  expect(await brokenInvariants(stage.sql)).toEqual({});
  const figure = [
    `${told} acknowledged, ${missing.length} missing, ${doubled.length} doubled`,
    `${resolved.length} of ${doubtful.length} doubtful resolved`,
    `${replayed.length} replays the same`,
    `granted again after ${slowestOf(done)}`,
  ].join('; ');
  const faults = `${done.recoveries.length} faults under ${CLIENTS} clients, replies of COMMIT, connections, PostgreSQL and the service lost`;
  proven(context, 'C5', faults, figure);
}, 300_000);

test('a claim that was told to wait is there after a crash', async () => {
  const [classId = ''] = await stage.couponClasses(1);
  const [walletId] = stage.wallets;
  const path = `/v1/coupon-classes/${classId}/claims`;
  const key = randomUUID();
  const waiting = `select id from claims where class_id = '${classId}' and status = 'pending'`;
  const client = clientOf(stage.url(), stage.shop.apiKey);
  const ask = (prefer: string) =>
    client.post<Claim>(path, { walletId }, { 'Idempotency-Key': key, Prefer: prefer });
  // While its class is locked no worker decides it.
  const told = await whileLocked(
    `select from coupon_classes where id = '${classId}' for update`,
    async () => {
      const first = ask('wait=5').catch(() => null);
      await expect.poll(() => stage.sql(waiting), { timeout: 20_000 }).toHaveLength(1);
      const retry = expectStatus(await ask('respond-async'), 202);
      await stage.postgres.die('SIGQUIT');
      await first;
      return retry;
    },
  );
  await stage.startDatabase();
  expect(await stage.sql(`select id from claims where id = '${told.id}'`)).toHaveLength(1);
}, 120_000);

test('what is told by a commit that did not wait for the disk is not', async () => {
  let runs = 0;
  let kept: unknown[];
  do {
    runs += 1;
    // Others may commit in between, and bring this to the disk with theirs.
    const hasty = `${stage.postgres.url}&options=-c%20synchronous_commit=off`;
    const wallet = `insert into wallets (id, pairwise_secret) values ('wal_${runs}', 's')`;
    await runOn(hasty, wallet);
    await stage.postgres.die('SIGQUIT');
    await stage.startDatabase();
    kept = await stage.sql(`select from wallets where id = 'wal_${runs}'`);
  } while (kept.length > 0 && runs < 8);
  expect(kept).toEqual([]);
}, 120_000);

test('a client that asks again under another key does it twice', async (context) => {
  let runs = 0;
  let doubled: readonly string[];
  let told: number;
  do {
    runs += 1;
    const strikes = Array.from({ length: 6 }, () => dropCommitReplies);
    const done = await storm(`naive-${runs}`, strikes, 0, () => randomUUID());
    await claimsAreDecided();
    ({ told, doubled } = await effectsOf(done));
  } while (doubled.length === 0 && runs < 8);
  expect(doubled.length).toBeGreaterThan(0);
  twinFailed(
    context,
    'C5',
    'COMMIT replies dropped',
    `${told} acknowledged, ${doubled.length} doubled`,
  );
}, 300_000);
