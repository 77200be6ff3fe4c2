import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ORIGIN, startTestService, type TestService } from '../../support/service.ts';
import { told } from '../../support/service-client.ts';
import {
  type Coupon,
  claim,
  expectStatus,
  type Fields,
  type Merchant,
  redeem,
  World,
} from '../../support/world.ts';
import {
  type Accepted,
  accept,
  give,
  hold,
  inHands,
  type Offer,
  opened,
  type Transfer,
} from '../../support/world-transfers.ts';

let service: TestService;
let world: World;
let shop: Merchant;

beforeAll(async () => {
  service = await startTestService();
  world = new World(service);
  shop = await world.merchant();
});
afterAll(() => service.stop());

async function newCoupon(fields: Fields = {}): Promise<Coupon> {
  const classId = await world.couponClass(shop, { transferable: true, ...fields });
  return world.coupon(shop, classId, await world.wallet());
}

const read = async (id: string) =>
  expectStatus(await service.root.get<Coupon>(`/v1/coupons/${id}`), 200);
const offerOf = (token: string) => service.root.get<Offer>(`/v1/transfers/${token}`);
const hoursUntil = (instant: string) => (Date.parse(instant) - Date.now()) / 3_600_000;

describe('a link', () => {
  test('is told once, good for 72 hours, and only its hash is kept', async () => {
    const coupon = await newCoupon();
    const { status, body } = await give(shop.client, coupon.id);
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.stringMatching(/^trf_[0-9a-z]{26}$/),
      couponId: coupon.id,
      token: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
      url: `${ORIGIN}/transfer/${body.token}`,
      expiresAt: expect.any(String),
    });
    expect(hoursUntil(body.expiresAt)).toBeCloseTo(72, 1);
    const tokenSha256 = createHash('sha256').update(body.token).digest('hex');
    const rows = await service.sql('select token_sha256 from transfers where id = $1', [body.id]);
    expect(rows).toEqual([{ token_sha256: tokenSha256 }]);
    const everywhere = await service.sql(
      `select from audit_entries where detail::text like '%' || $1 || '%'`,
      [body.token],
    );
    expect(everywhere).toEqual([]);
    expect(await read(coupon.id)).toMatchObject({ status: 'issued' });
  });

  test.each([1, 720])('lasts %i hours when asked', async (expiresAfterHours) => {
    const { body } = await give(shop.client, (await newCoupon()).id, { expiresAfterHours });
    expect(hoursUntil(body.expiresAt)).toBeCloseTo(expiresAfterHours, 1);
  });

  test('is not told again to a retry, which learns which link it was', async () => {
    const path = `/v1/coupons/${(await newCoupon()).id}/transfer`;
    const headers = { 'Idempotency-Key': 'a link' };
    const first = await shop.client.post<Transfer>(path, undefined, headers);
    const again = await shop.client.post<Transfer>(path, undefined, headers);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(again.body).toEqual({ ...first.body, token: null, url: null });
    expect(await service.sql('select from transfers where id = $1', [first.body.id])).toHaveLength(
      1,
    );
  });

  test('made anew revokes the one before', async () => {
    const coupon = await newCoupon();
    const [one, two] = [await opened(shop.client, coupon.id), await opened(shop.client, coupon.id)];
    expect(two.token).not.toBe(one.token);
    const walletId = await world.wallet();
    expect(told(await accept(service.root, one.token, walletId))).toBe('409 transfer-revoked');
    expect(told(await accept(service.root, two.token, walletId))).toBe('201');
  });

  test('made anew after its time leaves the old one expired', async () => {
    const coupon = await newCoupon();
    const one = await opened(shop.client, coupon.id);
    await service.sql('update transfers set expires_at = clock_timestamp() where id = $1', [
      one.id,
    ]);
    const two = await opened(shop.client, coupon.id);
    expect((await offerOf(one.token)).body).toMatchObject({ status: 'expired' });
    expect((await offerOf(two.token)).body).toMatchObject({ status: 'open' });
  });

  test('is revoked once', async () => {
    const coupon = await newCoupon();
    const path = `/v1/coupons/${coupon.id}/transfer`;
    const { token } = await opened(shop.client, coupon.id);
    const revoked = await shop.client.delete(path);
    expect(revoked).toMatchObject({ status: 204, text: '' });
    expect(told(await shop.client.delete(path))).toBe('404 not-found');
    expect((await offerOf(token)).body).toMatchObject({
      status: 'revoked',
      acceptable: false,
      refusal: 'transfer-revoked',
    });
    expect(await read(coupon.id)).toMatchObject({ status: 'issued' });
  });

  test('revoked under a key is revoked again to a retry', async () => {
    const path = `/v1/coupons/${(await newCoupon()).id}/transfer`;
    await shop.client.post(path);
    const headers = { 'Idempotency-Key': 'revoke it' };
    const answers = [
      await shop.client.delete(path, headers),
      await shop.client.delete(path, headers),
    ];
    expect(answers.map(told)).toEqual(['204', '204']);
  });
});

