import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { joinedMember, stoodTap, tell } from '../../support/counter.ts';
import { startTestService, type TestService } from '../../support/service.ts';
import { type Client, told } from '../../support/service-client.ts';
import { type PairedTill, pairedTill, put } from '../../support/tills.ts';
import { type Merchant, World } from '../../support/world.ts';

let service: TestService;
let world: World;
let shop: Merchant;
let stranger: Merchant;
let till: PairedTill;
let other: PairedTill;
let tapId: string;
const at = '/v1/terminals/till-harbour';
const order = { id: 'bill', currency: 'CNY', totalMinor: 4800 };

beforeAll(async () => {
  service = await startTestService();
  world = new World(service);
  [shop, stranger] = [await world.merchant(), await world.merchant()];
  for (const store of ['harbour', 'other']) await world.store(shop, store);
  await world.store(stranger, 'harbour');
  till = await pairedTill(service, shop, 'till-harbour');
  other = await pairedTill(service, shop, 'till-other');
  const { walletId } = await joinedMember(service, world, shop, { name: 'Ana', number: 11 });
  tapId = await stoodTap(service, shop, 'till-harbour', walletId);
});
afterAll(() => service?.stop());

interface Asked {
  readonly name: string;
  send(client: Client): Promise<{ status: number; body: unknown }>;
}

const FOR_ALL: Asked[] = [
  { name: 'preflight', send: (client) => client.get(`${at}/preflight`) },
  { name: 'taps', send: (client) => client.get(`${at}/taps`) },
  { name: 'visitor', send: (client) => client.get(`${at}/visitors/${tapId}`) },
  { name: 'lookup', send: (client) => client.post(`${at}/lookup`, { query: '11' }) },
];
const FOR_TILLS: Asked[] = [
  { name: 'me', send: (client) => client.get('/v1/tills/me') },
  { name: 'listening', send: (client) => put(client, `${at}/listening`, { on: true }) },
  {
    name: 'display',
    send: (client) => client.post(`${at}/display`, { state: 'idle', language: 'en' }),
  },
];
const codes = async (asked: Asked[], client: Client) =>
  Promise.all(asked.map(async ({ send }) => told((await send(client)) as never)));
const every = (asked: Asked[], answer: string) => asked.map(() => answer);

describe('what a till asks is refused', () => {
  test('to a caller without a key and without a cookie', async () => {
    const all = [...FOR_ALL, ...FOR_TILLS];
    expect(await codes(all, service.nobody)).toEqual(every(all, '401 unauthenticated'));
  });

  test('to a key without the scope', async () => {
    const key = service.as(await world.keyFor(shop.issuerId, ['wallets:write', 'coupons:write']));
    expect(await codes(FOR_ALL, key)).toEqual(every(FOR_ALL, '403 forbidden'));
  });

  test('to a key, where only a till may ask', async () => {
    for (const client of [shop.client, service.root]) {
      expect(await codes(FOR_TILLS, client)).toEqual(every(FOR_TILLS, '403 not-a-till'));
    }
  });

  test('to another till of the same merchant, as what is not there', async () => {
    const [, ...atTerminal] = FOR_TILLS;
    const all = [...FOR_ALL, ...atTerminal];
    expect(await codes(all, other.client)).toEqual(every(all, '404 not-found'));
  });

  test('to another merchant, though its terminal has the same name', async () => {
    const named = `?issuerId=${shop.issuerId}`;
    for (const path of [`${at}/preflight${named}`, `${at}/taps${named}`]) {
      expect(told(await stranger.client.get(path))).toBe('404 not-found');
    }
    expect(told(await stranger.client.get(`${at}/visitors/${tapId}`))).toBe('404 not-found');
    expect((await stranger.client.get(`${at}/taps`)).body).toEqual({ items: [] });
    const { body } = await stranger.client.post(`${at}/lookup`, { query: '11' });
    expect(body).toEqual({ visitors: [], coupon: null });
  });
});

describe('coupons are not told', () => {
  const offers = async (walletId: string, client = till.client) =>
    told(await client.post(`${at}/offers`, { walletId, order }));

  test('of a wallet that is nobody’s here', async () => {
    const walletId = await world.wallet();
    expect(await offers(walletId)).toBe('404 not-found');
    expect(await offers(`wal_${'0'.repeat(26)}`)).toBe('404 not-found');
    await world.coupon(stranger, await world.couponClass(stranger), walletId);
    expect(await offers(walletId)).toBe('404 not-found');
    await tell(service, shop, 'till-harbour', { walletId });
    expect(await offers(walletId)).toBe('200');
    await service.sql(
      "update terminal_events set at = now() - interval '25 h' where wallet_id = $1",
      [walletId],
    );
    expect(await offers(walletId)).toBe('404 not-found');
  });

  test('at another till than the caller’s', async () => {
    const walletId = await world.wallet();
    await tell(service, shop, 'till-harbour', { walletId });
    expect(await offers(walletId, other.client)).toBe('404 not-found');
  });

  test('for an order that is none', async () => {
    const { walletId } = await world.newCoupon(shop);
    for (const wrong of [
      { walletId },
      { walletId, order: { ...order, totalMinor: -1 } },
      { walletId, order: { ...order, currency: 'XXQ' } },
      { walletId: 'wal_x', order },
      { walletId, order, collectorId: shop.collectorId },
    ]) {
      expect(told(await till.client.post(`${at}/offers`, wrong))).toBe('422 invalid-request');
    }
  });
});

test.each([
  [{}],
  [{ state: 'idle' }],
  [{ state: 'idle', language: 'ja' }],
  [{ state: 'idle', language: 'en', text: 'x'.repeat(3000) }],
  [{ state: 'recognised', language: 'en', name: 'Ana' }],
  [{ state: 'saving', language: 'en' }],
  [{ state: 'done', language: 'en', currency: 'CNY', totalMinor: 1, discountMinor: 0 }],
  [
    {
      state: 'done',
      language: 'en',
      currency: 'C',
      totalMinor: 1,
      discountMinor: 0,
      payableMinor: 1,
    },
  ],
])('a display shows no %j', async (state) => {
  expect(told(await till.client.post(`${at}/display`, state))).toBe('422 invalid-request');
});

test.each([[{}], [{ query: '' }], [{ query: 'x'.repeat(201) }], [{ query: 7 }]])(
  'nothing is looked for by %j',
  async (body) => {
    expect(told(await till.client.post(`${at}/lookup`, body))).toBe('422 invalid-request');
  },
);

test.each(['limit=0', 'limit=101', 'limit=x'])('no taps for %s', async (query) => {
  expect(told(await till.client.get(`${at}/taps?${query}`))).toBe('422 invalid-request');
});
