import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestService, type TestService } from '../../support/service.ts';
import { type Problem, told } from '../../support/service-client.ts';
import { type Fields, type Merchant, World, window } from '../../support/world.ts';

const HOUR_MS = 3_600_000;

let service: TestService;
let world: World;
let shop: Merchant;

beforeAll(async () => {
  service = await startTestService();
  world = new World(service);
  shop = await world.merchant();
});
afterAll(() => service.stop());

const create = (fields: Fields) =>
  shop.client.post<Problem>('/v1/coupon-classes', world.couponClassBody(shop, fields));
const pointers = (problem: Problem) => problem.errors?.map(({ pointer }) => pointer);

describe('a field that is wrong is named', () => {
  const relative = (availableAfterHours: number, validDays: number) => ({
    validity: { kind: 'relative', availableAfterHours, validDays },
  });
  const amount = (amountMinor: unknown, currency: unknown = 'CNY') => ({
    discount: { kind: 'amount', amountMinor, currency },
  });
  const percent = (value: unknown) => ({ discount: { kind: 'percent', percent: value } });
  test.each<[what: string, Fields, ...pointers: string[]]>([
    ['an id without its issuer', { id: 'lunch' }, '/id'],
    ['an id of another issuer', { id: '77.lunch' }, '/id'],
    ['an id with a space', { id: '1001.lunch 5' }, '/id'],
    ['an issuer that is no number', { issuerId: 'x' }, '/issuerId'],
    ['an issuer past int64', { issuerId: '9223372036854775808' }, '/issuerId'],
    ['an empty name', { name: '' }, '/name'],
    ['a name of 41 characters', { name: 'x'.repeat(41) }, '/name'],
    ['a name in no language', { name: {} }, '/name'],
    ['a name in a language we have not', { name: { fr: 'Midi' } }, '/name'],
    ['an issue type that is none', { issueType: 'gift' }, '/issueType'],
    ['a scene that is none', { scene: 'moon' }, '/scene'],
    ['a window that ends before it starts', { claimWindow: window(HOUR_MS, 0) }, '/claimWindow'],
    [
      'an empty window',
      { claimWindow: { start: '2026-01-01T00:00:00Z', end: '2026-01-01T00:00:00Z' } },
      '/claimWindow',
    ],
    [
      'a window without its end',
      { claimWindow: { start: '2026-01-01T00:00:00Z' } },
      '/claimWindow/end',
    ],
    [
      'a time without an offset',
      { claimWindow: { start: '2026-01-01T00:00:00', end: '2026-01-02T00:00:00Z' } },
      '/claimWindow/start',
    ],
    [
      'a day that is none',
      { claimWindow: { start: '2026-02-30T00:00:00Z', end: '2026-03-02T00:00:00Z' } },
      '/claimWindow/start',
    ],
    [
      'a year far off',
      { claimWindow: { start: '2026-01-01T00:00:00Z', end: '9999-01-01T00:00:00Z' } },
      '/claimWindow/end',
    ],
    ['a limit of none', { perMemberLimit: 0 }, '/perMemberLimit'],
    ['a limit of a half', { perMemberLimit: 1.5 }, '/perMemberLimit'],
    ['no stock', { stock: 0 }, '/stock'],
    ['a negative stock', { stock: -1 }, '/stock'],
    ['a stock past all counting', { stock: 1e10 }, '/stock'],
    ['a stock in words', { stock: '100' }, '/stock'],
    ['validity of no days', relative(0, 0), '/validity/validDays'],
    ['validity from before the claim', relative(-1, 1), '/validity/availableAfterHours'],
    ['validity of no kind', { validity: { kind: 'forever' } }, '/validity/kind'],
    ['nothing off', amount(0), '/discount/amountMinor'],
    ['less than nothing off', amount(-500), '/discount/amountMinor'],
    ['half a cent off', amount(0.5), '/discount/amountMinor'],
    ['a currency in words', amount(500, 'yuan'), '/discount/currency'],
    ['no percent', percent(0), '/discount/percent'],
    ['over a hundred percent', percent(100.01), '/discount/percent'],
    ['a negative minimum', { minSpendMinor: -1 }, '/minSpendMinor'],
    ['a scope of nothing', { scope: { kind: 'items', include: [] } }, '/scope/include'],
    ['a scope with a field too many', { scope: { kind: 'all', include: ['x'] } }, '/scope/include'],
    ['clones without end', { cloneOnRedeem: { maxClones: 0 } }, '/cloneOnRedeem/maxClones'],
    ['a notice before time', { expiryNoticeDays: -2 }, '/expiryNoticeDays'],
    ['an unknown field', { colour: 'red' }, '/colour'],
    ['a counter', { stats: { claimed: 5 } }, '/stats'],
    ['two at once', { stock: 0, scene: 'moon' }, '/scene', '/stock'],
    ['a redemption issuer nobody knows', { redemptionIssuers: ['424242'] }, '/redemptionIssuers'],
    ['nobody who redeems', { redemptionIssuers: [] }, '/redemptionIssuers'],
    ['a member class nobody made', { memberClasses: ['1001.gold'] }, '/memberClasses'],
    ['a store nobody opened', { stores: ['harbour'] }, '/stores'],
    ['a currency that is none', amount(500, 'ZZZ'), '/discount/currency'],
    [
      'a validity that is over before anyone claims',
      {
        claimWindow: { start: '2026-11-01T00:00:00+08:00', end: '2026-12-01T00:00:00+08:00' },
        validity: { kind: 'fixed', start: '2026-10-01T00:00:00Z', end: '2026-10-31T16:00:00Z' },
      },
      '/validity',
    ],
  ])('%s', async (_what, fields, ...expected) => {
    const before = await service.everything();
    const answer = await create(fields);
    expect(told(answer)).toBe('422 invalid-request');
    expect(pointers(answer.body)).toEqual(expect.arrayContaining(expected));
    expect(await service.everything()).toEqual(before);
  });

  test.each([
    'id',
    'issuerId',
    'name',
    'issueType',
    'claimWindow',
    'stock',
    'validity',
    'discount',
    'redemptionIssuers',
  ])('%s is missing', async (name) => {
    const { [name as 'id']: _, ...rest } = world.couponClassBody(shop);
    const answer = await shop.client.post<Problem>('/v1/coupon-classes', rest);
    expect(told(answer)).toBe('422 invalid-request');
    expect(pointers(answer.body)).toContain(`/${name}`);
  });
});

