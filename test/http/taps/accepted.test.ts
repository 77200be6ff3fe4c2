import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestService, type TestService } from '../../support/service.ts';
import {
  expectStatus,
  type Merchant,
  minutesFromNow,
  type TapAnswer,
  tap,
  World,
} from '../../support/world.ts';

let service: TestService;
let world: World;
let foo: Merchant;
let mocha: Merchant;

beforeAll(async () => {
  service = await startTestService();
  world = new World(service);
  foo = await world.merchant();
  mocha = await world.merchant();
});
afterAll(() => service.stop());

/** Presents the home screen, or the one given, and taps at the merchant. */
async function tapAt(merchant: Merchant, walletId: string, claims = {}, screen = {}) {
  const { token } = await world.present(walletId, { screen: 'home', ...screen });
  return expectStatus(await tap(service.nobody, merchant.terminal, token, claims), 200);
}

const briefly = ({ outcome, passes, coupons }: TapAnswer) => ({
  outcome,
  passes: passes.map(({ objectId }) => objectId),
  coupons: coupons.map(({ id }) => id),
});

describe('what a terminal receives', () => {
  test('the one pass that matches', async () => {
    const walletId = await world.wallet();
    const classId = await world.passClass(foo);
    const objectId = await world.pass(foo, classId, walletId);
    expect(await tapAt(foo, walletId)).toEqual({
      id: expect.stringMatching(/^tap_[0-9a-z]{26}$/),
      outcome: 'transferred',
      passes: [
        {
          objectId,
          classId,
          issuerId: foo.issuerId,
          type: 'loyalty',
          redemptionValue: `value of ${objectId}`,
        },
      ],
      coupons: [],
      walletRef: expect.stringMatching(/^ref_[0-9a-f]{36}$/),
    });
  });

  test('nothing from an empty wallet', async () => {
    const walletId = await world.wallet();
    expect(briefly(await tapAt(foo, walletId))).toEqual({
      outcome: 'nothing',
      passes: [],
      coupons: [],
    });
  });

  test('a pass of another issuer, where it is listed', async () => {
    const walletId = await world.wallet();
    const classId = await world.passClass(foo, { redemptionIssuers: [mocha.issuerId] });
    const objectId = await world.pass(foo, classId, walletId);
    expect(briefly(await tapAt(mocha, walletId)).passes).toEqual([objectId]);
    expect(briefly(await tapAt(foo, walletId)).outcome).toBe('nothing');
  });

  test('the pass on the screen and no other', async () => {
    const walletId = await world.wallet();
    const classId = await world.passClass(foo);
    await world.pass(foo, classId, walletId);
    const shown = await world.pass(foo, classId, walletId);
    const answer = await tapAt(foo, walletId, {}, { screen: 'pass', objectId: shown });
    expect(briefly(answer)).toEqual({ outcome: 'transferred', passes: [shown], coupons: [] });
  });

  test('the types it asks for', async () => {
    const walletId = await world.wallet();
    const loyalty = await world.pass(foo, await world.passClass(foo), walletId);
    const offers = await world.passClass(foo, { vertical: 'offer' });
    const offer = await world.pass(foo, offers, walletId, { vertical: 'offer' });
    const receives = async (...types: string[]) => briefly(await tapAt(foo, walletId, { types }));
    expect((await receives('offer')).passes).toEqual([offer]);
    expect((await receives('loyalty', 'transit')).passes).toEqual([loyalty]);
    expect((await receives('giftCard', 'flight')).outcome).toBe('nothing');
    expect((await receives('loyalty', 'offer')).outcome).toBe('choose');
  });

  test('the coupons it may redeem, alone or beside the pass', async () => {
    const walletId = await world.wallet();
    const own = await world.coupon(foo, await world.couponClass(foo), walletId);
    const shared = { redemptionIssuers: [foo.issuerId, mocha.issuerId] };
    const both = await world.coupon(mocha, await world.couponClass(mocha, shared), walletId);
    expect(briefly(await tapAt(mocha, walletId)).coupons).toEqual([both.id]);
    const objectId = await world.pass(foo, await world.passClass(foo), walletId);
    const { passes, coupons } = await tapAt(foo, walletId);
    expect(passes.map((pass) => pass.objectId)).toEqual([objectId]);
    expect(coupons.map(({ id }) => id).sort()).toEqual([own.id, both.id].sort());
    expect(coupons.find(({ id }) => id === own.id)).toEqual({
      id: own.id,
      classId: own.classId,
      issuerId: foo.issuerId,
      redemptionValue: own.code,
    });
  });

  test('no pass that is not valid now', async () => {
    const classId = await world.passClass(foo);
    const interval = (start: number, end: number) => ({
      validTimeInterval: {
        start: { date: minutesFromNow(start) },
        end: { date: minutesFromNow(end) },
      },
    });
    const outcomes = [];
    for (const fields of [
      { state: 'INACTIVE' },
      { state: 'EXPIRED' },
      { state: 'COMPLETED' },
      interval(1, 2),
      interval(-2, -1),
      interval(-1, 1),
    ]) {
      const walletId = await world.wallet();
      await world.pass(foo, classId, walletId, fields);
      outcomes.push((await tapAt(foo, walletId)).outcome);
    }
    expect(outcomes).toEqual([...Array(5).fill('nothing'), 'transferred']);
  });
});

