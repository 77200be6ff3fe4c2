import { describe, expect, test } from 'vitest';
import { brokenInvariants } from '../../support/invariants.ts';
import { nothingOwed, openShop } from '../../support/shop.ts';
import { type Coupon, expectStatus, type Fields, redeem } from '../../support/world.ts';

// What comes back for a redemption may be of another class, later, and as far as its budget goes.
const { service, world, shop } = await openShop();

const HOUR_MS = 3_600_000;

interface Campaign {
  readonly coupon: Coupon;
  readonly cloneClassId: string;
}

/** A coupon whose redemption gives one of another class back. */
async function campaign(back: Fields = {}, rule: Fields = {}): Promise<Campaign> {
  const cloneClassId = await world.couponClass(shop, back);
  const cloneOnRedeem = { maxClones: 1, classId: cloneClassId, ...rule };
  return { coupon: await world.newCoupon(shop, { cloneOnRedeem }), cloneClassId };
}

interface CloneRow {
  readonly class_id: string;
  readonly status: string;
  readonly available_at: Date;
  readonly expires_at: Date;
  readonly reserved_minor: string | null;
  readonly notice_due_at: Date | null;
  readonly code: string;
}

/** Redeems it, waits for the worker, and gives the redemption with its clones. */
async function redeemed({ code }: { readonly code: string }) {
  const { id } = expectStatus(await redeem(shop, code), 201);
  await nothingOwed(service);
  const clones = await service.sql<CloneRow>('select * from coupons where cloned_by = $1', [id]);
  const audited = await service.sql<{ outcome: string; detail: Fields }>(
    `select outcome, detail from audit_entries where action = 'clone' and subject = $1`,
    [id],
  );
  return { id, clone: clones[0], audited };
}

const committed = async (classId: string) =>
  Number(
    (
      await service.sql<{ n: string }>(
        'select committed_minor as n from coupon_classes where id = $1',
        [classId],
      )
    )[0]?.n,
  );

describe('a return coupon', () => {
  test('is of its own class, with that class’s validity and notice', async () => {
    const back = {
      validity: { kind: 'relative', availableAfterHours: 1, validDays: 3 },
      expiryNoticeDays: 1,
      timeZone: 'Asia/Shanghai',
    };
    const { coupon, cloneClassId } = await campaign(back, { availableAfterHours: 24 });
    const { clone, audited } = await redeemed(coupon);
    expect(clone).toMatchObject({ class_id: cloneClassId, status: 'issued', reserved_minor: null });
    const { available_at: from, expires_at: until, notice_due_at: due } = clone as CloneRow;
    const later = from.getTime() - Date.now();
    expect(later).toBeGreaterThan(24.9 * HOUR_MS);
    expect(later).toBeLessThanOrEqual(25 * HOUR_MS);
    expect(until.getTime() - from.getTime()).toBe(72 * HOUR_MS);
    // 09:00 in Shanghai.
    expect(due?.toISOString()).toMatch(/T01:00:00/);
    expect(audited).toMatchObject([
      {
        outcome: 'made',
        detail: { classId: coupon.classId, cloneClassId, rule: 'made', version: 1 },
      },
    ]);
  });

  test('of fixed dates is usable when the gap is over', async () => {
    const [start, end] = ['2026-01-01T00:00:00.000Z', '2099-01-01T00:00:00.000Z'];
    const validity = { kind: 'fixed', start, end };
    const { coupon } = await campaign({ validity }, { availableAfterHours: 24 });
    const { clone } = await redeemed(coupon);
    expect(clone?.expires_at.toISOString()).toBe(end);
    expect((clone?.available_at.getTime() ?? 0) - Date.now()).toBeGreaterThan(23.9 * HOUR_MS);
  });

  test('takes its part of its class’s budget, and a reversal gives it back', async () => {
    const { coupon, cloneClassId } = await campaign({ budgetMinor: 700 });
    const { id, clone } = await redeemed(coupon);
    expect(clone).toMatchObject({ class_id: cloneClassId, reserved_minor: '500' });
    expect(await committed(cloneClassId)).toBe(500);
    expectStatus(await shop.client.post(`/v1/redemptions/${id}/reversal`), 201);
    expect(await committed(cloneClassId)).toBe(0);
    const again = await redeemed(coupon);
    expect(again.clone?.reserved_minor).toBe('500');
  });

  test('is not made when the budget does not pay for it', async () => {
    const { coupon, cloneClassId } = await campaign({ budgetMinor: 499 });
    const { clone, audited } = await redeemed(coupon);
    expect(clone).toBeUndefined();
    expect(audited).toMatchObject([
      { outcome: 'none-due', detail: { rule: 'budget-exhausted', couponId: null } },
    ]);
    expect(await committed(cloneClassId)).toBe(0);
  });

  test('is not made of a withdrawn class', async () => {
    const { coupon, cloneClassId } = await campaign();
    const path = `/v1/coupon-classes/${cloneClassId}/void`;
    expectStatus(await shop.client.post(path, { issuedToo: true }), 200);
    const { clone, audited } = await redeemed(coupon);
    expect(clone).toBeUndefined();
    expect(audited).toMatchObject([{ outcome: 'none-due', detail: { rule: 'withdrawn' } }]);
  });
});

describe('the budget of what is redeemed', () => {
  function budgeted(): Promise<Coupon> {
    const discount = { kind: 'percent', percent: 10, maxMinor: 500 };
    return world.newCoupon(shop, { budgetMinor: 500, discount });
  }

  test('keeps the most that a coupon may cost, also when it cost less', async () => {
    const { code, classId } = await budgeted();
    const { id, discountMinor } = expectStatus(await redeem(shop, code), 201);
    expect(discountMinor).toBe(480);
    expect(await committed(classId)).toBe(500);
    expectStatus(await shop.client.post(`/v1/redemptions/${id}/reversal`), 201);
    expect(await committed(classId)).toBe(500);
    expect((await redeem(shop, code)).status).toBe(201);
  });

  test.each(['expired', 'voided'])(
    'is free when a reversal gives it back as %s',
    async (status) => {
      const { id: couponId, code, classId } = await budgeted();
      const { id } = expectStatus(await redeem(shop, code), 201);
      if (status === 'voided') {
        await shop.client.post(`/v1/coupon-classes/${classId}/void`, { issuedToo: true });
      } else {
        const past = 'update coupons set expires_at = clock_timestamp() where id = $1';
        await service.sql(past, [couponId]);
      }
      expect(await committed(classId)).toBe(500);
      const { body } = await shop.client.post(`/v1/redemptions/${id}/reversal`);
      expect(body).toMatchObject({ couponStatus: status });
      expect(await committed(classId)).toBe(0);
    },
  );
});

test('the books agree', async () => {
  expect(await brokenInvariants(service.sql)).toEqual({});
});
