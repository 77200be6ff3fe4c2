import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestService, type TestService } from '../../support/service.ts';
import { type Client, told } from '../../support/service-client.ts';
import { type Coupon, type Fields, type Merchant, redeem, World } from '../../support/world.ts';
import { accept, expire, give, hold, inHands, opened } from '../../support/world-transfers.ts';

let service: TestService;
let world: World;
let shop: Merchant;
let stranger: Merchant;

beforeAll(async () => {
  service = await startTestService();
  world = new World(service);
  shop = await world.merchant();
  stranger = await world.merchant();
});
afterAll(() => service.stop());

async function newCoupon(fields: Fields = {}, keeper?: Client): Promise<Coupon> {
  const classId = await world.couponClass(shop, { transferable: true, ...fields });
  return world.coupon(shop, classId, await world.wallet(keeper));
}

/** What makes a coupon one that nobody gives away any more. */
const SPOILS: [why: string, code: string, spoil: (coupon: Coupon) => Promise<unknown>][] = [
  ['redeemed', 'coupon-already-redeemed', ({ code }) => redeem(shop, code)],
  ['past its time', 'coupon-expired', ({ id }) => expire(service, id)],
  ['voided', 'coupon-voided', ({ id }) => shop.client.post(`/v1/coupons/${id}/void`)],
  [
    'voided with its class',
    'coupon-voided',
    ({ classId }) => shop.client.post(`/v1/coupon-classes/${classId}/void`, { issuedToo: true }),
  ],
  ['held by a till', 'coupon-held', ({ id }) => hold(service, id, 60)],
  [
    'of a class that says no by now',
    'coupon-not-transferable',
    ({ classId }) =>
      service.sql('update coupon_classes set transferable = false where id = $1', [classId]),
  ],
];

/** Runs the call and expects that refusal and no change but its entry in the audit. */
async function expectRefusal(call: () => ReturnType<Client['post']>, expected: string) {
  const before = await inHands(service);
  expect(told(await call())).toBe(expected);
  expect(await inHands(service)).toEqual(before);
}

describe('no link for a coupon', () => {
  test.each(SPOILS)('%s: %s', async (_why, code, spoil) => {
    const coupon = await newCoupon();
    await spoil(coupon);
    await expectRefusal(() => give(shop.client, coupon.id), `409 ${code}`);
    const [entry] = await service.sql(
      `select outcome from audit_entries where subject = $1 and action = 'transfer.create'`,
      [coupon.id],
    );
    expect(entry).toEqual({ outcome: code });
  });

  test('of a class that never let it go', async () => {
    const coupon = await newCoupon({ transferable: false });
    await expectRefusal(() => give(shop.client, coupon.id), '409 coupon-not-transferable');
  });

  test('that was given away', async () => {
    const coupon = await newCoupon();
    const { token } = await opened(shop.client, coupon.id);
    await accept(service.root, token, await world.wallet());
    await expectRefusal(() => give(shop.client, coupon.id), '409 coupon-already-redeemed');
  });

  test.each([0, 721, 1.5, -1, '72', null])('for %j hours', async (expiresAfterHours) => {
    const { id } = await newCoupon();
    const call = () => give(shop.client, id, { expiresAfterHours });
    await expectRefusal(call, '422 invalid-request');
  });

  test('that does not exist, or is somebody else’s', async () => {
    const nothing = `cpn_${'0'.repeat(26)}`;
    const { id } = await newCoupon();
    const kept = await newCoupon({}, shop.client);
    for (const couponId of [nothing, id, kept.id]) {
      await expectRefusal(() => give(stranger.client, couponId), '404 not-found');
      const path = `/v1/coupons/${couponId}/transfer`;
      await expectRefusal(() => stranger.client.delete(path), '404 not-found');
    }
    await expectRefusal(() => give(shop.client, nothing), '404 not-found');
  });
});

