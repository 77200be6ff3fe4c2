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
import { type Ask, brokenInvariants } from '../../support/invariants.ts';
import { claimNaively } from '../../support/naive/claims.ts';
import { openScratch, type Scratch, seedCampaign } from '../../support/naive/scratch.ts';
import { runOn } from '../../support/postgres.ts';
import { proven, sized, twinFailed } from '../../support/proof.ts';
import { ORIGIN, ROOT_KEY } from '../../support/service.ts';
import { type Client, clientOf } from '../../support/service-client.ts';
import { type ServiceProcess, startServiceProcess } from '../../support/service-process.ts';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';
import { World } from '../../support/world.ts';

// C2 over HTTP: between reading and writing lies time enough for everybody else.
const DELAY_MS = 100;
const HERD: HerdSize = {
  members: sized(20, 100),
  claims: sized(120, 1000),
  stock: sized(24, 120),
  limit: 3,
  connections: 64,
};
const FAULTS = `${HERD.claims} claims of ${HERD.members} members, every message to and from PostgreSQL ${DELAY_MS} ms late`;

let database: TestDatabase;
let sql: Ask;
const proxies: TcpProxy[] = [];
let processes: ServiceProcess[] = [];
let scratch: Scratch;

async function byProxy(url: string): Promise<string> {
  const proxy = await startTcpProxy(url);
  proxies.push(proxy);
  return proxy.url;
}

beforeAll(async () => {
  database = await createTestDatabase();
  sql = (statement) => runOn(database.url, statement);
  const env = {
    DATABASE_URL: await byProxy(database.url),
    PUBLIC_ORIGIN: ORIGIN,
    TAPLINE_ROOT_KEY: ROOT_KEY,
  };
  processes = await Promise.all([startServiceProcess(env), startServiceProcess(env)]);
});
beforeAll(async () => {
  scratch = await openScratch(byProxy);
});
afterAll(async () => {
  await Promise.all(processes.map((process) => process.stop()));
  await scratch?.close();
  await Promise.all(proxies.map((proxy) => proxy.close()));
  await database?.drop();
});

const delayAll = () => {
  for (const proxy of proxies) proxy.delay(DELAY_MS);
};
const as = (key: string | null, n = 0): Client => clientOf(processes[n]?.url ?? '', key);

test('a herd gets exactly the stock when every answer of the database is late', async (context) => {
  const world = new World({ root: as(ROOT_KEY), as });
  const shop = await world.merchant();
  const wallets = await Promise.all(Array.from({ length: HERD.members }, () => world.wallet()));
  const classId = await openingClass(world, shop, sql, { ...HERD, seconds: 0 });
  delayAll();
  const client = (task: number) => as(shop.apiKey, task % processes.length);
  const { outcomes } = await stampede(classId, HERD, wallets, client);
  const kinds = ['201', '409 member-limit-reached', '409 sold-out'];
  expect(Object.keys(outcomes).filter((kind) => !kinds.includes(kind))).toEqual([]);
  const issued = await issuedOf(sql, classId);
  expect(issued).toEqual({ issued: HERD.stock, overStock: 0, overLimit: 0 });
  expect(outcomes['201']).toBe(HERD.stock);
  expect(await brokenInvariants(sql)).toEqual({});
  proven(context, 'C2', `${FAULTS}, ${processes.length} processes`, toldOf(issued, HERD.stock));
});

test('the naive twin gives everybody one, whatever the stock and the limit', async (context) => {
  // Each holds the row of the class while it waits for its answers, so few are enough.
  const herd: HerdSize = { members: 2, claims: 4, stock: 1, limit: 1, connections: 4 };
  const classId = '7.delayed';
  const wallets = Array.from({ length: herd.members }, (_, n) => `wal_${n}`);
  const { stock, limit: perMemberLimit } = herd;
  await seedCampaign(scratch, { id: classId, stock, perMemberLimit, wallets });
  delayAll();
  await crowd(herd, async (task) => {
    const walletId = wallets[memberOf(task, herd)] ?? '';
    await claimNaively(scratch, { classId, walletId }, () => new Date());
  });
  const issued = await issuedOf(scratch.ask, classId);
  expect(issued.overStock).toBeGreaterThan(0);
  expect(issued.overLimit).toBeGreaterThan(0);
  const faults = `${herd.claims} claims of ${herd.members} members, as late`;
  twinFailed(context, 'C2', faults, toldOf(issued, stock));
});
