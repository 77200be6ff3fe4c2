import { describe, expect, test } from 'vitest';
import { type Problem, told } from '../../support/service-client.ts';
import { openShop } from '../../support/shop.ts';
import {
  type Claim,
  claim,
  expectStatus,
  type Fields,
  type Merchant,
  tap,
  window,
} from '../../support/world.ts';

const HOUR_MS = 3_600_000;

const { service, world, shop } = await openShop();
const walletId = await world.wallet();

/** The answer to a claim from a new class, which keeps no trace of a refusal. */
async function refusalOf(fields: Fields, claimed: Fields = {}): Promise<string> {
  const classId = await world.couponClass(shop, fields);
  const answer = await claim(shop.client, classId, { walletId, ...claimed });
  const { body } = await shop.client.get(`/v1/coupon-classes/${classId}`);
  expect(body).toMatchObject({ stats: { claimed: 0 } });
  const left = await service.sql('select from class_members where class_id = $1', [classId]);
  expect(left).toEqual([]);
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  return told(answer);
}

const tapAt = async (merchant: Merchant, holder = walletId, claims: Fields = {}) => {
  const { token } = await world.present(holder);
  return expectStatus(await tap(service.nobody, merchant.terminal, token, claims), 200).id;
};

describe('the time of the claim', () => {
  test('before the window', async () => {
    const claimWindow = window(HOUR_MS, 2 * HOUR_MS);
    expect(await refusalOf({ claimWindow })).toBe('409 claim-not-started');
  });

  test('after the window', async () => {
    const claimWindow = window(-2 * HOUR_MS, -HOUR_MS);
    expect(await refusalOf({ claimWindow })).toBe('409 claim-ended');
  });

  test('of a draft', async () => {
    expect(await refusalOf({ status: 'draft' })).toBe('409 claim-not-started');
  });

  test('of a class that was withdrawn', async () => {
    const classId = await world.couponClass(shop);
    await shop.client.post(`/v1/coupon-classes/${classId}/void`);
    const answer = await claim(shop.client, classId, { walletId });
    expect(told(answer)).toBe('409 coupon-class-voided');
  });
});

describe('the tap of a tap-to-claim class', () => {
  const tapClaim = { issueType: 'tap_claim' };

  test('is missing', async () => {
    expect(await refusalOf(tapClaim)).toBe('409 tap-required');
  });

  test('never was', async () => {
    const tapId = `tap_${'0'.repeat(26)}`;
    expect(await refusalOf(tapClaim, { tapId })).toBe('409 tap-required');
  });

  test('was made by another wallet', async () => {
    const tapId = await tapAt(shop, await world.wallet());
    expect(await refusalOf(tapClaim, { tapId })).toBe('409 tap-required');
  });

  test('was made at another issuer', async () => {
    const tapId = await tapAt(await world.merchant());
    expect(await refusalOf(tapClaim, { tapId })).toBe('409 tap-required');
  });

  test.each([
    [10 * 60 + 1, '409 tap-expired'],
    [9 * 60 + 50, '201'],
  ])('is %d seconds old: %s', async (seconds, expected) => {
    const tapId = await tapAt(shop);
    await service.sql(
      'update taps set tapped_at = clock_timestamp() - make_interval(secs => $2) where id = $1',
      [tapId, seconds],
    );
    const classId = await world.couponClass(shop, tapClaim);
    expect(told(await claim(shop.client, classId, { walletId, tapId }))).toBe(expected);
  });

  test('was made in another store, or nobody knows where', async () => {
    for (const id of ['airport', 'harbour']) await world.store(shop, id);
    const fields = { ...tapClaim, stores: ['harbour'] };
    for (const name of ['till-airport', 'till-of-nobody', null]) {
      const tapId = await tapAt(shop, walletId, { terminal: name });
      expect(await refusalOf(fields, { tapId })).toBe('409 store-not-eligible');
    }
  });
});