describe('the reference of the wallet', () => {
  test('is the same at every tap of a collector and another at any other', async () => {
    const walletId = await world.wallet();
    const other = await world.wallet();
    const first = await tapAt(foo, walletId);
    const second = await tapAt(foo, walletId);
    const elsewhere = await tapAt(mocha, walletId);
    const someoneElse = await tapAt(foo, other);
    expect(second.walletRef).toBe(first.walletRef);
    expect(new Set([first, elsewhere, someoneElse].map(({ walletRef }) => walletRef)).size).toBe(3);
  });
});

describe('the carousel', () => {
  test('shows the choices to the wallet alone; the next tap gets the one that is picked', async () => {
    const walletId = await world.wallet();
    const classId = await world.passClass(foo);
    const first = await world.pass(foo, classId, walletId);
    const second = await world.pass(foo, classId, walletId);
    const { id, token } = await world.present(walletId);
    const tapNow = async () => expectStatus(await tap(service.nobody, foo.terminal, token), 200);
    expect(briefly(await tapNow())).toEqual({ outcome: 'choose', passes: [], coupons: [] });
    const waiting = await service.root.get(`/v1/presentations/${id}`);
    const choices = [first, second].map((objectId) => ({ objectId, classId }));
    expect(waiting.body).toEqual({ id, status: 'choose', choices, expiresAt: expect.any(String) });
    const picked = await service.root.post(`/v1/presentations/${id}/selection`, {
      objectId: second,
    });
    expect(picked).toMatchObject({ status: 200, body: { id, status: 'open', choices: [] } });
    expect(briefly(await tapNow())).toEqual({
      outcome: 'transferred',
      passes: [second],
      coupons: [],
    });
    const over = await service.root.get(`/v1/presentations/${id}`);
    expect(over.body).toMatchObject({ status: 'transferred', choices: [] });
  });

  test('a tap before the pick offers the same choice again', async () => {
    const walletId = await world.wallet();
    const classId = await world.passClass(foo);
    await world.pass(foo, classId, walletId);
    await world.pass(foo, classId, walletId);
    const { token } = await world.present(walletId);
    for (let attempt = 0; attempt < 2; attempt++) {
      const { body } = await tap(service.nobody, foo.terminal, token);
      expect(body.outcome).toBe('choose');
    }
  });
});

describe('the explanation', () => {
  test('tells the issuer of each pass at which step it ended', async () => {
    const walletId = await world.wallet();
    const open = await world.passClass(foo);
    const closed = await world.passClass(foo, { redemptionIssuers: [] });
    const sent = await world.pass(foo, open, walletId);
    const expired = await world.pass(foo, open, walletId, { state: 'EXPIRED' });
    const unlisted = await world.pass(foo, closed, walletId);
    const { id } = await tapAt(foo, walletId, { terminal: 'till-7' });
    const { status, body } = await foo.client.get(`/v1/taps/${id}/explanation`);
    expect(status).toBe(200);
    expect(body).toEqual({
      tapId: id,
      stand: null,
      collectorKey: `${foo.collectorId}.1`,
      terminal: 'till-7',
      tappedAt: expect.any(String),
      outcome: 'transferred',
      passes: [
        { objectId: sent, classId: open, sent: true, step: 'sent' },
        { objectId: expired, classId: open, sent: false, step: 'not-active' },
        { objectId: unlisted, classId: closed, sent: false, step: 'collector-not-listed' },
      ],
      coupons: [],
    });
  });
});

test('claims that JWT libraries add by themselves do no harm', async () => {
  const walletId = await world.wallet();
  const now = Math.floor(Date.now() / 1000);
  const extra = { exp: now + 30, nbf: now - 1, iss: 'till', sub: 'tap' };
  expect((await tapAt(foo, walletId, extra)).outcome).toBe('nothing');
});
