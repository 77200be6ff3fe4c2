import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CLAIM_REFUSALS } from '../../../src/claims/model.ts';
import { COUPON_VOID_REFUSALS } from '../../../src/coupons/coupon-rules.ts';
import { newId } from '../../../src/platform/ids.ts';
import { claimProblems } from '../../../src/problems/claim-problems.ts';
import { redemptionProblems } from '../../../src/problems/redemption-problems.ts';
import { transferProblems } from '../../../src/problems/transfer-problems.ts';
import {
  CONFIRMATION_REFUSALS,
  REDEMPTION_REFUSALS,
  REVERSAL_REFUSALS,
} from '../../../src/redemptions/model.ts';
import { ACCEPTANCE_REFUSALS, GIVING_REFUSALS } from '../../../src/transfers/model.ts';
import { type Asked, expectExplained, withoutAudit } from '../../support/explained.ts';
import { proven, twinFailed } from '../../support/proof.ts';
import { startTestService, type TestService } from '../../support/service.ts';
import {
  claim,
  type Fields,
  type Merchant,
  redeem,
  redemption,
  tap,
  World,
  window,
} from '../../support/world.ts';
import { accept, expire, give, opened } from '../../support/world-transfers.ts';

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

const MINUTE_MS = 60_000;
/** Hours that are not now, whatever the time is. */
const OTHER_HOURS = `jsonb_build_array(jsonb_build_object('from', '00:00', 'to', '23:59',
  'days', jsonb_build_array(lower(to_char(now() at time zone 'UTC' + interval '3 days', 'Dy')))))`;

const setClass = (classId: string, columns: string) =>
  service.sql(`update coupon_classes set ${columns} where id = $1`, [classId]);
const setCoupon = (id: string, columns: string) =>
  service.sql(`update coupons set ${columns} where id = $1`, [id]);

/** A claim by a fresh wallet, the first or the one after so many. */
async function claimed(fields: Fields = {}, { before = 0, columns = '', body = {} } = {}) {
  const classId = await world.couponClass(shop, { perMemberLimit: 100, ...fields });
  const walletId = await world.wallet();
  for (let n = 0; n < before; n++) await world.coupon(shop, classId, walletId);
  if (columns !== '') await setClass(classId, columns);
  return { classId, answer: await claim(shop.client, classId, { walletId, ...body }) };
}

/** A claim of a tap-to-claim class after a tap of so many minutes ago. */
async function tapped(minutes: number, fields: Fields = {}): Promise<Asked> {
  const classId = await world.couponClass(shop, { issueType: 'tap_claim', ...fields });
  const walletId = await world.wallet();
  const passClass = await world.passClass(shop);
  await world.pass(shop, passClass, walletId);
  const { token } = await world.present(walletId);
  const { id: tapId } = (await tap(service.nobody, shop.terminal, token)).body;
  await service.sql(
    `update taps set tapped_at = tapped_at - make_interval(mins => $2) where id = $1`,
    [tapId, minutes],
  );
  return { classId, answer: await claim(shop.client, classId, { walletId, tapId }) };
}

const CLAIMS: Record<string, () => Promise<Asked>> = {
  issued: () => claimed(),
  'wallet-not-found': () => claimed({}, { body: { walletId: newId('wal') } }),
  'coupon-class-voided': () => claimed({}, { columns: 'voided_at = now()' }),
  'claim-not-started': () => claimed({ claimWindow: window(10 * MINUTE_MS, 20 * MINUTE_MS) }),
  'claim-ended': () => claimed({}, { columns: `claim_end = now() - interval '1 s'` }),
  'outside-claim-hours': () => claimed({}, { columns: `claim_hours = ${OTHER_HOURS}` }),
  'tap-required': () => claimed({ issueType: 'tap_claim' }),
  'tap-expired': () => tapped(11),
  'store-not-eligible': async () => {
    const store = { id: newId('sto'), issuerId: shop.issuerId, name: 'Main' };
    await shop.client.post('/v1/stores', store);
    return tapped(0, { stores: [store.id] });
  },
  'member-not-eligible': () => claimed({ plusOnly: true }),
  'member-limit-reached': () => claimed({ perMemberLimit: 1 }, { before: 1 }),
  'member-day-limit-reached': () => claimed({ perMemberDayLimit: 1 }, { before: 1 }),
  'member-week-limit-reached': () => claimed({ perMemberWeekLimit: 1 }, { before: 1 }),
  'sold-out': () => claimed({ stock: 1 }, { before: 1 }),
  'budget-exhausted': () => claimed({ budgetMinor: 500 }, { before: 1 }),
};

