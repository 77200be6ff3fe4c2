import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  LIMIT,
  lives,
  MAX_CLONES,
  type Model,
  newModel,
  type Real,
  STOCK,
} from '../support/coupon-life.ts';
import {
  BROKEN_RULES,
  type BrokenRule,
  inBroken,
  whileBroken,
} from '../support/coupon-life-faults.ts';
import { brokenInvariants, INVARIANTS } from '../support/invariants.ts';
import { proven, sized, twinFailed } from '../support/proof.ts';
import { holds } from '../support/properties.ts';
import { startTestService, type TestService } from '../support/service.ts';
import { type Fields, type Merchant, World } from '../support/world.ts';

const LIVES = sized(12, 300);
const STEPS = sized(40, 60);
const TIMEOUT_MS = sized(120_000, 1_800_000);

let service: TestService;
let world: World;
let shop: Merchant;
let partner: Merchant;

beforeAll(async () => {
  service = await startTestService();
  world = new World(service);
  shop = await world.merchant();
  partner = await world.merchant();
});
afterAll(() => service.stop());

async function newReal(fields: Fields = {}): Promise<Real> {
  const classId = await world.couponClass(shop, {
    stock: STOCK,
    perMemberLimit: LIMIT,
    transferable: true,
    cloneOnRedeem: { maxClones: MAX_CLONES },
    redemptionIssuers: [shop.issuerId, partner.issuerId],
    ...fields,
  });
  const wallets = [await world.wallet(), await world.wallet(), await world.wallet()];
  return { shop, partner, classId, wallets, coupons: [], redemptions: [] };
}

/** Every coupon is stored as the model has it, and there is no other, nor will there be. */
async function expectStored(model: Model, real: Real): Promise<void> {
  const owed = () => service.sql('select from outbox where done_at is null');
  await expect.poll(owed, { timeout: 20_000 }).toEqual([]);
  const rows = await service.sql<{ id: string; status: string; generation: number }>(
    'select id, status, generation from coupons where class_id = $1',
    [real.classId],
  );
  const stored = new Map(rows.map(({ id, ...standing }) => [id, standing]));
  expect(stored.size).toBe(model.coupons.length);
  for (const [at, { status, generation }] of model.coupons.entries()) {
    expect(stored.get(real.coupons[at]?.id ?? '')).toEqual({ status, generation });
  }
}

// C3: claims, holds, redemptions here and at a partner, reversals, clones, gifts and withdrawals in
// any order.
test(
  'the whole life of coupons is what the model says',
  async (context) => {
    let steps = 0;
    const life = fc.asyncProperty(lives(STEPS), async (commands) => {
      const model = newModel();
      const real = await newReal();
      await fc.asyncModelRun(() => ({ model, real }), commands);
      steps += model.steps;
      await expectStored(model, real);
    });
    const { numRuns, seed } = await holds(life, { numRuns: LIVES, endOnFailure: true });
    expect(steps).toBeGreaterThan(50);
    expect(await brokenInvariants(service.sql)).toEqual({});
    const faults = `${numRuns} lives over HTTP of up to ${STEPS} steps, seed ${seed}`;
    const figure = `${steps} steps as the model says, ${INVARIANTS.length} invariants hold`;
    proven(context, 'C3', faults, figure);
  },
  TIMEOUT_MS,
);

/** In which life the model notices; null when it never does. */
function noticedIn(broken: BrokenRule): Promise<number | null> {
  const life = fc.asyncProperty(lives(40), async (commands) => {
    const model = newModel();
    const real = inBroken(broken, await newReal(broken.fields));
    await fc.asyncModelRun(() => ({ model, real }), commands);
    await expectStored(model, real);
  });
  return whileBroken(broken, service, async () => {
    const { failed, numRuns } = await fc.check(life, { numRuns: 50, seed: 1, endOnFailure: true });
    return failed ? numRuns : null;
  });
}

test(
  'a service in which one rule is broken does not pass',
  async (context) => {
    const noticed = new Map<string, number | null>();
    for (const broken of BROKEN_RULES) noticed.set(broken.rule, await noticedIn(broken));
    expect([...noticed].filter(([, life]) => life === null)).toEqual([]);
    const latest = Math.max(...[...noticed.values()].map((life) => life ?? 0));
    const figure = `${noticed.size} of ${BROKEN_RULES.length} noticed, within ${latest} lives`;
    twinFailed(context, 'C3', 'services with one rule broken each', figure);
  },
  TIMEOUT_MS,
);
