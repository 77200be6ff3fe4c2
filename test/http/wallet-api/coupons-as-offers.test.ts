import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../../src/platform/ids.ts';
import { startWalletApi, type WalletApi } from '../../support/wallet-api.ts';
import { offerClass, passObject } from '../../support/wallet-bodies.ts';

let api: WalletApi;
let key: string;
let stranger: string;

const HOUR_MS = 3_600_000;
const soon = new Date(Date.now() + HOUR_MS).toISOString();
const past = new Date(Date.now() - HOUR_MS).toISOString();

beforeAll(async () => {
  api = await startWalletApi();
  key = await api.issuer('1990');
  stranger = await api.issuer('77');
  for (const id of ['1990.b', '1990.d']) await call('POST', '/offerClass', offerClass(id));
  for (const id of ['1990.a', '1990.c', '1990.e']) await insertCouponClass(id);
  await run(`insert into wallets (id, pairwise_secret) values ('wal_test', 'x')`);
});
afterAll(() => api.stop());

const call = (method: string, path: string, body?: unknown) =>
  api.call(method, path, body, { key });

/** Rows of the coupon slice, straight into its tables: its own calls are tested elsewhere. */
async function run(text: string, values: readonly unknown[] = []): Promise<void> {
  await api.database.transact((tx) => tx.run({ name: `test.${text.length}`, text }, values));
}

async function insertCouponClass(id: string, columns = 'false, null'): Promise<void> {
  await run(`insert into class_ids (id, kind) values ($1, 'coupon')`, [id]);
  await run(
    `insert into coupon_classes (id, issuer_id, name, description, issue_type, scene, claim_start,
       claim_end, per_member_limit, stock, validity, discount, min_spend_minor, scope,
       regular_price_only, member_classes, plus_only, stores, redemption_issuers,
       expiry_notice_days, transferable, draft, voided_at)
     values ($1, '1990', '{"en":"Lunch","zh-CN":"午餐"}', '"Five off"', 'manual', 'in_store', now(),
       now() + interval '1 day', 1, 100, '{}', '{}', 0, '{}', false, '[]', false, '[]',
       '["1990","456"]', 0, false, ${columns})`,
    [id],
  );
}

async function insertCoupon(status: string, expiresAt = soon): Promise<string> {
  const id = newId('cpn');
  await run(
    `insert into coupons (id, issuer_id, class_id, wallet_id, code, status, available_at,
       expires_at, generation, lineage_id, voided_by)
     values ($1, '1990', '1990.a', 'wal_test', $1 || '-code', $2, $4, $3, 0, $1, $5)`,
    [id, status, expiresAt, past, status === 'voided' ? 'class' : null],
  );
  return id;
}

describe('a coupon class', () => {
  test('is an offer class', async () => {
    const { status, body } = await call('GET', '/offerClass/1990.a');
    expect(status).toBe(200);
    expect(body).toEqual({
      kind: 'walletobjects#offerClass',
      id: '1990.a',
      issuerName: 'Issuer 1990',
      provider: 'Issuer 1990',
      title: 'Lunch',
      localizedTitle: {
        defaultValue: { language: 'en', value: 'Lunch' },
        translatedValues: [{ language: 'zh-CN', value: '午餐' }],
      },
      details: 'Five off',
      redemptionChannel: 'INSTORE',
      reviewStatus: 'APPROVED',
      enableSmartTap: true,
      redemptionIssuers: ['1990', '456'],
      multipleDevicesAndHoldersAllowedStatus: 'ONE_USER_ALL_DEVICES',
    });
  });

  test('shows whether it is a draft or withdrawn', async () => {
    await insertCouponClass('1990.y', 'true, null');
    await insertCouponClass('1990.z', 'false, now()');
    expect((await call('GET', '/offerClass/1990.y')).body.reviewStatus).toBe('DRAFT');
    expect((await call('GET', '/offerClass/1990.z')).body.reviewStatus).toBe('REJECTED');
  });

  test('is of no other vertical', async () => {
    expect((await call('GET', '/loyaltyClass/1990.a')).status).toBe(404);
  });
});

