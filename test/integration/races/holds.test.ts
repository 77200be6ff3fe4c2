import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { releaseOverdueHolds } from '../../../src/redemptions/settle-hold.ts';
import { brokenInvariants } from '../../support/invariants.ts';
import { holdNaively, redeemAllNaively, settleNaively } from '../../support/naive/holds.ts';
import { redeemNaively, seedCoupon } from '../../support/naive/redemptions.ts';
import { openScratch, type Scratch, seedCampaign } from '../../support/naive/scratch.ts';
import { acceptNaively, seedLink } from '../../support/naive/transfers.ts';
import { startTestService, type TestService } from '../../support/service.ts';
import { type Answer, told } from '../../support/service-client.ts';
import {
  type Coupon,
  expectStatus,
  type Merchant,
  redemption,
  World,
} from '../../support/world.ts';
import { accept, opened } from '../../support/world-transfers.ts';

let service: TestService;
let scratch: Scratch;
let world: World;
let shop: Merchant;
let giver: string;
let receiver: string;

beforeAll(async () => {
  service = await startTestService({ instances: 2 });
  world = new World(service);
  shop = await world.merchant();
  [giver, receiver] = [await world.wallet(), await world.wallet()];
});
beforeAll(async () => {
  scratch = await openScratch();
  const campaign = { id: '7.naive', stock: 1_000_000, perMemberLimit: 1_000_000 };
  await seedCampaign(scratch, { ...campaign, wallets: ['wal_0', 'wal_1'] });
});
afterAll(() => service?.stop());
afterAll(() => scratch?.close());

const ROUNDS = 10;
const HOLD = { hold: { seconds: 60 } };
const times = <T>(count: number, work: (n: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, n) => work(n)));
const at = (n: number) => service.as(shop.apiKey, n % 2);