describe('the member', () => {
  test('holds no pass of the classes', async () => {
    const memberClasses = [await world.passClass(shop)];
    expect(await refusalOf({ memberClasses })).toBe('409 member-not-eligible');
  });

  test('holds one that is not active, or not now', async () => {
    const gold = await world.passClass(shop);
    const over = { end: { date: '2020-01-01T00:00:00Z' } };
    for (const fields of [{ state: 'INACTIVE' }, { validTimeInterval: over }]) {
      const holder = await world.wallet();
      await world.pass(shop, gold, holder, fields);
      const told = await refusalOf({ memberClasses: [gold] }, { walletId: holder });
      expect(told).toBe('409 member-not-eligible');
    }
  });

  test('is no PLUS member', async () => {
    expect(await refusalOf({ plusOnly: true })).toBe('409 member-not-eligible');
  });

  test('has had as many as one may', async () => {
    const classId = await world.couponClass(shop, { perMemberLimit: 1 });
    await world.coupon(shop, classId, walletId);
    expect(told(await claim(shop.client, classId, { walletId }))).toBe('409 member-limit-reached');
    expect((await claim(shop.client, classId, { walletId: await world.wallet() })).status).toBe(
      201,
    );
  });
});

test('nothing is left', async () => {
  const classId = await world.couponClass(shop, { stock: 1 });
  await world.coupon(shop, classId, await world.wallet());
  const answer = await claim(shop.client, classId, { walletId });
  expect(told(answer)).toBe('409 sold-out');
});

describe('what is not there, or not the caller’s', () => {
  test('a class', async () => {
    const answer = await claim(shop.client, `${shop.issuerId}.nothing`, { walletId });
    expect(told(answer)).toBe('404 not-found');
  });

  test('a pass class is no coupon class', async () => {
    const classId = await world.passClass(shop);
    expect(told(await claim(shop.client, classId, { walletId }))).toBe('404 not-found');
  });

  test('a wallet', async () => {
    const told = await refusalOf({}, { walletId: `wal_${'0'.repeat(26)}` });
    expect(told).toBe('404 wallet-not-found');
  });

  test('a wallet that another issuer keeps', async () => {
    const other = await world.merchant();
    const told = await refusalOf({}, { walletId: await world.wallet(other.client) });
    expect(told).toBe('404 wallet-not-found');
  });

  test('a claim', async () => {
    const answer = await shop.client.get(`/v1/claims/clm_${'0'.repeat(26)}`);
    expect(told(answer)).toBe('404 not-found');
  });

  test('a class with a key that is used up by nobody', async () => {
    const headers = { 'Idempotency-Key': 'claim of nothing' };
    const nothing = `${shop.issuerId}.nothing`;
    for (let attempt = 0; attempt < 2; attempt++) {
      const answer = await claim(shop.client, nothing, { walletId }, headers);
      expect(told(answer)).toBe('404 not-found');
    }
  });
});

describe('a refusal without waiting', () => {
  test('is told when the claim is asked for', async () => {
    const classId = await world.couponClass(shop, { status: 'draft' });
    const headers = { Prefer: 'respond-async' };
    const { status, body } = await claim(shop.client, classId, { walletId }, headers);
    expect(status).toBe(202);
    await expect
      .poll(async () => (await shop.client.get<Claim>(`/v1/claims/${body.id}`)).body, {
        timeout: 5000,
      })
      .toEqual({
        id: body.id,
        classId,
        walletId,
        createdAt: body.createdAt,
        status: 'refused',
        refusal: 'claim-not-started',
      });
  });
});

describe('the words of a refusal', () => {
  test('follow the language of the caller; the code does not', async () => {
    const classId = await world.couponClass(shop, { status: 'draft' });
    const ask = async (language: string) => {
      const headers = { 'Accept-Language': language };
      const answer = await claim(shop.client, classId, { walletId }, headers);
      return answer.body as unknown as Problem;
    };
    const chinese = await ask('fr, zh-CN;q=0.8, en;q=0.5');
    const english = await ask('zh;q=0.3, en;q=0.9');
    expect(chinese).toMatchObject({ code: 'claim-not-started', title: '尚未开始领取' });
    expect(english).toMatchObject({
      code: 'claim-not-started',
      title: 'Claiming has not started',
      status: 409,
      type: 'https://tapline.test/problems/claim-not-started',
      requestId: expect.stringMatching(/^req_/),
    });
  });
});
