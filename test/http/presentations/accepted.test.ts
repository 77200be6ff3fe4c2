import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestService, type TestService } from '../../support/service.ts';
import { type Merchant, tap, World } from '../../support/world.ts';

let service: TestService;
let world: World;
let shop: Merchant;

beforeAll(async () => {
  service = await startTestService({ workers: false });
  world = new World(service);
  shop = await world.merchant();
});
afterAll(() => service.stop());

const read = async (id: string) => (await service.root.get(`/v1/presentations/${id}`)).body;

test('a presentation is open for 60 seconds', async () => {
  const path = `/v1/wallets/${await world.wallet()}/presentations`;
  const { status, body } = await service.root.post<{ id: string; expiresAt: string }>(path, {
    screen: 'home',
  });
  expect(status).toBe(201);
  expect(body).toEqual({
    id: expect.stringMatching(/^prs_[0-9a-z]{26}$/),
    token: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
    expiresAt: expect.any(String),
  });
  const leftMs = Date.parse(body.expiresAt) - Date.now();
  expect(leftMs).toBeGreaterThan(55_000);
  expect(leftMs).toBeLessThanOrEqual(60_500);
  const { id, expiresAt } = body;
  expect(await read(id)).toEqual({ id, status: 'open', choices: [], expiresAt });
});

test('the keeper of a wallet presents it', async () => {
  const path = `/v1/wallets/${await world.wallet(shop.client)}/presentations`;
  expect((await shop.client.post(path, { screen: 'home' })).status).toBe(201);
});

test('a pass may be on the screen', async () => {
  const walletId = await world.wallet();
  const objectId = await world.pass(shop, await world.passClass(shop), walletId);
  const { id } = await world.present(walletId, { screen: 'pass', objectId });
  expect(await read(id)).toMatchObject({ status: 'open' });
});

test('a tap that finds nothing leaves it open for the next', async () => {
  const other = await world.merchant();
  const walletId = await world.wallet();
  await world.pass(shop, await world.passClass(shop), walletId);
  const { id, token } = await world.present(walletId);
  expect((await tap(service.nobody, other.terminal, token)).body.outcome).toBe('nothing');
  expect(await read(id)).toMatchObject({ status: 'open' });
  expect((await tap(service.nobody, shop.terminal, token)).body.outcome).toBe('transferred');
  expect(await read(id)).toMatchObject({ status: 'transferred' });
});

test('it is expired from its last instant on, and shows no choices then', async () => {
  const walletId = await world.wallet();
  const classId = await world.passClass(shop);
  await world.pass(shop, classId, walletId);
  await world.pass(shop, classId, walletId);
  const { id, token } = await world.present(walletId);
  expect((await tap(service.nobody, shop.terminal, token)).body.outcome).toBe('choose');
  expect(await read(id)).toMatchObject({ status: 'choose', choices: [{ classId }, { classId }] });
  await service.sql('update presentations set expires_at = clock_timestamp() where id = $1', [id]);
  expect(await read(id)).toMatchObject({ status: 'expired', choices: [] });
});

test('a pick gives it another 60 seconds', async () => {
  const walletId = await world.wallet();
  const classId = await world.passClass(shop);
  await world.pass(shop, classId, walletId);
  const objectId = await world.pass(shop, classId, walletId);
  const { id, token } = await world.present(walletId);
  await tap(service.nobody, shop.terminal, token);
  await service.sql(
    `update presentations set expires_at = clock_timestamp() + interval '5 s' where id = $1`,
    [id],
  );
  const picked = await service.root.post<{ expiresAt: string }>(
    `/v1/presentations/${id}/selection`,
    { objectId },
  );
  expect(Date.parse(picked.body.expiresAt) - Date.now()).toBeGreaterThan(55_000);
});
