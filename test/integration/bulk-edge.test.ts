import { get } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { csvOf, finished, issueToFile, seedWallets } from '../support/bulk.ts';
import { type EdgeWorker, startEdgeWorker } from '../support/edge-worker.ts';
import { ORIGIN, ROOT_KEY, startTestService, type TestService } from '../support/service.ts';
import { clientOf, told } from '../support/service-client.ts';
import { expectStatus, type Merchant, World } from '../support/world.ts';

// The API runs in workerd; beside it, on Node, run the workers on the same PostgreSQL.
let node: TestService;
let edge: EdgeWorker;
let shop: Merchant;
let classId: string;
let wallets: string[];

beforeAll(async () => {
  node = await startTestService();
  edge = await startEdgeWorker({
    origin: ORIGIN,
    rootKey: ROOT_KEY,
    databaseUrl: node.databaseUrl,
  });
  const as = (key: string | null) => clientOf(edge.url, key);
  const world = new World({ root: as(ROOT_KEY), as });
  shop = await world.merchant();
  classId = await world.couponClass(shop, { stock: 5000 });
  wallets = await seedWallets(node, shop.issuerId, 2500);
});
afterAll(async () => {
  await edge?.stop();
  await node?.stop();
});

const file = () => csvOf('walletId', wallets);
const lines = (text: string) => text.split('\r\n').slice(1, -1);

test('on workerd a file is taken as it comes, once under its key', async () => {
  const key = { 'Idempotency-Key': 'at the edge' };
  const body = () => new Blob([file()]).stream();
  const first = await issueToFile(shop.client, classId, body(), key);
  expect(expectStatus(first, 202)).toMatchObject({ total: 2500 });
  const again = await issueToFile(shop.client, classId, body(), key);
  expect([again.status, again.text]).toEqual([202, first.text]);
  const wrong = await issueToFile(shop.client, classId, `${file()}x,y\n`);
  expect(wrong.body).toMatchObject({ errors: [{ pointer: '/lines/2502' }] });
  const end = await finished(shop.client, first.body.id);
  expect(end).toMatchObject({ status: 'done', issued: 2500, refused: 0 });
});

test('on workerd an export goes on after its answer has begun, beside other requests', async () => {
  const path = `/v1/coupon-classes/${classId}`;
  const exported = async (name: string) => {
    const answer = await shop.client.get(`${path}/${name}`);
    expectStatus(answer, 200);
    return lines(answer.text).map((line) => line.split(',')[1]);
  };
  const answers = await Promise.all([
    exported('coupons.csv'),
    exported('claims.csv'),
    exported('coupons.csv'),
    ...Array.from({ length: 10 }, async () => told(await shop.client.get(path))),
  ]);
  for (const ids of answers.slice(0, 3)) expect([...ids].sort()).toEqual([...wallets].sort());
  expect(answers.slice(3)).toEqual(Array.from({ length: 10 }, () => '200'));
});

test('on workerd an export whose reader goes leaves no connection behind', async () => {
  const url = `${edge.url}/v1/coupon-classes/${classId}/coupons.csv`;
  const headers = { authorization: `Bearer ${shop.apiKey}` };
  await Promise.all(
    Array.from(
      { length: 5 },
      () =>
        new Promise<void>((resolve) => {
          get(url, { headers }, (response) => {
            response.once('data', () => {
              response.destroy();
              resolve();
            });
          });
        }),
    ),
  );
  const open = () =>
    node.sql(`select from pg_stat_activity where datname = current_database()
                and application_name = 'tapline-edge' and state <> 'idle'`);
  await expect.poll(async () => (await open()).length, { timeout: 10_000 }).toBe(0);
  expect(told(await shop.client.get(`/v1/coupon-classes/${classId}`))).toBe('200');
});
