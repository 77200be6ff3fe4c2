import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { brokenIds, brokenInvariants } from '../../support/invariants.ts';
import { claimNaively } from '../../support/naive/claims.ts';
import { openScratch, type Scratch, seedCampaign } from '../../support/naive/scratch.ts';
import { proven, sized, twinFailed } from '../../support/proof.ts';
import { startTestService, type TestService } from '../../support/service.ts';
import { told } from '../../support/service-client.ts';
import {
  claimOutcome,
  expectStatus,
  type Merchant,
  redeem,
  tap,
  World,
} from '../../support/world.ts';

// C6 and I9: windows are judged by the database's clock; that of API and workers may be wrong.
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
});
afterEach(() => void vi.useRealTimers());
afterAll(() => service?.stop());
afterAll(() => scratch?.close());

const HOUR_MS = 3_600_000;

/** The clock of this process, in which API and workers run, is so far off from now on. */
function clockOffBy(milliseconds: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + milliseconds });
}

/** Seconds from the database's now, as RFC 3339. */
async function databaseTime(seconds: number): Promise<string> {
  const [row] = await service.sql<{ at: Date }>(
    'select clock_timestamp() + make_interval(secs => $1) as at',
    [seconds],
  );
  return row?.at.toISOString() ?? '';
}

const windowOf = async (from: number, until: number) => ({
  start: await databaseTime(from),
  end: await databaseTime(until),
});

const STANDINGS = [
  ['open', -60, 60, '201'],
  ['ended', -120, -60, '409 claim-ended'],
  ['not begun', 60, 120, '409 claim-not-started'],
] as const;

describe.each([
  ['2 hours ahead', 2 * HOUR_MS],
  ['2 hours behind', -2 * HOUR_MS],
])('with the clock of the service %s', (what, offset) => {
  test('a class that is open, ended or not begun stays so', async (context) => {
    const right: string[] = [];
    for (const [standing, from, until, expected] of STANDINGS) {
      const classId = await world.couponClass(shop, { claimWindow: await windowOf(from, until) });
      clockOffBy(offset);
      const outcome = await claimOutcome(shop.client, classId, { walletId });
      vi.useRealTimers();
      expect([standing, outcome]).toEqual([standing, expected]);
      right.push(standing);
    }
    const figure = `${right.length} of ${STANDINGS.length} classes stay ${right.join(', ')}`;
    proven(context, 'C6', `the clock of API and workers ${what}`, figure);
  });

  test('a coupon is redeemed in its time', async () => {
    const coupon = await world.coupon(shop, await world.couponClass(shop), walletId);
    const later = { validity: { kind: 'relative', availableAfterHours: 1, validDays: 1 } };
    const early = await world.coupon(shop, await world.couponClass(shop, later), walletId);
    clockOffBy(offset);
    expect(told(await redeem(shop, coupon.code))).toBe('201');
    expect(told(await redeem(shop, early.code))).toBe('409 coupon-not-yet-available');
  });

  test('a tap is timely by the database’s clock', async () => {
    const { token } = await world.present(walletId);
    const iat = Math.floor(Date.parse(await databaseTime(0)) / 1000);
    clockOffBy(offset);
    const wrong = await tap(service.nobody, shop.terminal, token);
    expect(told(wrong)).toBe('401 clock-skew');
    expect((await tap(service.nobody, shop.terminal, token, { iat })).status).toBe(200);
  });
});

/** How many coupons went, and how many of them outside the window of their class. */
async function issuedIn(classId: string, ask = service.sql) {
  const [row] = await ask<{ issued: number; outside: number }>(
    `select count(*)::int as issued, count(*) filter (
              where q.issued_at < c.claim_start or q.issued_at >= c.claim_end)::int as outside
       from coupons q join coupon_classes c on c.id = q.class_id where c.id = $1`,
    [classId],
  );
  return row ?? { issued: 0, outside: 0 };
}

