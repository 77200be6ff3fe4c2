import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { forgetOldKeys } from '../../../src/idempotency/store.ts';
import { startTestService, type TestService } from '../../support/service.ts';
import { type Answer, told } from '../../support/service-client.ts';
import {
  claim,
  type Fields,
  type Merchant,
  redeem,
  redemption,
  tap,
  World,
} from '../../support/world.ts';

let service: TestService;
let world: World;
let shop: Merchant;

beforeAll(async () => {
  service = await startTestService({ instances: 2 });
  world = new World(service);
  shop = await world.merchant();
});
afterAll(() => service.stop());

interface Request {
  readonly method: string;
  readonly path: string;
  readonly body?: Fields;
  readonly as?: 'root';
}

function send({ method, path, body, as }: Request, key: string, instance = 0, more: Fields = {}) {
  const client = service.as(as === 'root' ? 'root-key-of-the-tests' : shop.apiKey, instance);
  const headers = { 'Idempotency-Key': key, 'Content-Type': 'application/json', ...more };
  return client.send(method, path, {
    headers: headers as Record<string, string>,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

const post = (path: string, body?: Fields): Request => ({
  method: 'POST',
  path,
  ...(body !== undefined && { body }),
});

const newCoupon = (fields?: Fields) => world.newCoupon(shop, fields);

async function choosing() {
  const walletId = await world.wallet();
  const classId = await world.passClass(shop);
  await world.pass(shop, classId, walletId);
  const objectId = await world.pass(shop, classId, walletId);
  const { id, token } = await world.present(walletId);
  await tap(service.nobody, shop.terminal, token);
  return { id, objectId };
}

const WRITES: readonly (readonly [what: string, status: string, make: () => Promise<Request>])[] = [
  ['a wallet', '201', async () => post('/v1/wallets', { displayName: 'Ana' })],
  [
    'a presentation',
    '201',
    async () => ({
      ...post(`/v1/wallets/${await world.wallet()}/presentations`, { screen: 'home' }),
      as: 'root' as const,
    }),
  ],
  [
    'a pick',
    '200',
    async () => {
      const { id, objectId } = await choosing();
      const request = post(`/v1/presentations/${id}/selection`, { objectId });
      return { ...request, as: 'root' as const };
    },
  ],
  ['a coupon class', '201', async () => post('/v1/coupon-classes', world.couponClassBody(shop))],
  [
    'a change',
    '200',
    async () => {
      const path = `/v1/coupon-classes/${await world.couponClass(shop)}`;
      return { method: 'PATCH', path, body: { name: 'Changed' } };
    },
  ],
  [
    'more stock',
    '200',
    async () => post(`/v1/coupon-classes/${await world.couponClass(shop)}/stock`, { add: 7 }),
  ],
  ['a void', '200', async () => post(`/v1/coupon-classes/${await world.couponClass(shop)}/void`)],
  [
    'a claim',
    '201',
    async () => {
      const path = `/v1/coupon-classes/${await world.couponClass(shop)}/claims`;
      return post(path, { walletId: await world.wallet() });
    },
  ],
  [
    'a redemption',
    '201',
    async () => post('/v1/redemptions', redemption(shop, (await newCoupon()).code)),
  ],
  [
    'a reversal',
    '201',
    async () => {
      const { body } = await redeem(shop, (await newCoupon()).code);
      return post(`/v1/redemptions/${body.id}/reversal`);
    },
  ],
  ['a store', '201', async () => post('/v1/stores', { issuerId: shop.issuerId, name: 'Harbour' })],
  [
    'a revocation',
    '204',
    async () => {
      const [, , id] = (await world.keyFor(shop.issuerId)).split('_');
      return { method: 'DELETE', path: `/v1/api-keys/${id}` };
    },
  ],
  [
    'a refused claim',
    '409 claim-not-started',
    async () => {
      const classId = await world.couponClass(shop, { status: 'draft' });
      return post(`/v1/coupon-classes/${classId}/claims`, { walletId: await world.wallet() });
    },
  ],
  [
    'a refused redemption',
    '409 min-spend-not-met',
    async () => {
      const coupon = await newCoupon({ minSpendMinor: 9_999_999 });
      return post('/v1/redemptions', redemption(shop, coupon.code));
    },
  ],
  [
    'a refused reversal',
    '409 redemption-already-reversed',
    async () => {
      const { body } = await redeem(shop, (await newCoupon()).code);
      const path = `/v1/redemptions/${body.id}/reversal`;
      await shop.client.post(path);
      return post(path);
    },
  ],
  [
    'a refused coupon class',
    '409 already-exists',
    async () => {
      const id = await world.couponClass(shop);
      return post('/v1/coupon-classes', world.couponClassBody(shop, { id }));
    },
  ],
];

const replayed = ({ headers }: Answer) => headers.get('idempotent-replayed');

describe('the first answer is told again, byte by byte, and nothing happens again', () => {
  test.each(WRITES)('%s', async (_what, status, make) => {
    const request = await make();
    const key = randomUUID();
    const first = await send(request, key);
    expect([told(first), replayed(first)]).toEqual([status, null]);
    const after = await service.everything();
    for (const instance of [0, 1]) {
      const again = await send(request, key, instance);
      expect([told(again), replayed(again)]).toEqual([status, 'true']);
      expect(again.text).toBe(first.text);
      expect(again.headers.get('location')).toBe(first.headers.get('location'));
    }
    expect(await service.everything()).toEqual(after);
  });

  test('although the coupon has been used since', async () => {
    const request = await (WRITES.find(([what]) => what === 'a claim')?.[2] ?? fail)();
    const key = randomUUID();
    const first = await send(request, key);
    const { coupon } = first.body as { coupon: { code: string } };
    await redeem(shop, coupon.code);
    expect((await send(request, key)).text).toBe(first.text);
  });

  test('although the key that asked was revoked: another of the issuer finishes the retry', async () => {
    const old = await world.keyFor(shop.issuerId);
    const headers = { 'Idempotency-Key': randomUUID() };
    const first = await service.as(old).post('/v1/wallets', {}, headers);
    const again = await shop.client.post('/v1/wallets', {}, headers);
    expect(again.text).toBe(first.text);
  });
});

function fail(): never {
  throw new Error('there is no such write');
}

describe('40 keys, each 20 times at once over two processes, have 40 effects', () => {
  const KEYS = Array.from({ length: 40 }, (_, index) => index);

  /** Sends each request 20 times; gives the different answers that each has had. */
  async function storm(requests: readonly Request[]): Promise<string[][]> {
    const run = randomUUID();
    const answers = await Promise.all(
      requests.flatMap((request, index) =>
        Array.from({ length: 20 }, async (_, n) => ({
          index,
          answer: await send(request, `${run} ${index}`, n % 2),
        })),
      ),
    );
    return requests.map((_, index) => {
      const own = answers.filter((one) => one.index === index).map(({ answer }) => answer);
      expect(own.filter((answer) => replayed(answer) === null)).toHaveLength(1);
      return [...new Set(own.map(({ status, text }) => `${status} ${text}`))];
    });
  }

  const count = async (table: string, column: string, value: string) => {
    const where = `select count(*)::int as n from ${table} where ${column} = $1`;
    return (await service.sql<{ n: number }>(where, [value]))[0]?.n;
  };

  test('wallets', async () => {
    const name = randomUUID();
    const told = await storm(KEYS.map(() => post('/v1/wallets', { displayName: name })));
    expect(told.map((different) => different.length)).toEqual(KEYS.map(() => 1));
    expect(await count('wallets', 'display_name', name)).toBe(40);
  });

  test('claims', async () => {
    const classId = await world.couponClass(shop, { perMemberLimit: 40, stock: 40 });
    const walletId = await world.wallet();
    const path = `/v1/coupon-classes/${classId}/claims`;
    const told = await storm(KEYS.map(() => post(path, { walletId })));
    expect(told.map((different) => different.length)).toEqual(KEYS.map(() => 1));
    expect(told.every(([answer]) => answer?.startsWith('201'))).toBe(true);
    expect(await count('claims', 'class_id', classId)).toBe(40);
    expect(await count('coupons', 'class_id', classId)).toBe(40);
  });

  test('redemptions', async () => {
    const classId = await world.couponClass(shop, { perMemberLimit: 40 });
    const walletId = await world.wallet();
    const coupons = await Promise.all(KEYS.map(() => world.coupon(shop, classId, walletId)));
    const told = await storm(
      coupons.map(({ code }) => post('/v1/redemptions', redemption(shop, code))),
    );
    expect(told.map((different) => different.length)).toEqual(KEYS.map(() => 1));
    expect(told.every(([answer]) => answer?.startsWith('201'))).toBe(true);
    expect(await count('redemptions', 'class_id', classId)).toBe(40);
  });
});

describe('a key', () => {
  test.each([
    ['of one character', 'x'],
    ['of 255 characters', 'x'.repeat(255)],
    ['with spaces inside', 'till 7, order 8841'],
    ['of quotes and slashes', '"a/b\\c"'],
    ['in Latin-1', 'Café-£5'],
    ['in UTF-8', Buffer.from('订单-7').toString('latin1')],
  ])('%s', async (_what, key) => {
    const first = await send(post('/v1/wallets', {}), key);
    expect(told(first)).toBe('201');
    expect((await send(post('/v1/wallets', {}), key)).text).toBe(first.text);
  });

  test('is each issuer’s own, and root’s its own', async () => {
    const other = await world.merchant();
    const headers = { 'Idempotency-Key': 'the same' };
    const texts = new Set<string>();
    for (const client of [shop.client, other.client, service.root]) {
      const { status, text } = await client.post('/v1/wallets', {}, headers);
      expect(status).toBe(201);
      texts.add(text);
    }
    expect(texts.size).toBe(3);
  });

  test('is forgotten after 30 days, not before', async () => {
    const send30 = async (key: string, days: number) => {
      const headers = { 'Idempotency-Key': key };
      const { text } = await shop.client.post('/v1/wallets', {}, headers);
      await service.sql(
        'update idempotency_keys set created_at = clock_timestamp() - make_interval(days => $2) where key = $1',
        [key, days],
      );
      await forgetOldKeys(service.database.single);
      return (await shop.client.post('/v1/wallets', {}, headers)).text === text;
    };
    expect(await send30('of 29 days ago', 29)).toBe(true);
    expect(await send30('of 31 days ago', 31)).toBe(false);
  });

  test('a request that failed for its form leaves it free', async () => {
    const headers = { 'Idempotency-Key': 'first wrong' };
    const wrong = await shop.client.post('/v1/wallets', { colour: 'red' }, headers);
    expect(told(wrong)).toBe('422 invalid-request');
    expect(told(await shop.client.post('/v1/wallets', {}, headers))).toBe('201');
  });
});

describe('a claim that waits', () => {
  test('is told as it stands when its key comes again', async () => {
    const classId = await world.couponClass(shop);
    const walletId = await world.wallet();
    const key = randomUUID();
    const ask = (prefer: string) =>
      claim(shop.client, classId, { walletId }, { 'Idempotency-Key': key, Prefer: prefer });
    const first = await ask('respond-async');
    expect(first.status).toBe(202);
    const decided = await ask('wait=5');
    expect(decided).toMatchObject({ status: 201, body: { id: first.body.id, status: 'issued' } });
    expect(replayed(decided)).toBe('true');
    expect((await ask('respond-async')).text).toBe(decided.text);
  });
});