describe('what belongs to another issuer', () => {
  test('is no member class and no store of this one', async () => {
    const other = await world.merchant();
    const passClass = await world.passClass(other);
    const store = { id: 'shared', issuerId: other.issuerId, name: 'x' };
    await other.client.post('/v1/stores', store);
    const answer = await create({ memberClasses: [passClass], stores: ['shared'] });
    expect(told(answer)).toBe('422 invalid-request');
    expect(pointers(answer.body)).toEqual(['/memberClasses', '/stores']);
  });

  test('nor is a coupon class a member class', async () => {
    const answer = await create({ memberClasses: [await world.couponClass(shop)] });
    expect(pointers(answer.body)).toEqual(['/memberClasses']);
  });

  test('an issuer that is not there has no classes', async () => {
    const body = world.couponClassBody({ issuerId: '424242' });
    const answer = await service.root.post<Problem>('/v1/coupon-classes', body);
    expect(told(answer)).toBe('422 invalid-request');
    expect(pointers(answer.body)).toEqual(['/issuerId', '/redemptionIssuers']);
  });
});

describe('an id that is taken', () => {
  test('by a coupon class', async () => {
    const id = await world.couponClass(shop);
    expect(told(await create({ id }))).toBe('409 already-exists');
  });

  test('by a pass class', async () => {
    const id = await world.passClass(shop);
    expect(told(await create({ id }))).toBe('409 already-exists');
  });
});

describe('after the first claim', () => {
  test.each<[what: string, Fields]>([
    ['the discount', { discount: { kind: 'amount', amountMinor: 1, currency: 'CNY' } }],
    ['the minimum spend', { minSpendMinor: 1 }],
    ['the validity', { validity: { kind: 'relative', availableAfterHours: 0, validDays: 8 } }],
    ['the scope', { scope: { kind: 'items', include: ['soup'], exclude: [] } }],
    ['the clone rule', { cloneOnRedeem: { maxClones: 1 } }],
    ['a smaller stock', { stock: 999 }],
    ['the scene', { scene: 'online' }],
    ['PLUS', { plusOnly: true }],
    ['the price', { regularPriceOnly: true }],
  ])('%s is locked', async (_what, change) => {
    const id = await world.couponClass(shop);
    await world.coupon(shop, id, await world.wallet());
    const before = await shop.client.get(`/v1/coupon-classes/${id}`);
    const answer = await shop.client.patch(`/v1/coupon-classes/${id}`, change);
    expect(told(answer)).toBe('409 locked-after-first-claim');
    expect((await shop.client.get(`/v1/coupon-classes/${id}`)).body).toEqual(before.body);
  });
});

