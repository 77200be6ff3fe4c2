import { beforeAll, describe, expect, test } from 'vitest';
import { releaseOverdueHolds } from '../../../src/redemptions/settle-hold.ts';
import { brokenInvariants } from '../../support/invariants.ts';
import { type Problem, told } from '../../support/service-client.ts';
import { openShop } from '../../support/shop.ts';
import { type Coupon, expectStatus, type Fields, redeem, redemption } from '../../support/world.ts';
import { give } from '../../support/world-transfers.ts';

const { service, world, shop } = await openShop();
const partner = await world.merchant();

const newCoupon = (fields?: Fields) => world.newCoupon(shop, fields);

const HOLD = { hold: { seconds: 60 } };
const hold = async (code: string, fields: Fields = {}) =>
  expectStatus(await redeem(shop, code, { ...HOLD, ...fields }), 201);
const confirm = (id: string, till = shop) =>
  till.client.post<Fields>(`/v1/redemptions/${id}/confirmation`);
const release = (id: string, till = shop) =>
  till.client.post<Fields>(`/v1/redemptions/${id}/release`);
const read = async (id: string) =>
  expectStatus(await shop.client.get<Fields>(`/v1/redemptions/${id}`), 200);
const statusOf = async ({ id }: Coupon) =>
  expectStatus(await shop.client.get<Fields>(`/v1/coupons/${id}`), 200).status;

/** Lets the time of a hold be over. */
const pass = (id: string) =>
  service.sql('update redemptions set held_until = clock_timestamp() where id = $1', [id]);

describe('a hold', () => {
  test('tells the amounts and its end, and is read as held', async () => {
    const coupon = await newCoupon();
    const held = await hold(coupon.code);
    const amounts = { orderTotalMinor: 4800, discountMinor: 500, payableMinor: 4300 };
    expect(held).toEqual({
      id: expect.stringMatching(/^red_/),
      couponId: coupon.id,
      ...amounts,
      redeemedAt: null,
      state: 'held',
      heldUntil: expect.any(String),
    });
    const { heldUntil } = held as unknown as { heldUntil: string };
    expect(Date.parse(heldUntil) - Date.now()).toBeGreaterThan(50_000);
    expect(await read(held.id)).toMatchObject({ state: 'held', heldUntil, redeemedAt: null });
    expect(await statusOf(coupon)).toBe('issued');
  });

  test('keeps others from the coupon', async () => {
    const coupon = await newCoupon({ transferable: true });
    await hold(coupon.code);
    expect(told(await redeem(shop, coupon.code))).toBe('409 coupon-held');
    expect(told(await redeem(shop, coupon.code, HOLD))).toBe('409 coupon-held');
    expect(told(await give(shop.client, coupon.id))).toBe('409 coupon-held');
    const voided = await shop.client.post(`/v1/coupons/${coupon.id}/void`);
    expect(told(voided)).toBe('409 coupon-held');
    const quote = await shop.client.post('/v1/redemptions/quote', redemption(shop, coupon.code));
    expect(quote.body).toMatchObject({ redeemable: false, refusal: 'coupon-held' });
  });

  test('is confirmed once: the coupon is redeemed, its clone is owed', async () => {
    const coupon = await newCoupon({ cloneOnRedeem: { maxClones: 1 } });
    const { id } = await hold(coupon.code);
    const confirmed = await confirm(id);
    expect(confirmed.status).toBe(200);
    expect(confirmed.body).toEqual({
      state: 'confirmed',
      basketId: null,
      redemptions: [{ id, couponId: coupon.id, discountMinor: 500 }],
      orderTotalMinor: 4800,
      discountMinor: 500,
      payableMinor: 4300,
      redeemedAt: expect.any(String),
    });
    expect(await statusOf(coupon)).toBe('redeemed');
    expect(told(await confirm(id))).toBe('409 redemption-confirmed');
    expect(told(await release(id))).toBe('409 redemption-confirmed');
    await expect.poll(async () => (await read(id)).clone, { timeout: 10_000 }).not.toBeNull();
    expect((await shop.client.post(`/v1/redemptions/${id}/reversal`)).status).toBe(201);
  });

  test('is released, and twice is once: the coupon is as good as before', async () => {
    const coupon = await newCoupon();
    const { id } = await hold(coupon.code);
    for (const _ of [1, 2]) expect((await release(id)).body).toMatchObject({ state: 'released' });
    expect(told(await confirm(id))).toBe('409 hold-released');
    expect(told(await shop.client.post(`/v1/redemptions/${id}/reversal`))).toBe(
      '409 hold-released',
    );
    expect((await redeem(shop, coupon.code)).status).toBe(201);
  });

  test('that is only held is not reversed', async () => {
    const { id } = await hold((await newCoupon()).code);
    const path = `/v1/redemptions/${id}/reversal`;
    expect(told(await shop.client.post(path))).toBe('409 redemption-held');
  });

  test('is counted once it is confirmed', async () => {
    const coupon = await newCoupon();
    const stats = async () => {
      const path = `/v1/coupon-classes/${coupon.classId}`;
      return (await shop.client.get<{ stats: Fields }>(path)).body.stats.redeemed;
    };
    const { id } = await hold(coupon.code);
    expect(await stats()).toBe(0);
    await confirm(id);
    expect(await stats()).toBe(1);
  });

  test('answers a retry with the same key the same', async () => {
    const coupon = await newCoupon();
    const body = redemption(shop, coupon.code, HOLD);
    const key = { 'Idempotency-Key': coupon.id };
    const first = await shop.client.post('/v1/redemptions', body, key);
    const again = await shop.client.post('/v1/redemptions', body, key);
    expect(again.text).toBe(first.text);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
  });
});

