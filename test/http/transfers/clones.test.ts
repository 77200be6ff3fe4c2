import { afterAll, beforeAll, expect, test } from 'vitest';
import { brokenInvariants } from '../../support/invariants.ts';
import { startTestService, type TestService } from '../../support/service.ts';
import { told } from '../../support/service-client.ts';
import { nothingOwed } from '../../support/shop.ts';
import { type Coupon, expectStatus, type Merchant, redeem, World } from '../../support/world.ts';
import { accept, opened } from '../../support/world-transfers.ts';

let service: TestService;
let world: World;
let shop: Merchant;

beforeAll(async () => {
  service = await startTestService();
  world = new World(service);
  shop = await world.merchant();
});
afterAll(() => service.stop());

/** What became of a redemption once nothing is owed any more: the clones that it earned. */
async function clonesOf(redemptionId: string): Promise<Coupon[]> {
  await nothingOwed(service);
  const rows = await service.sql<{ id: string }>(
    'select id from coupons where cloned_by = $1 and transferred_from is null',
    [redemptionId],
  );
  const read = rows.map(({ id }) => service.root.get<Coupon>(`/v1/coupons/${id}`));
  return (await Promise.all(read)).map((answer) => expectStatus(answer, 200));
}

async function passOn(coupon: Coupon, walletId: string): Promise<Coupon> {
  const { token } = await opened(service.root, coupon.id);
  return expectStatus(await accept(service.root, token, walletId), 201).coupon;
}

test('a clone that is given away keeps its one place in the lineage', async () => {
  const [ana, ben] = [await world.wallet(), await world.wallet()];
  const cloneOnRedeem = { maxClones: 2 };
  const classId = await world.couponClass(shop, { transferable: true, cloneOnRedeem });
  const first = await world.coupon(shop, classId, ana);
  const earned = expectStatus(await redeem(shop, first.code), 201);
  const [clone] = await clonesOf(earned.id);
  if (clone === undefined) throw new Error('there is no clone');

  const taken = await passOn(clone, ben);
  expect(taken).toMatchObject({ walletId: ben, generation: 1, clonedFrom: first.id });
  const reversal = `/v1/redemptions/${earned.id}/reversal`;
  expect(told(await shop.client.post(reversal))).toBe('409 clone-already-redeemed');

  const used = expectStatus(await redeem(shop, taken.code), 201);
  const [second] = await clonesOf(used.id);
  expect(second).toMatchObject({ walletId: ben, generation: 2, clonedFrom: taken.id });
  const last = expectStatus(await redeem(shop, second?.code ?? ''), 201);
  expect(await clonesOf(last.id)).toEqual([]);

  const shown = await shop.client.get<{ stats: unknown }>(`/v1/coupon-classes/${classId}`);
  expect(shown.body.stats).toMatchObject({ claimed: 1, redeemed: 3, cloned: 2 });
  const redemption = await shop.client.get(`/v1/redemptions/${earned.id}`);
  expect(redemption.body).toMatchObject({ clone: { couponId: clone.id } });
  expect(await brokenInvariants(service.sql)).toEqual({});
});

test('a reversal voids no clone of somebody else', async () => {
  const [ana, ben] = [await world.wallet(), await world.wallet()];
  const cloneOnRedeem = { maxClones: 1 };
  const classId = await world.couponClass(shop, { transferable: true, cloneOnRedeem });
  const first = await world.coupon(shop, classId, ana);
  const given = await passOn(first, ben);
  const { id } = expectStatus(await redeem(shop, given.code), 201);
  const [clone] = await clonesOf(id);
  expect(clone).toMatchObject({ walletId: ben, clonedFrom: given.id });
  expectStatus(await shop.client.post(`/v1/redemptions/${id}/reversal`), 201);
  const states = await service.sql(
    'select status, wallet_id from coupons where class_id = $1 order by id',
    [classId],
  );
  expect(states).toEqual([
    { status: 'transferred', wallet_id: ana },
    { status: 'issued', wallet_id: ben },
    { status: 'voided', wallet_id: ben },
  ]);
  expect(await brokenInvariants(service.sql)).toEqual({});
});