describe('an offer', () => {
  test('shows the coupon and nothing of the giver', async () => {
    const walletId = await world.wallet(service.root, { displayName: 'Ana Secret' });
    const description = { en: 'From 30 yuan.' };
    const classId = await world.couponClass(shop, { transferable: true, description });
    const coupon = await world.coupon(shop, classId, walletId);
    const { id, token, expiresAt } = await opened(shop.client, coupon.id);
    const { status, body, text } = await offerOf(token);
    expect(status).toBe(200);
    expect(body).toEqual({
      id,
      status: 'open',
      acceptable: true,
      refusal: null,
      expiresAt,
      coupon: {
        classId,
        issuerId: shop.issuerId,
        name: { en: 'Five off', 'zh-CN': '立减五元' },
        description,
        availableAt: coupon.availableAt,
        expiresAt: coupon.expiresAt,
      },
    });
    for (const secret of [walletId, 'Ana', coupon.id, coupon.code, token]) {
      expect(text).not.toContain(secret);
    }
  });

  test('changes nothing and says why it can not be had', async () => {
    const coupon = await newCoupon();
    const { token } = await opened(shop.client, coupon.id);
    await redeem(shop, coupon.code);
    const before = await inHands(service);
    expect((await offerOf(token)).body).toMatchObject({
      status: 'open',
      acceptable: false,
      refusal: 'coupon-already-redeemed',
    });
    expect(await inHands(service)).toEqual(before);
  });

  test('is for any caller that has the token', async () => {
    const stranger = await world.merchant();
    const { token } = await opened(shop.client, (await newCoupon()).id);
    expect((await stranger.client.get(`/v1/transfers/${token}`)).status).toBe(200);
  });
});