describe('a hold that is over', () => {
  test('holds nothing, before any worker wrote so', async () => {
    await service.stopWorkers();
    const coupons = [await seeded(), await seeded()];
    for (const [n, { code }] of coupons.entries()) {
      const { id } = await hold(code);
      await pass(id);
      expect(await read(id)).toMatchObject({ state: 'released' });
      expect(told(await confirm(id))).toBe('409 hold-expired');
      expect((await redeem(shop, code, n === 0 ? {} : HOLD)).status).toBe(201);
      expect(told(await confirm(id))).toBe('409 hold-expired');
    }
  });

  test('is released by the sweep, with an entry in the audit', async () => {
    const { code } = await seeded();
    const { id } = await hold(code);
    await pass(id);
    expect(await releaseOverdueHolds(service.database)).toBe(1);
    expect(await releaseOverdueHolds(service.database)).toBe(0);
    const entries = await service.sql(
      `select outcome, detail ->> 'rule' as rule from audit_entries
        where action = 'release' and subject = $1`,
      [id],
    );
    expect(entries).toEqual([{ outcome: 'hold-expired', rule: 'hold-expired' }]);
    expect((await release(id)).status).toBe(200);
  });

  test('counts while it lasts, though the coupon expired in between', async () => {
    for (const status of ['issued', 'expired']) {
      const { id: couponId, code } = await seeded();
      const { id } = await hold(code);
      await service.sql(
        'update coupons set expires_at = clock_timestamp(), status = $2 where id = $1',
        [couponId, status],
      );
      expect(told(await redeem(shop, code))).toBe('409 coupon-expired');
      expect((await confirm(id)).status).toBe(200);
    }
  });

  test('is not confirmed after the class was withdrawn', async () => {
    const { code, classId } = await seeded();
    const { id } = await hold(code);
    await shop.client.post(`/v1/coupon-classes/${classId}/void`, { issuedToo: true });
    expect(told(await confirm(id))).toBe('409 coupon-voided');
  });

  test('leaves books that agree', async () => {
    expect(await brokenInvariants(service.sql)).toEqual({});
  });

  let spare: Coupon[] = [];
  beforeAll(async () => {
    spare = await Promise.all(Array.from({ length: 6 }, () => newCoupon()));
  });
  /** A coupon from when workers ran. */
  async function seeded(): Promise<Coupon> {
    const coupon = spare.pop();
    if (coupon === undefined) throw new Error('no coupon is left');
    return coupon;
  }
});

describe('refused', () => {
  test.each<[what: string, Fields, pointer: string]>([
    ['no time', { hold: {} }, '/hold/seconds'],
    ['a time of nothing', { hold: { seconds: 0 } }, '/hold/seconds'],
    ['more than a quarter of an hour', { hold: { seconds: 901 } }, '/hold/seconds'],
    ['part of a second', { hold: { seconds: 1.5 } }, '/hold/seconds'],
    ['an unknown field', { hold: { seconds: 1, forever: true } }, '/hold/forever'],
    ['no object', { hold: true }, '/hold'],
  ])('%s', async (_what, fields, pointer) => {
    const answer = await shop.client.post<Problem>(
      '/v1/redemptions',
      redemption(shop, 'X', fields),
    );
    expect(told(answer)).toBe('422 invalid-request');
    expect(answer.body.errors?.map((error) => error.pointer)).toContain(pointer);
  });

  test('what is another’s, or is not there', async () => {
    const [held] = await service.sql<{ id: string }>(
      `select id from redemptions where held_until is not null limit 1`,
    );
    for (const id of [held?.id ?? '', `red_${'0'.repeat(26)}`]) {
      expect(told(await confirm(id, partner))).toBe('404 not-found');
      expect(told(await release(id, partner))).toBe('404 not-found');
    }
  });

  test('a coupon that could not be redeemed is not held', async () => {
    const [used] = await service.sql<{ code: string }>(
      `select code from coupons where status = 'redeemed' limit 1`,
    );
    expect(told(await redeem(shop, used?.code ?? '', HOLD))).toBe('409 coupon-already-redeemed');
    expect(told(await redeem(shop, 'NONE', HOLD))).toBe('404 coupon-not-found');
    const body = redemption(partner, used?.code ?? '', HOLD);
    expect(told(await shop.client.post('/v1/redemptions', body))).toBe('404 collector-not-found');
  });
});
