import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestService, type TestService } from '../../support/service.ts';
import { type Merchant, World } from '../../support/world.ts';

let service: TestService;
let world: World;
let shop: Merchant;

beforeAll(async () => {
  service = await startTestService({ workers: false });
  world = new World(service);
  shop = await world.merchant();
});
afterAll(() => service.stop());

interface Page {
  readonly items: readonly { readonly id: string }[];
  readonly nextCursor: string | null;
}

test('a store and its terminal are registered under their own ids', async () => {
  const { issuerId } = shop;
  const store = { id: 'harbour-street', issuerId, name: '港口店 Harbour Street' };
  const stored = await shop.client.post('/v1/stores', store);
  expect(stored).toMatchObject({ status: 201, body: store });
  const terminal = { id: 'till-1', issuerId, storeId: store.id, name: 'By the door' };
  const made = await shop.client.post('/v1/terminals', terminal);
  expect(made).toMatchObject({ status: 201, body: terminal });
});

test('or under ids that they are given', async () => {
  const { issuerId } = shop;
  const store = await shop.client.post<{ id: string }>('/v1/stores', { issuerId, name: 'S' });
  expect(store.body.id).toMatch(/^sto_[0-9a-z]{26}$/);
  const terminal = { issuerId, storeId: store.body.id, name: 'T' };
  const made = await shop.client.post<{ id: string }>('/v1/terminals', terminal);
  expect(made.body.id).toMatch(/^trm_[0-9a-z]{26}$/);
});

test('two issuers may use one name', async () => {
  const [one, other] = [await world.merchant(), await world.merchant()];
  for (const { client, issuerId } of [one, other]) {
    expect((await client.post('/v1/stores', { id: 'main', issuerId, name: 'M' })).status).toBe(201);
    const terminal = { id: 'till', issuerId, storeId: 'main', name: 'T' };
    expect((await client.post('/v1/terminals', terminal)).status).toBe(201);
  }
});

test.each(['stores', 'terminals'])('%s are listed in pages', async (kind) => {
  const { client, issuerId } = await world.merchant();
  const ids = ['a', 'b', 'c', 'd', 'e'];
  for (const id of ids) {
    await client.post('/v1/stores', { id, issuerId, name: id });
    await client.post('/v1/terminals', { id, issuerId, storeId: id, name: id });
  }
  const path = `/v1/${kind}?limit=2`;
  const first = (await client.get<Page>(path)).body;
  const second = (await client.get<Page>(`${path}&cursor=${first.nextCursor}`)).body;
  const third = (await client.get<Page>(`${path}&cursor=${second.nextCursor}`)).body;
  const pages = [first, second, third].map(({ items }) => items.map(({ id }) => id));
  expect(pages).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
  expect(third.nextCursor).toBeNull();
  const byRoot = await service.root.get<Page>(`/v1/${kind}?issuerId=${issuerId}`);
  expect(byRoot.body.items.map(({ id }) => id)).toEqual(ids);
});