test('after the first claim nobody who may redeem is taken off the list', async () => {
  const partner = await world.merchant();
  const redemptionIssuers = [shop.issuerId, partner.issuerId];
  const id = await world.couponClass(shop, { redemptionIssuers });
  await world.coupon(shop, id, await world.wallet());
  const change = { redemptionIssuers: [partner.issuerId] };
  const answer = await shop.client.patch<Problem>(`/v1/coupon-classes/${id}`, change);
  expect(told(answer)).toBe('409 locked-after-first-claim');
});

describe('a change that cannot be', () => {
  const patch = (id: string, change: Fields) =>
    shop.client.patch<Problem>(`/v1/coupon-classes/${id}`, change);

  test('a published class becomes no draft', async () => {
    const id = await world.couponClass(shop);
    expect(told(await patch(id, { status: 'draft' }))).toBe('409 already-published');
  });

  test('of a voided class, or stock for it', async () => {
    const id = await world.couponClass(shop);
    await shop.client.post(`/v1/coupon-classes/${id}/void`);
    expect(told(await patch(id, { name: 'x' }))).toBe('409 coupon-class-voided');
    const stock = await shop.client.post(`/v1/coupon-classes/${id}/stock`, { add: 1 });
    expect(told(stock)).toBe('409 coupon-class-voided');
  });

  test.each<[Fields, string]>([
    [{ id: '1001.other' }, '/id'],
    [{ issuerId: '1' }, '/issuerId'],
    [{ status: 'ended' }, '/status'],
    [{ status: 'voided' }, '/status'],
    [{ stats: {} }, '/stats'],
    [{ stock: null }, '/stock'],
    [{ redemptionIssuers: ['424242'] }, '/redemptionIssuers'],
    [{ redemptionIssuers: [] }, '/redemptionIssuers'],
    [{ memberClasses: ['1001.gold'] }, '/memberClasses'],
    [{ stores: ['harbour'] }, '/stores'],
    [
      { validity: { kind: 'fixed', start: '2020-01-01T00:00:00Z', end: '2020-02-01T00:00:00Z' } },
      '/validity',
    ],
    [{ claimWindow: { start: '2026-01-01T00:00:00Z' } }, '/claimWindow/end'],
  ])('%j', async (change, pointer) => {
    const id = await world.couponClass(shop);
    const answer = await patch(id, change);
    expect(told(answer)).toBe('422 invalid-request');
    expect(pointers(answer.body)).toEqual([pointer]);
  });

  test.each([0, -1, 1.5, 1e10, '4', null])('stock of %j', async (add) => {
    const id = await world.couponClass(shop);
    const answer = await shop.client.post<Problem>(`/v1/coupon-classes/${id}/stock`, { add });
    expect(told(answer)).toBe('422 invalid-request');
    expect(pointers(answer.body)).toEqual(['/add']);
  });

  test('stock past all counting by adding', async () => {
    const id = await world.couponClass(shop, { stock: 1_000_000_000 });
    const answer = await shop.client.post<Problem>(`/v1/coupon-classes/${id}/stock`, { add: 1 });
    expect(told(answer)).toBe('422 invalid-request');
    expect(pointers(answer.body)).toEqual(['/add']);
  });
});

describe('what is not there', () => {
  test.each(['1001.nothing', '424242.nothing', 'nothing', '..', '%00', '1001.%2e%2e'])(
    '%s',
    async (id) => {
      expect(told(await shop.client.get(`/v1/coupon-classes/${id}`))).toBe('404 not-found');
      expect(told(await shop.client.patch(`/v1/coupon-classes/${id}`, {}))).toBe('404 not-found');
    },
  );
});

describe('a list asked for wrongly', () => {
  test.each([
    ['limit=0', '/query/limit'],
    ['limit=201', '/query/limit'],
    ['limit=x', '/query/limit'],
    ['limit=1.5', '/query/limit'],
    ['status=gone', '/query/status'],
    ['cursor=***', '/query/cursor'],
    ['issuerId=x', '/query/issuerId'],
    ['limit=1&limit=2', '/query/limit'],
  ])('%s', async (query, pointer) => {
    const answer = await shop.client.get<Problem>(`/v1/coupon-classes?${query}`);
    expect(told(answer)).toBe('422 invalid-request');
    expect(pointers(answer.body)).toContain(pointer);
  });
});