/** A coupon of a class of its own. */
async function issued(fields: Fields = {}) {
  const classId = await world.couponClass(shop, { transferable: true, ...fields });
  const walletId = await world.wallet(shop.client);
  return { classId, walletId, coupon: await world.coupon(shop, classId, walletId) };
}

async function redeemed({
  coupon = '',
  columns = '',
  till = () => shop,
  body = {} as Fields,
} = {}) {
  const { classId, coupon: one } = await issued();
  if (coupon !== '') await setCoupon(one.id, coupon);
  if (columns !== '') await setClass(classId, columns);
  return { classId, couponId: one.id, answer: await redeem(till(), one.code, body) };
}

const order = (fields: Fields) => ({
  order: { id: randomUUID(), currency: 'CNY', totalMinor: 4800, ...fields },
});
const VOIDED = `status = 'voided', voided_by = 'issuer'`;

const HOLD = { hold: { seconds: 60 } };

async function held() {
  const { classId, coupon } = await issued();
  const answer = await redeem(shop, coupon.code, HOLD);
  return { classId, coupon, answer, id: answer.body.id };
}

const REDEMPTIONS: Record<string, () => Promise<Asked>> = {
  redeemed: () => redeemed(),
  'issuer-not-authorised': () => redeemed({ till: () => partner }),
  'coupon-voided': () => redeemed({ coupon: VOIDED }),
  'coupon-already-redeemed': async () => {
    const { classId, coupon } = await issued();
    await redeem(shop, coupon.code);
    return { classId, answer: await redeem(shop, coupon.code) };
  },
  'coupon-expired': () => redeemed({ coupon: `expires_at = now()` }),
  'coupon-held': async () => {
    const { classId, coupon } = await held();
    return { classId, answer: await redeem(shop, coupon.code) };
  },
  'coupon-not-yet-available': () => redeemed({ coupon: `available_at = now() + interval '1 h'` }),
  'outside-use-hours': () => redeemed({ columns: `use_hours = ${OTHER_HOURS}` }),
  'member-not-eligible': () => redeemed({ columns: 'plus_only = true' }),
  'store-not-eligible': () => redeemed({ columns: `stores = '["main"]'` }),
  'scene-not-allowed': () => redeemed({ columns: `scene = 'online'`, body: { scene: 'in_store' } }),
  'currency-mismatch': () => redeemed({ body: order({ currency: 'EUR' }) }),
  'scope-not-met': () =>
    redeemed({ columns: `scope = '{"kind":"items","include":["tea"],"exclude":[]}'` }),
  'min-spend-not-met': () => redeemed({ columns: 'min_spend_minor = 4801' }),
  'not-combinable': async () => {
    const both = [await issued(), await issued({ stacking: { group: null, exclusive: true } })];
    const couponCodes = both.map(({ coupon: { code } }) => code);
    const body = { ...redemption(shop, ''), couponCode: undefined, couponCodes };
    const path = '/v1/redemptions';
    const answer = await shop.client.post<{ notApplied: { couponId: string }[] }>(path, body);
    const left = answer.body.notApplied[0]?.couponId;
    return { classId: both.find((one) => one.coupon.id === left)?.classId ?? '', answer };
  },
};

async function settled(verb: string, columns = ''): Promise<Asked> {
  const { classId, id } = await held();
  if (columns !== '') await service.sql(`update redemptions set ${columns} where id = $1`, [id]);
  return { classId, answer: await shop.client.post(`/v1/redemptions/${id}/${verb}`) };
}

/** A reversal after what was done with the redemption. */
async function reversed(
  meanwhile = async (_id: string) => {},
  fields: Fields = {},
): Promise<Asked> {
  const { classId, coupon } = await issued(fields);
  const { id } = (await redeem(shop, coupon.code)).body;
  await meanwhile(id);
  return { classId, answer: await shop.client.post(`/v1/redemptions/${id}/reversal`) };
}

