import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tally } from '../../support/herd.ts';
import { brokenIds, brokenInvariants, INVARIANTS } from '../../support/invariants.ts';
import {
  cloneNaively,
  redeemNaively,
  reverseNaively,
  seedCoupon,
} from '../../support/naive/redemptions.ts';
import { openScratch, type Scratch, seedCampaign } from '../../support/naive/scratch.ts';
import { proven, sized, twinFailed } from '../../support/proof.ts';
import { startTestService, type TestService } from '../../support/service.ts';
import { told } from '../../support/service-client.ts';
import {
  type Coupon,
  expectStatus,
  type Merchant,
  type Redeemed,
  redeem,
  redemption,
  World,
} from '../../support/world.ts';

let service: TestService;
let scratch: Scratch;
let world: World;
let shop: Merchant;
let walletId: string;

beforeAll(async () => {
  service = await startTestService({ instances: 2 });
  world = new World(service);
  shop = await world.merchant();
  walletId = await world.wallet();
});
beforeAll(async () => {
  scratch = await openScratch();
  const campaign = { id: '7.naive', stock: 1_000_000, perMemberLimit: 1_000_000, maxClones: 2 };
  await seedCampaign(scratch, { ...campaign, wallets: ['wal_1'] });
});
afterAll(() => service?.stop());
afterAll(() => scratch?.close());

const ROUNDS = sized(10, 100);
const times = <T>(count: number, work: (n: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, n) => work(n)));
const at = (n: number) => service.as(shop.apiKey, n % 2);

/** As many coupons of a new class. */
async function coupons(count: number, fields = {}): Promise<Coupon[]> {
  const classId = await world.couponClass(shop, { perMemberLimit: 1000, ...fields });
  return times(count, () => world.coupon(shop, classId, walletId));
}

/** Waits until nothing is owed: every clone that is due has been made. */
const settled = () =>
  expect
    .poll(() => service.sql('select from outbox where done_at is null'), { timeout: 20_000 })
    .toEqual([]);

describe('one coupon', () => {
  test('redeemed 32 times at once is redeemed once', async () => {
    for (const { code } of await coupons(10)) {
      const answers = await times(32, (n) => at(n).post('/v1/redemptions', redemption(shop, code)));
      expect(tally(answers.map(told))).toEqual({ '201': 1, '409 coupon-already-redeemed': 31 });
    }
    expect(await brokenInvariants(service.sql)).toEqual({});
  });

  test('its naive twin is redeemed several times', async () => {
    let successes = 0;
    for (let round = 0; round < 20 && successes < 2; round++) {
      const couponId = await seedCoupon(scratch, '7.naive', 'wal_1');
      const ids = await times(32, () => redeemNaively(scratch, couponId));
      successes = ids.filter((id) => id !== null).length;
    }
    expect(successes).toBeGreaterThan(1);
    expect(await brokenIds(scratch.ask)).toContain('I5');
  });
});

