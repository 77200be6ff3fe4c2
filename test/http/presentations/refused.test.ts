import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestService, type TestService } from '../../support/service.ts';
import { type Problem, told } from '../../support/service-client.ts';
import { type Fields, type Merchant, tap, World } from '../../support/world.ts';

let service: TestService;
let world: World;
let shop: Merchant;
let walletId: string;
let classId: string;
let objectId: string;

beforeAll(async () => {
  service = await startTestService({ workers: false });
  world = new World(service);
  shop = await world.merchant();
  walletId = await world.wallet();
  classId = await world.passClass(shop);
  objectId = await world.pass(shop, classId, walletId);
  await world.pass(shop, classId, walletId);
});
afterAll(() => service.stop());

const present = (body: Fields, holder = walletId) =>
  service.root.post<Problem>(`/v1/wallets/${holder}/presentations`, body);
const select = (id: string, picked: unknown = objectId) =>
  service.root.post<Problem>(`/v1/presentations/${id}/selection`, { objectId: picked });

/** A presentation at which a tap has found two passes. */
async function choosing() {
  const presentation = await world.present(walletId);
  const { body } = await tap(service.nobody, shop.terminal, presentation.token);
  expect(body.outcome).toBe('choose');
  return presentation;
}

test.each<[Fields, pointer: string]>([
  [{}, '/screen'],
  [{ screen: 'lock' }, '/screen'],
  [{ screen: 'home', objectId: '1.a' }, '/objectId'],
  [{ screen: 'pass' }, '/objectId'],
  [{ screen: 'pass', objectId: 'x' }, '/objectId'],
])('a screen of %j', async (body, pointer) => {
  const answer = await present(body);
  expect(told(answer)).toBe('422 invalid-request');
  expect(answer.body.errors?.[0]?.pointer).toBe(pointer);
});

test('a screen with a pass that the wallet does not hold', async () => {
  expect(told(await present({ screen: 'pass', objectId: `${shop.issuerId}.none` }))).toBe(
    '404 not-found',
  );
  const empty = await world.wallet();
  expect(told(await present({ screen: 'pass', objectId }, empty))).toBe('404 not-found');
});

test('a wallet of the platform is presented by the platform alone', async () => {
  const path = `/v1/wallets/${walletId}/presentations`;
  expect(told(await shop.client.post(path, { screen: 'home' }))).toBe('404 not-found');
  const { id } = await world.present(walletId);
  expect(told(await shop.client.get(`/v1/presentations/${id}`))).toBe('404 not-found');
  const picked = await shop.client.post(`/v1/presentations/${id}/selection`, { objectId });
  expect(told(picked)).toBe('404 not-found');
});

describe('a pick', () => {
  test('before a tap has offered anything', async () => {
    const { id } = await world.present(walletId);
    expect(told(await select(id))).toBe('409 selection-not-offered');
  });

  test('of what was not offered', async () => {
    const { id } = await choosing();
    const closed = await world.passClass(shop, { redemptionIssuers: [] });
    const unlisted = await world.pass(shop, closed, walletId);
    expect(told(await select(id, unlisted))).toBe('409 selection-not-offered');
    expect(told(await select(id))).toBe('200');
  });

  test('a second time', async () => {
    const { id } = await choosing();
    expect((await select(id)).status).toBe(200);
    expect(told(await select(id))).toBe('409 selection-not-offered');
  });

  test('after the hand-over', async () => {
    const { id, token } = await choosing();
    await select(id);
    await tap(service.nobody, shop.terminal, token);
    expect(told(await select(id))).toBe('410 presentation-expired');
  });

  test('after its time', async () => {
    const { id } = await choosing();
    await service.sql('update presentations set expires_at = clock_timestamp() where id = $1', [
      id,
    ]);
    expect(told(await select(id))).toBe('410 presentation-expired');
  });

  test('of no pass at all', async () => {
    const { id } = await choosing();
    for (const picked of [null, 7, 'x', '']) {
      expect(told(await select(id, picked))).toBe('422 invalid-request');
    }
  });

  test('by 20 fingers at once is one', async () => {
    const { id } = await choosing();
    const answers = await Promise.all(Array.from({ length: 20 }, () => select(id)));
    const count = (what: string) => answers.filter((answer) => told(answer) === what).length;
    expect([count('200'), count('409 selection-not-offered')]).toEqual([1, 19]);
  });
});

test.each(['prs_x', `prs_${'0'.repeat(26)}`, '7'])('there is no presentation %s', async (id) => {
  expect(told(await service.root.get(`/v1/presentations/${id}`))).toBe('404 not-found');
  expect(told(await select(id))).toBe('404 not-found');
});