describe('a window that opens and shuts under load, while the clock of the service jumps', () => {
  const CALLERS = 24;
  const OPEN_SECONDS = sized(2, 10);
  const JUMPS_HOURS = [2, -2, 0];

  /** The clock is another one again and again, until it is called off. */
  async function jumping(isOver: () => boolean): Promise<number> {
    let jumps = 0;
    for (; !isOver(); jumps++) {
      vi.useRealTimers();
      clockOffBy((JUMPS_HOURS[jumps % JUMPS_HOURS.length] ?? 0) * HOUR_MS);
      await pause(50);
    }
    vi.useRealTimers();
    return jumps;
  }

  test('is opened and shut by the database to the millisecond', async (context) => {
    const claimWindow = await windowOf(2, 2 + OPEN_SECONDS);
    const classId = await world.couponClass(shop, {
      claimWindow,
      stock: 1_000_000,
      perMemberLimit: 1_000_000,
    });
    const counts: Record<string, number> = {};
    const caller = async (n: number) => {
      for (let outcome = ''; outcome !== '409 claim-ended'; ) {
        outcome = await claimOutcome(service.as(shop.apiKey, n % 2), classId, { walletId });
        counts[outcome] = (counts[outcome] ?? 0) + 1;
      }
    };
    let isOver = false;
    const jumps = jumping(() => isOver);
    await Promise.all(Array.from({ length: CALLERS }, (_, n) => caller(n))).finally(() => {
      isOver = true;
    });
    const kinds = ['201', '409 claim-ended', '409 claim-not-started'];
    expect(Object.keys(counts).sort()).toEqual(kinds);
    const { issued, outside } = await issuedIn(classId);
    expect({ issued, outside }).toEqual({ issued: counts['201'], outside: 0 });
    expect(await brokenInvariants(service.sql)).toEqual({});
    const faults = `${CALLERS} callers from before a window to its end, ${await jumps} jumps of the clock by up to 2 h`;
    proven(context, 'C6', faults, `${issued} issued, ${outside} outside the window`);
  });

  test('coupons that expire while they are redeemed are redeemed in time or not at all', async () => {
    const classId = await world.couponClass(shop, { perMemberLimit: 1000 });
    const coupons = await Promise.all(
      Array.from({ length: 60 }, () => world.coupon(shop, classId, walletId)),
    );
    const end = await databaseTime(1);
    await service.sql('update coupons set expires_at = $2 where class_id = $1', [classId, end]);
    const outcomes: string[] = [];
    for (const { code } of coupons) {
      const wait = (Date.parse(end) - Date.now() - 100) / 60;
      outcomes.push(told(await redeem(shop, code)));
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, wait)));
    }
    outcomes.push(told(await redeem(shop, coupons[0]?.code ?? '')));
    const kinds = ['201', '409 coupon-expired', '409 coupon-already-redeemed'];
    expect(outcomes.filter((outcome) => !kinds.includes(outcome))).toEqual([]);
    expect(await brokenInvariants(service.sql)).toEqual({});
  });
});

describe('the naive twin, which asks the clock of its process', () => {
  test('lets claims in that are hours too late', async (context) => {
    const classId = '7.window';
    const window = ["now() - interval '2 h'", "now() - interval '1 h'"] as const;
    const campaign = { id: classId, stock: 10, perMemberLimit: 10, wallets: ['wal_1'] };
    await seedCampaign(scratch, { ...campaign, claimWindow: window });
    const slow = () => new Date(Date.now() - 1.5 * HOUR_MS);
    for (let claims = 0; claims < campaign.stock; claims++) {
      expect(await claimNaively(scratch, { classId, walletId: 'wal_1' }, slow)).toBe(true);
    }
    expect(await brokenIds(scratch.ask)).toEqual(expect.arrayContaining(['I9 claims']));
    const { issued, outside } = await issuedIn(classId, scratch.ask);
    expect(outside).toBe(campaign.stock);
    const figure = `${issued} issued, ${outside} outside the window`;
    twinFailed(context, 'C6', `${campaign.stock} claims with a clock 1.5 h slow`, figure);
  });
});

test('the worker writes what has expired', async () => {
  const coupon = await world.coupon(shop, await world.couponClass(shop), walletId);
  await service.sql('update coupons set expires_at = clock_timestamp() where id = $1', [coupon.id]);
  const status = async () =>
    (await service.sql('select status from coupons where id = $1', [coupon.id]))[0];
  await expect.poll(status, { timeout: 20_000, interval: 200 }).toEqual({ status: 'expired' });
  const listed = await service.root.get(`/v1/wallets/${walletId}/coupons?status=expired&limit=200`);
  expect(JSON.stringify(expectStatus(listed, 200))).toContain(coupon.id);
});