describe('an acceptance', () => {
  test('gives another wallet a new coupon of the same worth', async () => {
    const coupon = await newCoupon();
    const { id, token } = await opened(shop.client, coupon.id);
    const walletId = await world.wallet();
    const { status, body } = await accept(shop.client, token, walletId);
    expect(status).toBe(201);
    expect(body).toEqual({
      id,
      coupon: {
        ...coupon,
        id: expect.stringMatching(/^cpn_/),
        walletId,
        code: expect.stringMatching(/^[0-9A-Z]{26}$/),
      },
    });
    expect(body.coupon.id).not.toBe(coupon.id);
    expect(body.coupon.code).not.toBe(coupon.code);
    expect(await read(coupon.id)).toEqual({ ...coupon, status: 'transferred' });
    expect(await read(body.coupon.id)).toEqual(body.coupon);
    expect((await offerOf(token)).body).toMatchObject({ status: 'accepted', acceptable: false });
    expect(told(await redeem(shop, coupon.code))).toBe('409 coupon-already-redeemed');
    expect(told(await redeem(shop, body.coupon.code))).toBe('201');
  });

  test('carries what the coupon holds of the budget, and its notice', async () => {
    const coupon = await newCoupon();
    await service.sql(
      'update coupon_classes set budget_minor = 900, committed_minor = 500 where id = $1',
      [coupon.classId],
    );
    await service.sql(
      `update coupons set reserved_minor = 500, notice_due_at = '2027-01-01', noticed_at = '2026-01-01'
        where id = $1`,
      [coupon.id],
    );
    const { token } = await opened(shop.client, coupon.id);
    const { body } = await accept(service.root, token, await world.wallet());
    const rows = await service.sql(
      `select status, reserved_minor::int, notice_due_at is not null as due, noticed_at is not null as noticed,
              transferred_from
         from coupons where class_id = $1 order by id`,
      [coupon.classId],
    );
    expect(rows).toEqual([
      {
        status: 'transferred',
        reserved_minor: null,
        due: false,
        noticed: true,
        transferred_from: null,
      },
      {
        status: 'issued',
        reserved_minor: 500,
        due: true,
        noticed: true,
        transferred_from: coupon.id,
      },
    ]);
    expect(body.coupon.status).toBe('issued');
    const [budget] = await service.sql(
      'select committed_minor::int from coupon_classes where id = $1',
      [coupon.classId],
    );
    expect(budget).toEqual({ committed_minor: 500 });
  });

  test('counts towards no limit and no stock', async () => {
    const classId = await world.couponClass(shop, {
      transferable: true,
      stock: 2,
      perMemberLimit: 1,
    });
    const [ana, ben] = [await world.wallet(), await world.wallet()];
    const coupon = await world.coupon(shop, classId, ana);
    await world.coupon(shop, classId, ben);
    const { token } = await opened(shop.client, coupon.id);
    expect(told(await accept(service.root, token, ben))).toBe('201');
    expect(told(await claim(shop.client, classId, { walletId: ana }))).not.toBe('201');
    const { body } = await shop.client.get(`/v1/coupon-classes/${classId}`);
    expect(body).toMatchObject({ stats: { claimed: 2 } });
  });

  test('asks nobody what member they are; the till does', async () => {
    const member = await world.wallet(service.root, { plus: true });
    const classId = await world.couponClass(shop, { transferable: true, plusOnly: true });
    const coupon = await world.coupon(shop, classId, member);
    const { token } = await opened(shop.client, coupon.id);
    const { body } = await accept(service.root, token, await world.wallet());
    expect(told(await redeem(shop, body.coupon.code))).toBe('409 member-not-eligible');
  });

  test('is told again to a retry under its key', async () => {
    const { token } = await opened(shop.client, (await newCoupon()).id);
    const body = { walletId: await world.wallet() };
    const headers = { 'Idempotency-Key': 'accept it' };
    const path = `/v1/transfers/${token}/acceptance`;
    const first = await service.root.post<Accepted>(path, body, headers);
    const again = await service.root.post<Accepted>(path, body, headers);
    expect(first.status).toBe(201);
    expect(again.text).toBe(first.text);
  });

  test('passes a coupon on and on, of which one is good', async () => {
    const first = await newCoupon();
    let coupon = first;
    for (let hand = 0; hand < 3; hand++) {
      const { token } = await opened(service.root, coupon.id);
      coupon = (await accept(service.root, token, await world.wallet())).body.coupon;
    }
    const { token } = await opened(service.root, coupon.id);
    const back = expectStatus(await accept(service.root, token, first.walletId), 201);
    expect(back.coupon).toMatchObject({ walletId: first.walletId, expiresAt: first.expiresAt });
    const live = await service.sql(
      `select id from coupons where lineage_id = $1 and status = 'issued'`,
      [first.id],
    );
    expect(live).toEqual([{ id: back.coupon.id }]);
  });

  test('is not hindered by a hold that ran out', async () => {
    const coupon = await newCoupon();
    await hold(service, coupon.id, -1);
    const { token } = await opened(shop.client, coupon.id);
    expect(told(await accept(service.root, token, await world.wallet()))).toBe('201');
  });

  test('goes into the wallet of another issuer’s app, by the hand of that app', async () => {
    const app = await world.merchant();
    const walletId = await world.wallet(app.client);
    const { token } = await opened(shop.client, (await newCoupon()).id);
    const taken = expectStatus(await accept(app.client, token, walletId), 201);
    expect((await app.client.get(`/v1/coupons/${taken.coupon.id}`)).status).toBe(200);
    const onwards = await opened(app.client, taken.coupon.id);
    expect(told(await give(shop.client, taken.coupon.id))).toBe('404 not-found');
    expect(told(await accept(shop.client, onwards.token, await world.wallet()))).toBe('201');
  });
});

describe('every decision', () => {
  test('is in the audit with the class, the rule and its version', async () => {
    const coupon = await newCoupon();
    await opened(shop.client, coupon.id);
    const { token } = await opened(shop.client, coupon.id);
    await accept(service.root, token, coupon.walletId);
    await shop.client.delete(`/v1/coupons/${coupon.id}/transfer`);
    const last = await opened(shop.client, coupon.id);
    const { coupon: made } = (await accept(service.root, last.token, await world.wallet())).body;
    const rows = await service.sql<{ action: string; outcome: string; detail: Fields }>(
      `select action, outcome, detail from audit_entries
        where subject = $1 and action like 'transfer.%' order by seq`,
      [coupon.id],
    );
    expect(rows.map(({ action, outcome }) => `${action} ${outcome}`)).toEqual([
      'transfer.create created',
      'transfer.create created',
      'transfer.accept transfer-to-self',
      'transfer.revoke revoked',
      'transfer.create created',
      'transfer.accept accepted',
    ]);
    for (const { outcome, detail } of rows) {
      expect(detail).toMatchObject({ classId: coupon.classId, rule: outcome, version: 1 });
    }
    expect(rows.at(-1)?.detail).toMatchObject({ transferId: last.id, couponId: made.id });
  });
});