describe('no link is revoked', () => {
  test('where none was, and where it ended by itself', async () => {
    const coupon = await newCoupon();
    const path = `/v1/coupons/${coupon.id}/transfer`;
    await expectRefusal(() => shop.client.delete(path), '404 not-found');
    const { id } = await opened(shop.client, coupon.id);
    await service.sql('update transfers set expires_at = clock_timestamp() where id = $1', [id]);
    await expectRefusal(() => shop.client.delete(path), '404 not-found');
  });

  test('after it was accepted', async () => {
    const coupon = await newCoupon();
    const { token } = await opened(shop.client, coupon.id);
    await accept(service.root, token, await world.wallet());
    const path = `/v1/coupons/${coupon.id}/transfer`;
    await expectRefusal(() => shop.client.delete(path), '404 not-found');
  });
});

describe('nobody accepts', () => {
  test.each(SPOILS)('a coupon %s: %s', async (_why, code, spoil) => {
    const coupon = await newCoupon();
    const { token } = await opened(shop.client, coupon.id);
    await spoil(coupon);
    const walletId = await world.wallet();
    await expectRefusal(() => accept(service.root, token, walletId), `409 ${code}`);
    const { body } = await service.root.get(`/v1/transfers/${token}`);
    expect(body).toMatchObject({ status: 'open', acceptable: false, refusal: code });
  });

  test('by a link past its time', async () => {
    const { id, token } = await opened(shop.client, (await newCoupon()).id);
    await service.sql('update transfers set expires_at = clock_timestamp() where id = $1', [id]);
    const walletId = await world.wallet();
    await expectRefusal(() => accept(service.root, token, walletId), '410 transfer-expired');
  });

  test('by a link that was revoked', async () => {
    const coupon = await newCoupon();
    const { token } = await opened(shop.client, coupon.id);
    await shop.client.delete(`/v1/coupons/${coupon.id}/transfer`);
    const walletId = await world.wallet();
    await expectRefusal(() => accept(service.root, token, walletId), '409 transfer-revoked');
  });

  test('twice, not even into the same wallet', async () => {
    const { token } = await opened(shop.client, (await newCoupon()).id);
    const walletId = await world.wallet();
    await accept(service.root, token, walletId);
    for (const id of [walletId, await world.wallet()]) {
      await expectRefusal(() => accept(service.root, token, id), '409 transfer-already-accepted');
    }
  });

  test('what is their own', async () => {
    const coupon = await newCoupon();
    const { token } = await opened(shop.client, coupon.id);
    const call = () => accept(service.root, token, coupon.walletId);
    await expectRefusal(call, '409 transfer-to-self');
  });

  test('by a token that is none', async () => {
    const walletId = await world.wallet();
    const { token } = await opened(shop.client, (await newCoupon()).id);
    const others = [token.toLowerCase(), `${token}A`, token.slice(1), 'x'.repeat(43)];
    for (const other of others) {
      await expectRefusal(() => accept(service.root, other, walletId), '404 not-found');
      expect(told(await service.root.get(`/v1/transfers/${other}`))).toBe('404 not-found');
    }
  });

  test('into a wallet that is not theirs to fill', async () => {
    const { token } = await opened(shop.client, (await newCoupon()).id);
    const kept = await world.wallet(stranger.client);
    const open = await world.wallet();
    const nothing = `wal_${'0'.repeat(26)}`;
    const tries: [Client, string][] = [
      [shop.client, nothing],
      [shop.client, kept],
      [stranger.client, open],
    ];
    for (const [client, walletId] of tries) {
      await expectRefusal(() => accept(client, token, walletId), '404 wallet-not-found');
    }
  });

  test.each<[what: string, body: unknown]>([
    ['no wallet', {}],
    ['a wallet that is none', { walletId: 'wal_1' }],
    ['more than a wallet', { walletId: `wal_${'0'.repeat(26)}`, classId: '1.x' }],
  ])('with %s', async (_what, body) => {
    const { token } = await opened(shop.client, (await newCoupon()).id);
    const call = () => service.root.post(`/v1/transfers/${token}/acceptance`, body);
    await expectRefusal(call, '422 invalid-request');
  });
});