function tally(outcomes: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

async function coupons(count: number, fields = {}): Promise<Coupon[]> {
  const classId = await world.couponClass(shop, { perMemberLimit: 1000, ...fields });
  return times(count, () => world.coupon(shop, classId, giver));
}

const holding = (n: number, code: string) =>
  at(n).post<{ id: string }>('/v1/redemptions', redemption(shop, code, HOLD));
const redeeming = (n: number, code: string) =>
  at(n).post('/v1/redemptions', redemption(shop, code));

/** Sends all at once, in each round another one first. */
async function together(round: number, sends: readonly (() => Promise<Answer>)[]) {
  const first = round % sends.length;
  const turned = [...sends.slice(first), ...sends.slice(0, first)];
  return (await Promise.all(turned.map((send) => send()))).map(told);
}

const won = (outcomes: readonly string[]) => outcomes.filter((outcome) => outcome.startsWith('2'));
const failed = (outcomes: readonly string[]) => outcomes.filter((outcome) => /^[15]/.test(outcome));

describe('one coupon', () => {
  test('held, redeemed and accepted 32 times at once goes one way', async () => {
    for (const [round, coupon] of (await coupons(ROUNDS, { transferable: true })).entries()) {
      const { token } = await opened(shop.client, coupon.id);
      const sends = Array.from({ length: 32 }, (_, n) => () => {
        if (n % 3 === 0) return holding(n, coupon.code);
        return n % 3 === 1 ? redeeming(n, coupon.code) : accept(at(n), token, receiver);
      });
      const outcomes = await together(round, sends);
      expect(won(outcomes)).toHaveLength(1);
      expect(failed(outcomes)).toEqual([]);
    }
    expect(await brokenInvariants(service.sql)).toEqual({});
  });

  test('its naive twin goes several', async () => {
    let ways = 0;
    for (let round = 0; round < 20 && ways < 2; round++) {
      const couponId = await seedCoupon(scratch, '7.naive', 'wal_0');
      const link = await seedLink(scratch, couponId);
      const outcomes = await times<unknown>(30, (n) => {
        if (n % 3 === 0) return holdNaively(scratch, couponId);
        return n % 3 === 1
          ? redeemNaively(scratch, couponId)
          : acceptNaively(scratch, link, 'wal_1');
      });
      ways = outcomes.filter(Boolean).length;
    }
    expect(ways).toBeGreaterThan(1);
  });

  test('whose hold is over is held or redeemed anew once', async () => {
    for (const [round, { code }] of (await coupons(ROUNDS)).entries()) {
      const { id } = expectStatus(await holding(round, code), 201);
      await service.sql('update redemptions set held_until = clock_timestamp() where id = $1', [
        id,
      ]);
      const sends = Array.from({ length: 32 }, (_, n) => () => {
        return n % 2 === 0 ? holding(n, code) : redeeming(n, code);
      });
      const outcomes = together(round, sends);
      await releaseOverdueHolds(service.database);
      expect(won(await outcomes)).toHaveLength(1);
      expect(failed(await outcomes)).toEqual([]);
    }
    expect(await brokenInvariants(service.sql)).toEqual({});
  });
});

describe('one hold', () => {
  test('confirmed, released and over at once ends one way', async () => {
    const ways: string[] = [];
    for (const [round, { code }] of (await coupons(ROUNDS)).entries()) {
      const { id } = expectStatus(await holding(round, code), 201);
      // In half of the rounds its end comes while the calls are on their way.
      if (round % 2 === 1) {
        await service.sql(
          `update redemptions set held_until = clock_timestamp() + interval '30 ms' where id = $1`,
          [id],
        );
      }
      const calls = ['confirmation', 'release', 'anew'] as const;
      const sends = Array.from({ length: 32 }, (_, n) => async () => {
        const call = calls[n % 3] ?? 'anew';
        if (call === 'anew') return redeeming(n, code);
        return at(n).post(`/v1/redemptions/${id}/${call}`);
      });
      const first = round % 3;
      const turned = [...sends.slice(first), ...sends.slice(0, first)];
      const answers = await Promise.all(turned.map((send) => send()));
      const of = (call: (typeof calls)[number]) =>
        won(answers.filter((_, n) => calls[((n + first) % 32) % 3] === call).map(told)).length;
      expect(failed(answers.map(told))).toEqual([]);
      expect(of('confirmation') + of('anew')).toBeLessThanOrEqual(1);
      if (of('confirmation') === 1) expect(of('release')).toBe(0);
      ways.push(of('confirmation') === 1 ? 'confirmed' : 'given back');
    }
    expect(ways).toHaveLength(ROUNDS);
    expect(await brokenInvariants(service.sql)).toEqual({});
  });

  test('its naive twin ends both ways', async () => {
    let both = false;
    for (let round = 0; round < 50 && !both; round++) {
      const couponId = await seedCoupon(scratch, '7.naive', 'wal_0');
      const id = (await holdNaively(scratch, couponId)) ?? '';
      const [confirmed, released] = await Promise.all([
        settleNaively(scratch, id, 'confirmed'),
        settleNaively(scratch, id, 'released'),
      ]);
      both = confirmed && released;
    }
    expect(both).toBe(true);
  });
});

describe('baskets that share coupons in opposite order', () => {
  /** Coupons of three classes, which go together. */
  const three = async () => (await times(3, () => coupons(1))).flat();
  const deadlocks = async () =>
    Number(
      (
        await service.sql<{ n: string }>(
          'select deadlocks as n from pg_stat_database where datname = current_database()',
        )
      )[0]?.n,
    );

  test('use each coupon once, all of them or none, and wait for nobody in a circle', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const codes = (await three()).map(({ code }) => code);
      const { couponCode: _, ...rest } = redemption(shop, '');
      const hold = round % 2 === 1 ? HOLD : {};
      const sends = Array.from({ length: 32 }, (_, n) => () => {
        const couponCodes = n % 2 === 0 ? codes : codes.toReversed();
        return at(n).post('/v1/redemptions', { ...rest, couponCodes, ...hold });
      });
      const lost = round % 2 === 1 ? '409 coupon-held' : '409 coupon-already-redeemed';
      expect(tally(await together(round, sends))).toEqual({ '201': 1, [lost]: 31 });
    }
    expect(await deadlocks()).toBe(0);
    expect(await brokenInvariants(service.sql)).toEqual({});
  });

  test('of which each has one of its own share the rest out', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const [a, b, c, d] = [...(await three()), ...(await coupons(1))];
      const codes = [a, b, c, d].map((coupon) => coupon?.code ?? '');
      const { couponCode: _, ...rest } = redemption(shop, '');
      const answers = await Promise.all([
        at(0).post('/v1/redemptions', { ...rest, couponCodes: codes.slice(0, 3) }),
        at(1).post('/v1/redemptions', { ...rest, couponCodes: codes.slice(1).toReversed() }),
      ]);
      expect(answers.map(told)).toEqual(['201', '201']);
      const used = answers.flatMap(
        ({ body }) => (body as unknown as { redemptions: { couponId: string }[] }).redemptions,
      );
      expect(new Set(used.map(({ couponId }) => couponId)).size).toBe(4);
      expect(used).toHaveLength(4);
    }
    expect(await brokenInvariants(service.sql)).toEqual({});
  });

  test('their naive twins wait for each other until one is thrown out', async () => {
    let thrownOut = 0;
    for (let round = 0; round < 30 && thrownOut === 0; round++) {
      const ids = await times(8, () => seedCoupon(scratch, '7.naive', 'wal_0'));
      const ended = await Promise.allSettled([
        redeemAllNaively(scratch, ids),
        redeemAllNaively(scratch, ids.toReversed()),
      ]);
      thrownOut = ended.filter(({ status }) => status === 'rejected').length;
    }
    expect(thrownOut).toBeGreaterThan(0);
  });
});