describe('one redemption', () => {
  const FAULTS = `${ROUNDS} redemptions, each reversed 20 times at once`;

  test('reversed 20 times at once is reversed once', async (context) => {
    let reversals = 0;
    for (const { code } of await coupons(ROUNDS)) {
      const { id } = expectStatus(await redeem(shop, code), 201);
      const answers = await times(20, (n) => at(n).post(`/v1/redemptions/${id}/reversal`));
      const counts = tally(answers.map(told));
      expect(counts).toEqual({ '201': 1, '409 redemption-already-reversed': 19 });
      reversals += counts['201'] ?? 0;
    }
    expect(await brokenInvariants(service.sql)).toEqual({});
    proven(context, 'C7', FAULTS, `${reversals} reversals`);
  });

  test('its naive twin is reversed several times', async (context) => {
    let reversals = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const couponId = await seedCoupon(scratch, '7.naive', 'wal_1');
      const id = (await redeemNaively(scratch, couponId)) ?? '';
      const reversed = await times(20, () => reverseNaively(scratch, id));
      reversals += reversed.filter(Boolean).length;
    }
    expect(reversals).toBeGreaterThan(ROUNDS);
    twinFailed(context, 'C7', FAULTS, `${reversals} reversals`);
  });

  test('reversed and redeemed again and again at once: the books agree', async (context) => {
    const [coupon] = await coupons(1);
    const code = coupon?.code ?? '';
    const answers: string[] = [];
    await times(16, async (n) => {
      for (let round = 0; round < 6; round++) {
        const made = await at(n).post<Redeemed>('/v1/redemptions', redemption(shop, code));
        answers.push(told(made));
        if (made.status !== 201) continue;
        answers.push(told(await at(n + 1).post(`/v1/redemptions/${made.body.id}/reversal`)));
      }
    });
    expect(answers.filter((answer) => answer.startsWith('5'))).toEqual([]);
    expect(await brokenInvariants(service.sql)).toEqual({});
    const [books] = await service.sql<{ redeemed: number; standing: number }>(
      `select count(*)::int as redeemed,
              count(*) filter (where reversed_at is null)::int as standing
         from redemptions where coupon_id = $1`,
      [coupon?.id],
    );
    const faults = 'one coupon redeemed and reversed by 16 callers at once, 6 times each';
    const figure = `${books?.redeemed} redemptions, ${books?.standing} stand, ${INVARIANTS.length} invariants hold`;
    proven(context, 'C7', faults, figure);
  });
});

describe('a reversal against the redemption of its clone', () => {
  const FAULTS = 'a reversal against the redemption of the clone';

  test('one of the two goes through, never both, never none', async (context) => {
    const outcomes: string[] = [];
    for (const { code } of await coupons(ROUNDS, { cloneOnRedeem: { maxClones: 2 } })) {
      const { id } = expectStatus(await redeem(shop, code), 201);
      await settled();
      const [clone] = await service.sql<{ code: string }>(
        'select code from coupons where cloned_by = $1',
        [id],
      );
      const both = [
        () => at(0).post(`/v1/redemptions/${id}/reversal`),
        () => at(1).post('/v1/redemptions', redemption(shop, clone?.code ?? '')),
      ];
      // Each is sent first in turn.
      if (outcomes.length % 2 === 1) both.reverse();
      const answers = await Promise.all(both.map((send) => send()));
      outcomes.push(answers.map(told).sort().join(' + '));
    }
    await settled();
    const reversed = '201 + 409 coupon-voided';
    const used = '201 + 409 clone-already-redeemed';
    expect(outcomes.filter((outcome) => outcome !== reversed && outcome !== used)).toEqual([]);
    expect(await brokenInvariants(service.sql)).toEqual({});
    const { [reversed]: before = 0, [used]: after = 0 } = tally(outcomes);
    const others = outcomes.length - before - after;
    const figure = `in ${outcomes.length} rounds ${before} reversed, ${after} used, ${others} both or neither`;
    proven(context, 'C7', FAULTS, figure);
  });

  test('its naive twin lets both through', async (context) => {
    let both = false;
    let rounds = 0;
    for (; rounds < 50 && !both; rounds++) {
      const couponId = await seedCoupon(scratch, '7.naive', 'wal_1');
      const id = (await redeemNaively(scratch, couponId)) ?? '';
      await cloneNaively(scratch, id);
      const [clone] = await scratch.ask<{ id: string }>(
        'select id from coupons where cloned_by = $1',
        [id],
      );
      const [reversed, used] = await Promise.all([
        reverseNaively(scratch, id),
        redeemNaively(scratch, clone?.id ?? ''),
      ]);
      both = reversed && used !== null;
    }
    expect(both).toBe(true);
    twinFailed(context, 'C7', FAULTS, `both in round ${rounds}`);
  });
});

describe('the walls behind the code', () => {
  test('the database itself refuses a second standing redemption', async () => {
    const [coupon] = await coupons(1);
    const { id } = expectStatus(await redeem(shop, coupon?.code ?? ''), 201);
    const second = service.sql(
      `insert into redemptions select r.* from (select (jsonb_populate_record(r,
         jsonb_build_object('id', r.id || 'x'))).* from redemptions r where id = $1) r`,
      [id],
    );
    await expect(second).rejects.toThrow('redemptions_one_standing_a_coupon');
  });
});
