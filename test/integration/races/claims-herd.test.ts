import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import {
  crowd,
  type HerdSize,
  issuedOf,
  memberOf,
  openingClass,
  stampede,
  toldOf,
} from '../../support/herd.ts';
import { type Ask, brokenIds, brokenInvariants } from '../../support/invariants.ts';
import { claimNaively } from '../../support/naive/claims.ts';
import { openScratch, type Scratch, seedCampaign } from '../../support/naive/scratch.ts';
import { runOn } from '../../support/postgres.ts';
import { proven, sized, twinFailed } from '../../support/proof.ts';
import { ORIGIN, ROOT_KEY } from '../../support/service.ts';
import { type Client, clientOf } from '../../support/service-client.ts';
import { type ServiceProcess, startServiceProcess } from '../../support/service-process.ts';
import { expectStatus, World } from '../../support/world.ts';

// C1: a herd before a campaign that opens while it waits, against two processes with API and
// workers each.
const HERD: HerdSize = {
  members: sized(100, 400),
  claims: sized(600, 4000),
  stock: sized(120, 500),
  limit: 3,
  connections: 64,
};
const FAULTS = `${HERD.claims} claims of ${HERD.members} members over ${HERD.connections} connections, stock ${HERD.stock}, limit ${HERD.limit}`;

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

test('exactly the stock goes, none beyond it, none left, nobody above the limit', async (context) => {
  const world = new World({ root: as(ROOT_KEY), as });
  const shop = await world.merchant();
  const wallets = await Promise.all(Array.from({ length: HERD.members }, () => world.wallet()));
  const classId = await openingClass(world, shop, sql, { ...HERD, seconds: 3 });
  const client = (task: number) => as(shop.apiKey, task % processes.length);
  const { outcomes, early } = await stampede(classId, HERD, wallets, client);
  expect(early).toBeGreaterThan(0);
  expect(outcomes['201']).toBe(HERD.stock);
  const kinds = ['201', '409 member-limit-reached', '409 sold-out'];
  expect(Object.keys(outcomes).sort()).toEqual(kinds);
  const issued = await issuedOf(sql, classId);
  expect(issued).toEqual({ issued: HERD.stock, overStock: 0, overLimit: 0 });
  expect(await brokenInvariants(sql)).toEqual({});
  const shown = await shop.client.get(`/v1/coupon-classes/${classId}`);
  const stats = { stock: HERD.stock, stats: { claimed: HERD.stock } };
  expect(expectStatus(shown, 200)).toMatchObject(stats);
  const faults = `${FAULTS}, ${processes.length} processes, ${early} times before it opened`;
  proven(context, 'C1', faults, toldOf(issued, HERD.stock));
});

test('the naive twin gives more than the stock and more than the limit', async (context) => {
  const wallets = Array.from({ length: HERD.members }, (_, n) => `wal_${n}`);
  const broken = new Set<string>();
  let figure = '';
  for (let round = 0; round < 10 && !(broken.has('I1') && broken.has('I2')); round++) {
    const classId = `7.herd-${round}`;
    const { stock, limit: perMemberLimit } = HERD;
    await seedCampaign(scratch, { id: classId, stock, perMemberLimit, wallets });
    await crowd(HERD, async (task) => {
      const walletId = wallets[memberOf(task, HERD)] ?? '';
      await claimNaively(scratch, { classId, walletId }, () => new Date());
    });
    for (const id of await brokenIds(scratch.ask)) broken.add(id);
    figure = toldOf(await issuedOf(scratch.ask, classId), stock);
  }
  expect([...broken]).toEqual(expect.arrayContaining(['I1', 'I2', 'I3 classes']));
  twinFailed(context, 'C1', 'the same herd', figure);
});
