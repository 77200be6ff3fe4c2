import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LIFE, LIMIT, MAX_CLONES, newModel, type Real, STOCK } from '../support/coupon-life.ts';
import { brokenInvariants } from '../support/invariants.ts';
import { startTestService, type TestService } from '../support/service.ts';
import { type Merchant, World } from '../support/world.ts';

let service: TestService;
let world: World;
let shop: Merchant;

beforeAll(async () => {
  service = await startTestService();
  world = new World(service);
  shop = await world.merchant();
});
afterAll(() => service.stop());

async function newReal(): Promise<Real> {
  const classId = await world.couponClass(shop, {
    stock: STOCK,
    perMemberLimit: LIMIT,
    transferable: true,
    cloneOnRedeem: { maxClones: MAX_CLONES },
  });
  const wallets = [await world.wallet(), await world.wallet(), await world.wallet()];
  return { shop, classId, wallets, coupons: [], redemptions: [] };
}

// C3: claims, holds, redemptions, reversals, clones, gifts and withdrawals in any order.
test('the whole life of coupons is what the model says', async () => {
  let lived = 0;
  await fc.assert(
    fc.asyncProperty(LIFE, async (commands) => {
      const model = newModel();
      const real = await newReal();
      await fc.asyncModelRun(() => ({ model, real }), commands);
      lived += [...commands].length;
      const rows = await service.sql<{ id: string; status: string; generation: number }>(
        'select id, status, generation from coupons where class_id = $1',
        [real.classId],
      );
      const stored = new Map(rows.map(({ id, ...standing }) => [id, standing]));
      expect(stored.size).toBe(model.coupons.length);
      for (const [at, { status, generation }] of model.coupons.entries()) {
        expect(stored.get(real.coupons[at]?.id ?? '')).toEqual({ status, generation });
      }
    }),
    { numRuns: Number(process.env.LIVES ?? 12), endOnFailure: true },
  );
  expect(lived).toBeGreaterThan(50);
  expect(await brokenInvariants((statement) => service.sql(statement))).toEqual({});
}, 120_000);
