import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestService, type TestService } from '../../support/service.ts';
import { told } from '../../support/service-client.ts';
import { claim, type Fields, type Merchant, World } from '../../support/world.ts';

let service: TestService;
let world: World;
let shop: Merchant;
let walletId: string;
let classId: string;

beforeAll(async () => {
  service = await startTestService();
  world = new World(service);
  shop = await world.merchant();
  walletId = await world.wallet();
  classId = await world.couponClass(shop, { perMemberLimit: 100 });
});
afterAll(() => service.stop());

const REUSED = '422 idempotency-key-reused';

type Send = (key: string, body: Fields) => Promise<string>;

const wallet: Send = async (key, body) =>
  told(await shop.client.post('/v1/wallets', body, { 'Idempotency-Key': key }));
const claimed: Send = async (key, body) =>
  told(await claim(shop.client, classId, { walletId, ...body }, { 'Idempotency-Key': key }));

describe('a key that comes with another request', () => {
  test('with another body', async () => {
    const key = randomUUID();
    expect(await wallet(key, { displayName: 'Ana' })).toBe('201');
    const before = await service.everything();
    expect(await wallet(key, { displayName: 'Bo' })).toBe(REUSED);
    expect(await wallet(key, {})).toBe(REUSED);
    expect(await service.everything()).toEqual(before);
    expect(await wallet(key, { displayName: 'Ana' })).toBe('201');
  });

  test('with another body of a claim', async () => {
    const key = randomUUID();
    expect(await claimed(key, {})).toBe('201');
    expect(await claimed(key, { walletId: await world.wallet() })).toBe(REUSED);
    expect(await claimed(key, { tapId: `tap_${'0'.repeat(26)}` })).toBe(REUSED);
  });

  test('to another path, from a claim to a write and back', async () => {
    const [one, two] = [randomUUID(), randomUUID()];
    expect(await wallet(one, {})).toBe('201');
    expect(await claimed(one, {})).toBe(REUSED);
    expect(await claimed(two, {})).toBe('201');
    expect(await wallet(two, {})).toBe(REUSED);
  });

  test('to another class, the body being the same', async () => {
    const headers = { 'Idempotency-Key': randomUUID() };
    const other = await world.couponClass(shop);
    expect((await claim(shop.client, classId, { walletId }, headers)).status).toBe(201);
    expect(told(await claim(shop.client, other, { walletId }, headers))).toBe(REUSED);
  });

  test('with another method', async () => {
    const headers = { 'Idempotency-Key': randomUUID() };
    const path = `/v1/coupon-classes/${await world.couponClass(shop)}`;
    expect((await shop.client.patch(path, {}, headers)).status).toBe(200);
    expect(told(await shop.client.post(`${path}/void`, {}, headers))).toBe(REUSED);
  });

  test('after a refusal', async () => {
    const key = randomUUID();
    const headers = { 'Idempotency-Key': key };
    const draft = await world.couponClass(shop, { status: 'draft' });
    expect(told(await claim(shop.client, draft, { walletId }, headers))).toBe(
      '409 claim-not-started',
    );
    expect(await claimed(key, {})).toBe(REUSED);
  });

  test('at the same moment: one of two bodies is done, the other refused', async () => {
    for (let round = 0; round < 20; round++) {
      const key = randomUUID();
      const send = round % 2 === 0 ? wallet : claimed;
      const bodies: Fields[] =
        round % 2 === 0
          ? [{ displayName: 'Ana' }, { displayName: 'Bo' }]
          : [{}, { tapId: `tap_${'1'.repeat(26)}` }];
      const answers = await Promise.all(bodies.map((body) => send(key, body)));
      expect(answers.sort()).toEqual(['201', REUSED]);
    }
  });
});

describe('what is no key', () => {
  test.each([
    ['nothing', ''],
    ['256 characters', 'x'.repeat(256)],
    ['5000 characters', 'x'.repeat(5000)],
    ['a tab', 'a\tb'],
  ])('%s', async (_what, key) => {
    const before = await service.everything();
    const headers = { 'Idempotency-Key': key };
    const answer = await shop.client.post('/v1/wallets', {}, headers);
    expect(told(answer)).toBe('400 idempotency-key-invalid');
    expect(told(await claim(shop.client, classId, { walletId }, headers))).toBe(
      '400 idempotency-key-invalid',
    );
    expect(await service.everything()).toEqual(before);
  });
});

test('a request that is not allowed keeps no answer', async () => {
  const headers = { 'Idempotency-Key': randomUUID() };
  const reader = service.as(await world.keyFor(shop.issuerId, ['wallets:read']));
  expect(told(await reader.post('/v1/wallets', {}, headers))).toBe('403 forbidden');
  expect(told(await shop.client.post('/v1/wallets', {}, headers))).toBe('201');
});

test('something that is not there keeps no answer: it may come', async () => {
  const headers = { 'Idempotency-Key': randomUUID() };
  const id = `${shop.issuerId}.later`;
  expect(told(await claim(shop.client, id, { walletId }, headers))).toBe('404 not-found');
  await world.couponClass(shop, { id });
  expect(told(await claim(shop.client, id, { walletId }, headers))).toBe('201');
});