const REVERSALS: Record<string, () => Promise<Asked>> = {
  reversed: () => reversed(),
  'redemption-already-reversed': () =>
    reversed(async (id) => void (await shop.client.post(`/v1/redemptions/${id}/reversal`))),
  'redemption-held': () => settled('reversal'),
  'hold-released': () => settled('reversal', `state = 'released'`),
  'clone-already-redeemed': () =>
    reversed(
      async (id) => {
        const made = async () => {
          const [clone] = await service.sql<{ code: string }>(
            'select code from coupons where cloned_by = $1',
            [id],
          );
          return clone?.code;
        };
        await expect.poll(made, { timeout: 20_000 }).toBeDefined();
        await redeem(shop, (await made()) ?? '');
      },
      { cloneOnRedeem: { maxClones: 1 } },
    ),
};

const CONFIRMATIONS: Record<string, () => Promise<Asked>> = {
  'redemption-confirmed': () => settled('confirmation', `state = 'confirmed'`),
  'hold-expired': () => settled('confirmation', `held_until = now()`),
  'hold-released': () => settled('confirmation', `state = 'released'`),
  'coupon-voided': async () => {
    const { classId, coupon, id } = await held();
    await setCoupon(coupon.id, VOIDED);
    return { classId, answer: await shop.client.post(`/v1/redemptions/${id}/confirmation`) };
  },
};

const ENDED: Readonly<Record<string, string>> = {
  'coupon-voided': VOIDED,
  'coupon-expired': `status = 'expired', expires_at = now()`,
};

/** A coupon that is so, for whatever is asked of it then. */
async function coupon(code: string) {
  const one = await issued({ transferable: code !== 'coupon-not-transferable' });
  const { id } = one.coupon;
  const columns = ENDED[code];
  if (columns !== undefined) await setCoupon(id, columns);
  if (code === 'coupon-already-redeemed') await redeem(shop, one.coupon.code);
  if (code === 'coupon-held') await redeem(shop, one.coupon.code, HOLD);
  return { ...one, id };
}

async function given(code: string): Promise<Asked> {
  const { classId, id } = await coupon(code);
  return { classId, answer: await give(shop.client, id) };
}

async function voided(code: string): Promise<Asked> {
  const { classId, id } = await coupon(code);
  return { classId, answer: await shop.client.post(`/v1/coupons/${id}/void`) };
}

/** Accepted into another wallet after what became of the link and its coupon. */
async function accepted(code: string): Promise<Asked> {
  const { classId, walletId, coupon: one } = await issued();
  const { token } = await opened(shop.client, one.id);
  const to = await world.wallet(shop.client);
  const columns = ENDED[code];
  if (columns !== undefined) await setCoupon(one.id, columns);
  if (code === 'coupon-already-redeemed') await redeem(shop, one.code);
  if (code === 'coupon-not-transferable') await setClass(classId, 'transferable = false');
  if (code === 'coupon-held') await redeem(shop, one.code, HOLD);
  if (code === 'transfer-already-accepted') await accept(shop.client, token, to);
  if (code === 'transfer-revoked') await shop.client.delete(`/v1/coupons/${one.id}/transfer`);
  if (code === 'transfer-expired') {
    await service.sql('update transfers set expires_at = now() where coupon_id = $1', [one.id]);
  }
  const into = code === 'transfer-to-self' ? walletId : to;
  return { classId, answer: await accept(shop.client, token, into) };
}

async function changed(body: Fields, before = async (_classId: string) => {}): Promise<Asked> {
  const classId = await world.couponClass(shop);
  await before(classId);
  return { classId, answer: await shop.client.patch(`/v1/coupon-classes/${classId}`, body) };
}

const CHANGES: Record<string, () => Promise<Asked>> = {
  done: () => changed({ name: 'Lunch' }),
  'coupon-class-voided': () =>
    changed(
      { name: 'L' },
      async (id) => void (await shop.client.post(`/v1/coupon-classes/${id}/void`)),
    ),
  'already-published': () => changed({ status: 'draft' }),
  'locked-after-first-claim': () =>
    changed(
      { minSpendMinor: 1 },
      async (id) => void (await world.coupon(shop, id, await world.wallet())),
    ),
};

