import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { brokenIds, brokenInvariants } from '../../support/invariants.ts';
import { redeemNaively, seedCoupon } from '../../support/naive/redemptions.ts';
import { openScratch, type Scratch, seedCampaign } from '../../support/naive/scratch.ts';
import { acceptNaively, seedLink } from '../../support/naive/transfers.ts';
import { startTestService, type TestService } from '../../support/service.ts';
import { type Answer, told } from '../../support/service-client.ts';
import { type Coupon, type Merchant, redemption, World } from '../../support/world.ts';
import { accept, give, opened, type Transfer } from '../../support/world-transfers.ts';

const RECEIVERS = 20;
const ROUNDS = 10;

let service: TestService;
let scratch: Scratch;
let world: World;
let shop: Merchant;
let giver: string;
let receivers: readonly string[];

beforeAll(async () => {
  service = await startTestService({ instances: 2 });
  world = new World(service);
  shop = await world.merchant();
  giver = await world.wallet();
  receivers = await times(RECEIVERS, () => world.wallet());
});
beforeAll(async () => {
  scratch = await openScratch();
  const wallets = ['wal_0', ...Array.from({ length: RECEIVERS }, (_, n) => `wal_${n + 1}`)];
  const campaign = { id: '7.naive', stock: 1_000_000, perMemberLimit: 1_000_000 };
  await seedCampaign(scratch, { ...campaign, wallets });
});
afterAll(() => service?.stop());
afterAll(() => scratch?.close());

const times = <T>(count: number, work: (n: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, n) => work(n)));
const at = (n: number) => service.as(shop.apiKey, n % 2);

function tally(outcomes: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

async function newCoupon(): Promise<Coupon> {
  const classId = await world.couponClass(shop, { transferable: true, budgetMinor: 500 });
  return world.coupon(shop, classId, giver);
}

const acceptedBy = (n: number, { token }: Transfer) =>
  accept(at(n), token, receivers[n % RECEIVERS] ?? '');

/** Sends all at once, in each round another one first. */
async function together(round: number, sends: readonly (() => Promise<Answer>)[]) {
  const first = round % sends.length;
  const turned = [...sends.slice(first), ...sends.slice(0, first)];
  return (await Promise.all(turned.map((send) => send()))).map(told);
}

const wins = (answers: readonly string[]) => answers.filter((answer) => answer.startsWith('2'));

describe('one link', () => {
  test('accepted by 20 wallets while its coupon is redeemed has one outcome', async () => {
    const winners: string[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const coupon = await newCoupon();
      const link = await opened(shop.client, coupon.id);
      const redeeming = () => at(round).post('/v1/redemptions', redemption(shop, coupon.code));
      const accepting = Array.from({ length: RECEIVERS }, (_, n) => () => acceptedBy(n, link));
      const [redeemed, ...others] = await (round % 2 === 0
        ? Promise.all([redeeming, ...accepting].map((send) => send()))
        : Promise.all([...accepting, redeeming].map((send) => send())).then((answers) => [
            ...answers.slice(-1),
            ...answers.slice(0, -1),
          ]));
      const isRedeemed = told(redeemed as Answer) === '201';
      winners.push(isRedeemed ? 'redeemed' : 'accepted');
      const lost = isRedeemed ? '409 coupon-already-redeemed' : '409 transfer-already-accepted';
      expect(tally(others.map(told))).toEqual(
        isRedeemed ? { [lost]: RECEIVERS } : { '201': 1, [lost]: RECEIVERS - 1 },
      );
      if (!isRedeemed) {
        expect(told(redeemed as Answer)).toBe('409 coupon-already-redeemed');
      }
    }
    expect(winners).toHaveLength(ROUNDS);
    expect(await brokenInvariants(service.sql)).toEqual({});
  });

  test('its naive twin has several', async () => {
    let outcomes = 0;
    for (let round = 0; round < 20 && outcomes < 2; round++) {
      const couponId = await seedCoupon(scratch, '7.naive', 'wal_0');
      const link = await seedLink(scratch, couponId);
      const redeeming = redeemNaively(scratch, couponId).then((id) => id !== null);
      const accepting = times(RECEIVERS, (n) => acceptNaively(scratch, link, `wal_${n + 1}`));
      outcomes = [await redeeming, ...(await accepting)].filter(Boolean).length;
    }
    expect(outcomes).toBeGreaterThan(1);
    expect(await brokenIds(scratch.ask)).toContain('I12 one');
  });

  test('is revoked or accepted, never both', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const { id } = await newCoupon();
      const link = await opened(shop.client, id);
      const answers = await together(round, [
        () => at(round).delete(`/v1/coupons/${id}/transfer`),
        () => acceptedBy(round, link),
      ]);
      expect(wins(answers)).toHaveLength(1);
      const accepted = ['201', '404 not-found'];
      const revoked = ['204', '409 transfer-revoked'];
      expect([accepted, revoked]).toContainEqual(answers.sort());
    }
    expect(await brokenInvariants(service.sql)).toEqual({});
  });
});

