import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { issuedOf, tally } from '../../support/herd.ts';
import { brokenIds, brokenInvariants } from '../../support/invariants.ts';
import { claimNaively } from '../../support/naive/claims.ts';
import { openScratch, type Scratch, seedCampaign } from '../../support/naive/scratch.ts';
import { proven, sized, twinFailed } from '../../support/proof.ts';
import { startTestService, type TestService } from '../../support/service.ts';
import { claimOutcome, type Merchant, World } from '../../support/world.ts';

/** How many claims come at once, and how often. */
const CLAIMS = sized(32, 64);
const ROUNDS = sized(10, 200);
const FAULTS = `${CLAIMS} claims at once`;

let service: TestService;
let scratch: Scratch;
let world: World;
let shop: Merchant;
let wallets: string[];

beforeAll(async () => {
  service = await startTestService({ instances: 2 });
  world = new World(service);
  shop = await world.merchant();
  wallets = await Promise.all(
    Array.from({ length: Math.max(CLAIMS, ROUNDS) }, () => world.wallet()),
  );
});
beforeAll(async () => {
  scratch = await openScratch();
});
afterAll(() => service?.stop());
afterAll(() => scratch?.close());

/** All claims at once, over both instances; gives how often each outcome came. */
async function atOnce(classId: string, walletIds: readonly string[]) {
  const outcomes = await Promise.all(
    walletIds.map((walletId, n) =>
      claimOutcome(service.as(shop.apiKey, n % 2), classId, { walletId }),
    ),
  );
  return tally(outcomes);
}

describe(`${CLAIMS} claims at once`, () => {
  test('of as many members for the last piece: one gets it', async (context) => {
    let issued = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const classId = await world.couponClass(shop, { stock: 1 });
      const counts = await atOnce(classId, wallets.slice(0, CLAIMS));
      expect(counts).toEqual({ '201': 1, '409 sold-out': CLAIMS - 1 });
      issued += (await issuedOf(service.sql, classId)).issued;
    }
    expect(issued).toBe(ROUNDS);
    expect(await brokenInvariants(service.sql)).toEqual({});
    proven(context, 'C1', `${FAULTS} for the last piece`, `${issued} issued in ${ROUNDS} rounds`);
  });

  test('of one member with a limit of one: one is issued', async (context) => {
    let issued = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const classId = await world.couponClass(shop, { perMemberLimit: 1 });
      const one = new Array<string>(CLAIMS).fill(wallets[round] ?? '');
      const counts = await atOnce(classId, one);
      expect(counts).toEqual({ '201': 1, '409 member-limit-reached': CLAIMS - 1 });
      issued += (await issuedOf(service.sql, classId)).issued;
    }
    expect(issued).toBe(ROUNDS);
    expect(await brokenInvariants(service.sql)).toEqual({});
    proven(context, 'C1', `${FAULTS} of one member`, `${issued} issued in ${ROUNDS} rounds`);
  });

  test('of 8 members for 4 classes each: every class gives its own stock', async () => {
    const classIds = await Promise.all(
      [3, 5, 7, 9].map((stock) => world.couponClass(shop, { stock, perMemberLimit: 2 })),
    );
    const counts = await Promise.all(
      classIds.map((classId) =>
        atOnce(
          classId,
          wallets.slice(0, 8).flatMap((id) => [id, id, id]),
        ),
      ),
    );
    expect(counts.map((count) => count['201'])).toEqual([3, 5, 7, 9]);
    expect(await brokenInvariants(service.sql)).toEqual({});
  });

  test('while stock is added and the class is voided: what was said is kept', async () => {
    const classId = await world.couponClass(shop, { stock: 5 });
    const path = `/v1/coupon-classes/${classId}`;
    const [counts] = await Promise.all([
      atOnce(classId, wallets),
      shop.client.post(`${path}/stock`, { add: 7 }),
      new Promise((resolve) => setTimeout(resolve, 30)).then(() =>
        shop.client.post(`${path}/void`),
      ),
    ]);
    const { body } = await shop.client.get<{ stats: { claimed: number } }>(path);
    expect(body.stats.claimed).toBe(counts['201'] ?? 0);
    expect(await brokenInvariants(service.sql)).toEqual({});
  });
});

describe('the naive twin', () => {
  /** Rounds of claims at once, until the invariant breaks. */
  async function untilBroken(id: string, claimsOf: (round: number) => readonly string[]) {
    for (let round = 0; round < 20; round++) {
      const classId = `7.${id.toLowerCase()}-${round}`;
      const walletIds = claimsOf(round);
      const campaign = { id: classId, stock: id === 'I1' ? 1 : 1000, perMemberLimit: 1 };
      await seedCampaign(scratch, { ...campaign, wallets: [...new Set(walletIds)] });
      await Promise.all(
        walletIds.map((walletId) => claimNaively(scratch, { classId, walletId }, () => new Date())),
      );
      if (!(await brokenIds(scratch.ask)).includes(id)) continue;
      const { issued } = await issuedOf(scratch.ask, classId);
      return { issued, told: `${issued} issued in round ${round + 1}` };
    }
    throw new Error(`${id} held for the naive twin too`);
  }

  test('gives the last piece to several', async (context) => {
    const many = Array.from({ length: CLAIMS }, (_, n) => `wal_${n}`);
    const { issued, told } = await untilBroken('I1', () => many);
    expect(issued).toBeGreaterThan(1);
    twinFailed(context, 'C1', `${FAULTS} for the last piece`, told);
  });

  test('gives one member several', async (context) => {
    const one = (round: number) => new Array<string>(CLAIMS).fill(`wal_one_${round}`);
    const { issued, told } = await untilBroken('I2', one);
    expect(issued).toBeGreaterThan(1);
    twinFailed(context, 'C1', `${FAULTS} of one member`, told);
  });
});

describe('the walls behind the code', () => {
  const issue = (couponId: string, classId: string) =>
    service.sql(
      `insert into coupons (id, issuer_id, class_id, wallet_id, code, status, available_at,
                            expires_at, generation, lineage_id)
       values ($1, $2, $3, $4, $1, 'issued', now(), now() + interval '1 d', 0, $1)`,
      [couponId, shop.issuerId, classId, wallets[0]],
    );

  test('the database itself refuses a counter beyond the stock, or a member’s beyond the limit', async () => {
    const classId = await world.couponClass(shop, { stock: 1 });
    const beyond = service.sql('update coupon_classes set claimed = 2 where id = $1', [classId]);
    await expect(beyond).rejects.toThrow('coupon_classes_stock');
    const member = service.sql(
      'insert into class_members (class_id, wallet_id, claimed, member_limit) values ($1, $2, 2, 1)',
      [classId, wallets[0]],
    );
    await expect(member).rejects.toThrow('class_members_limit');
  });

  test('the invariants see a coupon that no claim gave', async () => {
    const classId = await world.couponClass(shop, { stock: 1 });
    const id = `cpn_${randomUUID()}`;
    await issue(id, classId);
    expect(await brokenIds(service.sql)).toEqual(['I3 classes', 'I3 members', 'I4 claims']);
    await service.sql('delete from coupons where id = $1', [id]);
    expect(await brokenInvariants(service.sql)).toEqual({});
  });
});
