import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { joinedMember, stoodTap, tell } from '../support/counter.ts';
import { type EdgeWorker, startEdgeWorker } from '../support/edge-worker.ts';
import { type LineReader, openLine } from '../support/live-line.ts';
import { ORIGIN, ROOT_KEY, startTestService, type TestService } from '../support/service.ts';
import { clientOf, told } from '../support/service-client.ts';
import { type PairedTill, pairedTill, put, tillClient } from '../support/tills.ts';
import { type Merchant, World } from '../support/world.ts';

// The same line in workerd, where nobody can be called and a request has its own connection.
let node: TestService;
let edge: EdgeWorker;
let world: World;
let shop: Merchant;
let till: PairedTill;

beforeAll(async () => {
  node = await startTestService({ workers: false });
  edge = await startEdgeWorker({
    origin: ORIGIN,
    rootKey: ROOT_KEY,
    databaseUrl: node.databaseUrl,
    directly: true,
  });
  world = new World(node);
  shop = await world.merchant();
  await world.store(shop, 'harbour');
  till = await pairedTill(node, shop, 'till-harbour');
});
afterAll(async () => {
  await edge?.stop();
  await node?.stop();
});

const open = (after?: number) =>
  openLine(edge.url, 'till-harbour', {
    headers: { cookie: till.cookie },
    ...(after !== undefined && { after }),
  });
const numbers = (reader: LineReader) => reader.events().map(({ number }) => number);

const connections = async () => {
  const [row] = await node.sql<{ n: number }>(
    `select count(*)::int as n from pg_stat_activity
      where datname = current_database() and application_name = 'tapline-edge'`,
  );
  return row?.n ?? 0;
};

test('on workerd a line tells every event once and in order, also to who comes back', async () => {
  const { walletId } = await joinedMember(node, world, shop, { name: 'Ana', number: 11 });
  const first = await open();
  const told1 = [await tell(node, shop, 'till-harbour', { walletId })];
  await first.until(() => first.events().length === 1);
  expect(first.events()[0]?.visitor).toMatchObject({ name: 'Ana', number: '11' });
  first.close();
  for (let n = 0; n < 60; n++) told1.push(await tell(node, shop, 'till-harbour'));
  const second = await open(told1[0]);
  await second.until(() => second.events().length >= 60);
  told1.push(await tell(node, shop, 'till-harbour'));
  await second.until(() => second.events().length >= 61);
  expect([...numbers(first), ...numbers(second)]).toEqual(told1);
  await second.until(() => second.messages.some(({ event }) => event === 'beat'));
  second.close();
});

test('on workerd lines hold a connection only while they look, beside other requests', async () => {
  const readers = await Promise.all(Array.from({ length: 12 }, () => open()));
  const seen: number[] = [];
  const client = tillClient(edge.url, till.secret);
  for (let n = 0; n < 60; n++) {
    seen.push(await connections());
    if (n % 20 === 0) expect(told(await client.get('/v1/terminals/till-harbour'))).toBe('200');
    await pause(50);
  }
  // Lines that held one would hold twelve all the time.
  expect(Math.min(...seen)).toBeLessThan(readers.length / 2);
  const number = await tell(node, shop, 'till-harbour');
  for (const reader of readers) {
    await reader.until(() => reader.events().length === 1);
    expect(numbers(reader)).toEqual([number]);
    reader.close();
  }
  await expect.poll(connections, { timeout: 10_000 }).toBe(0);
});

test('on workerd a till asks all that it asks on Node', async () => {
  const at = '/v1/terminals/till-harbour';
  const client = tillClient(edge.url, till.secret);
  const member = await joinedMember(node, world, shop, { name: 'Bea', number: 12 });
  const tapId = await stoodTap(node, shop, 'till-harbour', member.walletId);
  const { walletId } = member;
  const order = { id: 'bill', currency: 'CNY', totalMinor: 4800 };
  const root = clientOf(edge.url, ROOT_KEY);
  const codes = `${at}/pairing-codes?issuerId=${shop.issuerId}`;
  const answers = [
    await client.get('/v1/tills/me'),
    await client.get(`${at}/preflight`),
    await client.get(`${at}/taps`),
    await client.get(`${at}/visitors/${tapId}`),
    await client.post(`${at}/offers`, { walletId, order }),
    await client.post(`${at}/lookup`, { query: 'bea' }),
    await client.post(`${at}/lookup`, { query: '12' }),
    await client.post(`${at}/lookup`, { query: member.passValue }),
    await client.post(`${at}/display`, { state: 'recognised', language: 'en', walletId }),
    await put(client, `${at}/listening`, { on: true }),
    await root.post(codes),
    await client.get(`${at}/tills`),
  ];
  expect(answers.map(({ status }) => status)).toEqual([
    ...[200, 200, 200, 200, 200, 200, 200, 200, 204, 200, 201, 200],
  ]);
  for (const { body } of answers.slice(5, 8)) {
    expect(body).toMatchObject({ visitors: [{ name: 'Bea', number: '12' }] });
  }
});

test('on workerd a line ends when its till is unpaired', async () => {
  const gone = await pairedTill(node, shop, 'till-harbour');
  const reader = await openLine(edge.url, 'till-harbour', { headers: { cookie: gone.cookie } });
  await shop.client.delete(`/v1/tills/${gone.id}`);
  const begun = performance.now();
  await reader.ended;
  expect(performance.now() - begun).toBeLessThan(5000);
});