describe('one coupon', () => {
  test('given away 20 times at once has one open link', async () => {
    const { id } = await newCoupon();
    const made = await times(20, (n) => give(at(n), id));
    expect(tally(made.map(told))).toEqual({ '201': 20 });
    const offers = await times(20, (n) =>
      service.root.get<{ status: string }>(`/v1/transfers/${made[n]?.body.token}`),
    );
    expect(tally(offers.map(({ body }) => body.status))).toEqual({ open: 1, revoked: 19 });
    expect(await brokenInvariants(service.sql)).toEqual({});
  });

  test('voided 20 times at once gives its part of the budget back once', async () => {
    const classId = await world.couponClass(shop, { budgetMinor: 1000, perMemberLimit: 3 });
    const coupons = await times(2, () => world.coupon(shop, classId, giver));
    const committed = () =>
      service.sql('select committed_minor::int as minor from coupon_classes where id = $1', [
        classId,
      ]);
    expect(await committed()).toEqual([{ minor: 1000 }]);
    const path = `/v1/coupons/${coupons[0]?.id}/void`;
    const answers = await times(20, (n) => at(n).post(path));
    expect(tally(answers.map(({ status }) => String(status)))).toEqual({ '200': 20 });
    expect(await committed()).toEqual([{ minor: 500 }]);
    await world.coupon(shop, classId, giver);
  });

  test('is voided or accepted, never both', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const { id } = await newCoupon();
      const link = await opened(shop.client, id);
      const sends = [() => at(round).post(`/v1/coupons/${id}/void`), () => acceptedBy(round, link)];
      const answers = await together(round, sends);
      const refused = answers.filter((answer) => answer.startsWith('409'));
      expect(refused).toHaveLength(1);
      expect(['409 coupon-voided', '409 coupon-already-redeemed']).toContain(refused[0]);
    }
    expect(await brokenInvariants(service.sql)).toEqual({});
  });

  test('does not escape the voiding of its class by going to another wallet', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const { id, classId } = await newCoupon();
      const link = await opened(shop.client, id);
      const answers = await together(round, [
        () => at(round).post(`/v1/coupon-classes/${classId}/void`, { issuedToo: true }),
        () => acceptedBy(round, link),
      ]);
      expect(answers.filter((answer) => answer.startsWith('5'))).toEqual([]);
      const left = await service.sql(
        `select from coupons where class_id = $1 and status = 'issued'`,
        [classId],
      );
      expect(left).toEqual([]);
    }
    expect(await brokenInvariants(service.sql)).toEqual({});
  });
});

describe('the walls behind the code', () => {
  test('the database itself refuses a second successor, and a second open link', async () => {
    const { id } = await newCoupon();
    const link = await opened(shop.client, id);
    const second = service.sql(
      `insert into transfers (id, coupon_id, token_sha256, expires_at)
       values ('trf_x', $1, 'x', now() + interval '1 h')`,
      [id],
    );
    await expect(second).rejects.toThrow('transfers_one_open_a_coupon');
    await acceptedBy(0, link);
    const copy = service.sql(
      `insert into coupons select r.* from (select (jsonb_populate_record(q,
         jsonb_build_object('id', q.id || 'x', 'code', 'x'))).* from coupons q
          where transferred_from = $1) r`,
      [id],
    );
    await expect(copy).rejects.toThrow('coupons_one_successor');
  });
});
