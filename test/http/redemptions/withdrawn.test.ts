import { expect, test } from 'vitest';
import { makeClone } from '../../../src/redemptions/clone.ts';
import { openShop } from '../../support/shop.ts';
import { type Coupon, expectStatus, redeem } from '../../support/world.ts';

// A class that was voided together with what was issued of it.
const { service, world, shop } = await openShop();
const coupons: Coupon[] = [];
for (let n = 0; n < 3; n++) {
  coupons.push(await world.newCoupon(shop, { cloneOnRedeem: { maxClones: 3 } }));
}
await service.stopWorkers();

async function redeemedCoupon(): Promise<{ coupon: Coupon; id: string }> {
  const coupon = coupons.pop();
  if (coupon === undefined) throw new Error('a test too many');
  return { coupon, id: expectStatus(await redeem(shop, coupon.code), 201).id };
}

async function voidClass({ classId }: Coupon, issuedToo: boolean): Promise<void> {
  const path = `/v1/coupon-classes/${classId}/void`;
  expectStatus(await shop.client.post(path, { issuedToo }), 200);
}

/** Makes what is owed for a redemption, as a worker would. */
async function makeOwed(redemptionId: string): Promise<string> {
  const [owed] = await service.sql<{ id: number }>(
    `select id::int from outbox where done_at is null and payload ->> 'redemptionId' = $1`,
    [redemptionId],
  );
  return makeClone(service.database, { outboxId: owed?.id ?? 0, redemptionId });
}

const statusesOf = async ({ classId }: Coupon) =>
  (
    await service.sql<{ status: string }>(
      'select status from coupons where class_id = $1 order by id',
      [classId],
    )
  ).map(({ status }) => status);

test('no clone is made that it still owes', async () => {
  const { coupon, id } = await redeemedCoupon();
  await voidClass(coupon, true);
  expect(await makeOwed(id)).toBe('none-due');
  expect(await makeOwed(id)).toBe('done-before');
  expect(await statusesOf(coupon)).toEqual(['redeemed']);
});

test('a coupon of it comes back as voided', async () => {
  const { coupon, id } = await redeemedCoupon();
  await voidClass(coupon, true);
  const reversal = await shop.client.post(`/v1/redemptions/${id}/reversal`);
  expect(reversal).toMatchObject({ status: 201, body: { couponStatus: 'voided' } });
  expect(await statusesOf(coupon)).toEqual(['voided']);
});

test('a class that was only voided clones and gives back', async () => {
  const { coupon, id } = await redeemedCoupon();
  await voidClass(coupon, false);
  expect(await makeOwed(id)).toBe('made');
  const reversal = await shop.client.post(`/v1/redemptions/${id}/reversal`);
  expect(reversal.body).toMatchObject({ couponStatus: 'issued' });
  expect(await statusesOf(coupon)).toEqual(['issued', 'voided']);
});