const each = (codes: readonly string[], ask: (code: string) => Promise<Asked>) =>
  Object.fromEntries(codes.map((code) => [code, () => ask(code)]));

/** Every decision: the action it is written under, its outcomes and how to come to each. */
const DECISIONS: readonly (readonly [
  action: string,
  outcomes: readonly string[],
  ask: Readonly<Record<string, () => Promise<Asked>>>,
])[] = [
  ['claim', ['issued', ...CLAIM_REFUSALS], CLAIMS],
  ['redeem', ['redeemed', 'not-combinable', ...REDEMPTION_REFUSALS], REDEMPTIONS],
  ['hold', ['held', 'coupon-expired'], { held: () => held(), 'coupon-expired': heldTooLate }],
  ['confirm', CONFIRMATION_REFUSALS, CONFIRMATIONS],
  ['redeem', ['redeemed'], { redeemed: () => settled('confirmation') }],
  [
    'release',
    ['released', 'redemption-confirmed'],
    {
      released: () => settled('release'),
      'redemption-confirmed': () => settled('release', `state = 'confirmed'`),
    },
  ],
  ['reverse', ['reversed', ...REVERSAL_REFUSALS], REVERSALS],
  [
    'transfer.create',
    ['created', ...GIVING_REFUSALS],
    each(['created', ...GIVING_REFUSALS], given),
  ],
  [
    'transfer.accept',
    ['accepted', ...ACCEPTANCE_REFUSALS],
    each(['accepted', ...ACCEPTANCE_REFUSALS], accepted),
  ],
  [
    'coupon.void',
    ['voided', ...COUPON_VOID_REFUSALS],
    each(['voided', ...COUPON_VOID_REFUSALS], voided),
  ],
  ['coupon-class.change', Object.keys(CHANGES), CHANGES],
];

async function heldTooLate(): Promise<Asked> {
  const { classId, coupon: one } = await issued();
  await expire(service, one.id);
  return { classId, answer: await redeem(shop, one.code, HOLD) };
}

/** The decision as the audit names it, at the till where it was made. */
const decision = (action: string, outcome: string) => ({
  action,
  outcome,
  till: (outcome === 'issuer-not-authorised' ? partner : shop).issuerId,
});

const explained = new Set<string>();

describe.each(DECISIONS)('%s', (action, outcomes, ask) => {
  test('is asked for every outcome', () => {
    expect(Object.keys(ask).sort()).toEqual([...outcomes].sort());
  });

  test.each(outcomes)(
    '%s is explained by who, what, by which rule of which version',
    async (outcome) => {
      const asked = await ask[outcome]?.();
      if (asked === undefined) throw new Error(`nobody asks for ${action} ${outcome}`);
      await expectExplained(service, decision(action, outcome), asked);
      explained.add(`${action} ${outcome}`);
    },
  );
});

describe('all of them', () => {
  test('are all that a claim, a redemption or a transfer may be refused for', () => {
    const codes = Object.keys({ ...claimProblems, ...redemptionProblems, ...transferProblems });
    const outcomes = new Set(DECISIONS.flatMap(([, own]) => own));
    expect(codes.filter((code) => !outcomes.has(code))).toEqual([]);
  });

  test('have been explained', (context) => {
    const all = new Set(
      DECISIONS.flatMap(([action, outcomes]) => outcomes.map((outcome) => `${action} ${outcome}`)),
    );
    expect([...explained].sort()).toEqual([...all].sort());
    const figure = `${explained.size} of ${all.size} explained by who, what, rule and version`;
    proven(context, 'E2', 'every outcome of every decision', figure);
  });

  test('are missed where a code path forgets its entry', async (context) => {
    const missed = await withoutAudit(service, async () => {
      const names: string[] = [];
      for (const [action, [outcome = ''], ask] of DECISIONS) {
        const asked = (await ask[outcome]?.()) as Asked;
        const check = expectExplained(service, decision(action, outcome), asked);
        await check.catch(() => void names.push(action));
      }
      return names;
    });
    expect(missed).toEqual(DECISIONS.map(([action]) => action));
    const figure = `${missed.length} of ${DECISIONS.length} missed`;
    twinFailed(context, 'E2', 'decisions whose code path writes no entry', figure);
  });
});
