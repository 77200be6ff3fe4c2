import { afterAll, beforeAll, expect, test } from 'vitest';
import { ORIGIN, startTestService, type TestService } from '../../support/service.ts';
import { told } from '../../support/service-client.ts';
import { pair, pairedTill, pairingCode, put } from '../../support/tills.ts';
import { expectStatus, type Merchant, World } from '../../support/world.ts';

let service: TestService;
let world: World;
let shop: Merchant;

beforeAll(async () => {
  service = await startTestService({ instances: 2, workers: false });
  world = new World(service);
  shop = await world.merchant();
  await world.store(shop, 'harbour');
});
afterAll(() => service?.stop());

interface Listed {
  readonly items: readonly { readonly id: string; readonly listening: boolean }[];
}

const listed = async () =>
  expectStatus(await shop.client.get<Listed>('/v1/terminals/till-harbour/tills'), 200).items;

test('a code of six digits pairs one browser, which is then a till of the terminal', async () => {
  const { code, expiresAt, url } = await pairingCode(shop, 'till-harbour');
  expect(code).toMatch(/^[0-9]{6}$/);
  expect(url).toBe(`${ORIGIN}/counter/pair#${code}`);
  const left = Date.parse(expiresAt) - Date.now();
  expect(left).toBeGreaterThan(590_000);
  expect(left).toBeLessThan(610_000);
  const paired = await pair(service, code);
  const place = { issuerId: shop.issuerId, storeId: 'harbour', terminalId: 'till-harbour' };
  expect(paired).toMatchObject({ ok: true, till: { kind: 'till', ...place } });
  expect(await pair(service, code)).toEqual({ ok: false, refusal: 'pairing-code-wrong' });
  expect(await listed()).toHaveLength(1);
});

test('another code for the terminal takes the place of the one before', async () => {
  const first = await pairingCode(shop, 'till-harbour');
  const second = await pairingCode(shop, 'till-harbour');
  expect(await pair(service, first.code)).toMatchObject({ refusal: 'pairing-code-wrong' });
  expect(await pair(service, second.code)).toMatchObject({ ok: true });
});

test('root makes a code for the terminal of an issuer that it names', async () => {
  const path = '/v1/terminals/till-harbour/pairing-codes';
  const made = await service.root.post(`${path}?issuerId=${shop.issuerId}`);
  expect(made.status).toBe(201);
  expect(told(await service.root.post(path))).toBe('422 invalid-request');
});

test('a till is known by its cookie, and refused within 5 seconds once it is unpaired', async () => {
  const till = await pairedTill(service, shop, 'till-harbour');
  const mine = '/v1/terminals/till-harbour';
  expect((await till.client.get(mine)).status).toBe(200);
  expect((await shop.client.delete(`/v1/tills/${till.id}`)).status).toBe(204);
  const begun = performance.now();
  while ((await till.client.get(mine)).status === 200) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(performance.now() - begun).toBeLessThan(5000);
  expect(told(await till.client.get(mine))).toBe('401 unauthenticated');
  expect(told(await shop.client.delete(`/v1/tills/${till.id}`))).toBe('404 not-found');
  expect((await listed()).map(({ id }) => id)).not.toContain(till.id);
});

test('each till remembers whether it recognises members', async () => {
  const [one, other] = [
    await pairedTill(service, shop, 'till-harbour'),
    await pairedTill(service, shop, 'till-harbour'),
  ];
  const path = '/v1/terminals/till-harbour/listening';
  expect(expectStatus(await put(one.client, path, { on: true }), 200)).toEqual({ on: true });
  const states = new Map((await listed()).map(({ id, listening }) => [id, listening]));
  expect([states.get(one.id), states.get(other.id)]).toEqual([true, false]);
  expect(expectStatus(await put(one.client, path, { on: false }), 200)).toEqual({ on: false });
});

test('a store and a terminal are read and renamed, and a terminal moves', async () => {
  const { issuerId, client } = await world.merchant();
  for (const id of ['north', 'south']) await client.post('/v1/stores', { id, issuerId, name: id });
  const till = { id: 'till-1', issuerId, storeId: 'north', name: 'By the door' };
  await client.post('/v1/terminals', till);
  const store = { id: 'north', issuerId, name: 'Nordkai 北店' };
  expect((await client.patch('/v1/stores/north', { name: store.name })).body).toEqual(store);
  expect((await client.get('/v1/stores/north')).body).toEqual(store);
  const moved = { ...till, storeId: 'south' };
  expect((await client.patch('/v1/terminals/till-1', { storeId: 'south' })).body).toEqual(moved);
  expect((await client.get('/v1/terminals/till-1')).body).toEqual(moved);
  const renamed = await client.patch('/v1/terminals/till-1', { name: 'Kasse' });
  expect(renamed.body).toEqual({ ...moved, name: 'Kasse' });
});
