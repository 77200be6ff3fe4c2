import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeClone } from '../../../src/redemptions/clone.ts';
import { brokenIds, brokenInvariants } from '../../support/invariants.ts';
import { cloneNaively, redeemNaively, seedCoupon } from '../../support/naive/redemptions.ts';
import { openScratch, type Scratch, seedCampaign } from '../../support/naive/scratch.ts';
import { withdrawNaively } from '../../support/naive/withdrawals.ts';
import { startTestService, type TestService } from '../../support/service.ts';
import { type Coupon, expectStatus, type Merchant, redeem, World } from '../../support/world.ts';

// A class is voided with what is issued of it while coupons of it are redeemed, cloned, given back.
const ROUNDS = 8;

let service: TestService;
let world: World;
let shop: Merchant;
let coupons: Coupon[];

beforeAll(async () => {
  service = await startTestService();
  world = new World(service);
  shop = await world.merchant();
  coupons = [];
  for (let round = 0; round < 3 * ROUNDS; round++) {
    const classId = await world.couponClass(shop, { cloneOnRedeem: { maxClones: 3 } });
    coupons.push(await world.coupon(shop, classId, await world.wallet()));
  }
  await service.stopWorkers();
});
afterAll(() => service?.stop());

const withdraw = async ({ classId }: Coupon) => {
  const path = `/v1/coupon-classes/${classId}/void`;
  expectStatus(await shop.client.post(path, { issuedToo: true }), 200);
};
const redeemed = async ({ code }: Coupon) => expectStatus(await redeem(shop, code), 201).id;
const reverse = (id: string) => shop.client.post(`/v1/redemptions/${id}/reversal`);

/** Makes every clone that is owed. */
async function makeOwed(): Promise<string[]> {
  const owed = await service.sql<{ outboxId: number; redemptionId: string }>(
    `select id::int as "outboxId", payload ->> 'redemptionId' as "redemptionId"
       from outbox where done_at is null`,
  );
  return Promise.all(owed.map((job) => makeClone(service.database, job)));
}

describe('nothing of a withdrawn class is good afterwards', () => {
  let round: Coupon[];
  beforeEach(() => {
    round = coupons.splice(0, ROUNDS);
    expect(round).toHaveLength(ROUNDS);
  });

  test('whether its clones are made at that moment', async () => {
    for (const coupon of round) {
      await redeemed(coupon);
      await Promise.all([makeOwed(), withdraw(coupon)]);
    }
    expect(await brokenInvariants(service.sql)).toEqual({});
  });

  test('whether its coupons are redeemed at that moment', async () => {
    for (const coupon of round) {
      await Promise.all([redeem(shop, coupon.code), withdraw(coupon)]);
      const made = await makeOwed();
      expect(made).not.toContain('made');
    }
    expect(await brokenInvariants(service.sql)).toEqual({});
  });

  test('whether its coupons are given back at that moment', async () => {
    for (const coupon of round) {
      const id = await redeemed(coupon);
      await makeOwed();
      const [reversal] = await Promise.all([reverse(id), withdraw(coupon)]);
      expect(reversal.status).toBe(201);
    }
    expect(await brokenInvariants(service.sql)).toEqual({});
  });
});

describe('the naive twin', () => {
  let scratch: Scratch;
  beforeAll(async () => {
    scratch = await openScratch();
  });
  afterAll(() => scratch?.close());

  test('leaves a clone that is good', async () => {
    for (let round = 0; round < 40; round++) {
      const id = `7.naive-${round}`;
      await seedCampaign(scratch, {
        id,
        stock: 10,
        perMemberLimit: 10,
        maxClones: 3,
        wallets: ['wal_1'],
      });
      const couponId = await seedCoupon(scratch, id, 'wal_1');
      const redemptionId = (await redeemNaively(scratch, couponId)) ?? '';
      await Promise.all([cloneNaively(scratch, redemptionId), withdrawNaively(scratch, id)]);
      if ((await brokenIds(scratch.ask)).includes('I13')) return;
    }
    expect.fail('the naive twin withstood 40 rounds');
  });
});
