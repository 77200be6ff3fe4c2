import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestService, type TestService } from '../../support/service.ts';
import { told } from '../../support/service-client.ts';
import {
  type Coupon,
  expectStatus,
  type Fields,
  type Merchant,
  redeem,
  signedTap,
  World,
} from '../../support/world.ts';

let service: TestService;
let world: World;
let shop: Merchant;

beforeAll(async () => {
  service = await startTestService();
  world = new World(service);
  shop = await world.merchant();
});
afterAll(() => service.stop());

const newCoupon = (fields?: Fields) => world.newCoupon(shop, fields);

const read = (id: string) => shop.client.get<Coupon>(`/v1/coupons/${id}`);
const voided = (id: string, body?: unknown) =>
  shop.client.post<Coupon>(`/v1/coupons/${id}/void`, body);

describe('a coupon is read', () => {
  test('as it was issued', async () => {
    const coupon = await newCoupon();
    expect((await read(coupon.id)).body).toEqual(coupon);
  });

  test('as expired from the instant itself', async () => {
    const { id } = await newCoupon();
    await service.sql('update coupons set expires_at = clock_timestamp() where id = $1', [id]);
    expect((await read(id)).body).toMatchObject({ status: 'expired' });
  });

  test('by the keeper of its wallet, whoever issued it', async () => {
    const app = await world.merchant();
    const walletId = await world.wallet(app.client);
    const { token } = await world.present(walletId);
    const payload = await signedTap(shop.terminal, token);
    const tapped = await service.nobody.post<{ id: string }>('/v1/taps', { payload });
    const classId = await world.couponClass(shop, { issueType: 'tap_claim' });
    const body = { walletId, tapId: tapped.body.id };
    const claims = `/v1/coupon-classes/${classId}/claims`;
    const claimed = await shop.client.post<{ coupon: Coupon }>(claims, body);
    const { coupon } = expectStatus(claimed, 201);
    expect((await app.client.get(`/v1/coupons/${coupon.id}`)).body).toEqual(coupon);
    expect((await read(coupon.id)).body).toEqual(coupon);
  });
});

describe('a coupon that its issuer voids', () => {
  test('counts no more', async () => {
    const coupon = await newCoupon();
    const { status, body } = await voided(coupon.id, {});
    expect(status).toBe(200);
    expect(body).toEqual({ ...coupon, status: 'voided' });
    expect((await read(coupon.id)).body).toEqual(body);
    expect(told(await redeem(shop, coupon.code))).toBe('409 coupon-voided');
    const [row] = await service.sql('select voided_by from coupons where id = $1', [coupon.id]);
    expect(row).toEqual({ voided_by: 'issuer' });
  });

  test('is voided once, however often, and by whom is in the audit', async () => {
    const coupon = await newCoupon();
    const answers = [await voided(coupon.id), await voided(coupon.id)];
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const entries = await service.sql(
      `select actor, outcome, detail from audit_entries
        where subject = $1 and action = 'coupon.void' order by seq`,
      [coupon.id],
    );
    const actor = expect.stringMatching(/^key:/);
    const detail = { classId: coupon.classId, version: 1 };
    expect(entries).toEqual([
      { actor, outcome: 'voided', detail: { ...detail, rule: 'voided' } },
      { actor, outcome: 'unchanged', detail: { ...detail, rule: 'unchanged' } },
    ]);
  });

  test('gives back what it held of the budget, once', async () => {
    const coupon = await newCoupon();
    const { classId } = coupon;
    await service.sql(
      'update coupon_classes set budget_minor = 1200, committed_minor = 1200 where id = $1',
      [classId],
    );
    await service.sql(
      `update coupons set reserved_minor = 500, notice_due_at = '2027-01-01' where id = $1`,
      [coupon.id],
    );
    await voided(coupon.id);
    await voided(coupon.id);
    const [budget] = await service.sql(
      `select c.committed_minor::int, q.reserved_minor::int, q.notice_due_at
         from coupon_classes c join coupons q on q.class_id = c.id where c.id = $1`,
      [classId],
    );
    expect(budget).toEqual({ committed_minor: 700, reserved_minor: null, notice_due_at: null });
  });

  test('is voided by the platform too', async () => {
    const { id } = await newCoupon();
    expect((await service.root.post(`/v1/coupons/${id}/void`)).status).toBe(200);
  });
});