test.each([1, 2, 3, 4, 5, 6, 100])(
  'in a list by %i every class of both kinds comes once',
  async (size) => {
    const read: string[] = [];
    let token = '';
    do {
      const path = `/offerClass?issuerId=1990&maxResults=${size}${token && `&token=${token}`}`;
      const { body } = await call('GET', path);
      expect(body.resources.length).toBeLessThanOrEqual(size);
      read.push(...body.resources.map(({ id }: { id: string }) => id));
      token = body.pagination.nextPageToken ?? '';
    } while (token !== '');
    const expected = ['1990.b', '1990.d', '1990.a', '1990.c', '1990.e', '1990.y', '1990.z'];
    expect(read).toEqual(expected);
  },
);

describe('a coupon', () => {
  test.each([
    ['issued', soon, 'ACTIVE'],
    ['issued', new Date(Date.now() - 1000).toISOString(), 'EXPIRED'],
    ['redeemed', soon, 'COMPLETED'],
    ['transferred', soon, 'COMPLETED'],
    ['expired', soon, 'EXPIRED'],
    ['voided', soon, 'INACTIVE'],
  ])('that is %s until %s is an offer object %s', async (status, expiresAt, state) => {
    const id = await insertCoupon(status, expiresAt);
    const { body } = await call('GET', `/offerObject/1990.${id}`);
    expect(body).toEqual({
      kind: 'walletobjects#offerObject',
      id: `1990.${id}`,
      classId: '1990.a',
      state,
      smartTapRedemptionValue: `${id}-code`,
      validTimeInterval: { start: { date: past }, end: { date: expiresAt } },
    });
  });

  test('is listed with its class, page by page', async () => {
    const first = await call('GET', '/offerObject?classId=1990.a&maxResults=4');
    const { nextPageToken } = first.body.pagination;
    const second = await call(
      'GET',
      `/offerObject?classId=1990.a&maxResults=4&token=${nextPageToken}`,
    );
    const ids = [...first.body.resources, ...second.body.resources].map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].sort());
    expect(ids.length).toBe(6);
    expect(second.body.pagination).not.toHaveProperty('nextPageToken');
  });

  test('that is not there is not found', async () => {
    const { status, body } = await call('GET', `/offerObject/1990.${newId('cpn')}`);
    expect([status, body.error.status]).toEqual([404, 'NOT_FOUND']);
  });

  test("of another issuer is denied, also under one's own issuer id", async () => {
    const id = await insertCoupon('issued');
    const foreign = await api.call('GET', `/offerObject/1990.${id}`, undefined, { key: stranger });
    expect(foreign.status).toBe(403);
    const own = await api.call('GET', `/offerObject/77.${id}`, undefined, { key: stranger });
    expect(own.status).toBe(404);
    const list = await api.call('GET', '/offerObject?classId=1990.a', undefined, { key: stranger });
    expect(list.status).toBe(403);
  });
});

describe('through this face nothing of a coupon is changed', () => {
  const elsewhere = /managed through \/v1\/coupon-classes/;

  test('neither its class', async () => {
    for (const [method, body] of [
      ['PUT', offerClass('1990.a')],
      ['PATCH', { title: 'x' }],
    ] as const) {
      const answer = await call(method, '/offerClass/1990.a', body);
      expect(answer.status).toBe(400);
      expect(answer.body.error.message).toMatch(elsewhere);
    }
    expect((await call('POST', '/offerClass', offerClass('1990.a'))).status).toBe(409);
    expect((await call('POST', '/genericClass', { id: '1990.a' })).status).toBe(409);
  });

  test('nor the coupon, nor may an object take the id of one', async () => {
    const id = `1990.${await insertCoupon('issued')}`;
    const free = `1990.${newId('cpn')}`;
    for (const [method, path, body] of [
      ['PUT', `/offerObject/${id}`, passObject(id, '1990.b')],
      ['PATCH', `/offerObject/${id}`, { state: 'COMPLETED' }],
      ['POST', '/offerObject', passObject(id, '1990.b')],
      ['POST', '/offerObject', passObject(free, '1990.b')],
      ['POST', '/offerObject', passObject('1990.new', '1990.a')],
    ] as const) {
      const answer = await call(method, path, body);
      expect(answer.status).toBe(400);
      expect(answer.body.error.message).toMatch(elsewhere);
    }
    expect((await call('GET', `/offerObject/${id}`)).body.state).toBe('ACTIVE');
  });
});
