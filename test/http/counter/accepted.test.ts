import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type {
  LookupAnswer,
  Offer,
  RecentTaps,
  TillFace,
  Visitor,
} from '../../../src/counter/model.ts';
import { joinedMember, stoodTap, type TestMember, tell } from '../../support/counter.ts';
import { openLine } from '../../support/live-line.ts';
import { startTestService, type TestService } from '../../support/service.ts';
import { type PairedTill, pairedTill, put } from '../../support/tills.ts';
import { expectStatus, type Fields, type Merchant, World } from '../../support/world.ts';

let service: TestService;
let world: World;
let shop: Merchant;
let till: PairedTill;
let member: TestMember;
const at = '/v1/terminals/till-harbour';

beforeAll(async () => {
  service = await startTestService();
  world = new World(service);
  shop = await world.merchant();
  await world.store(shop, 'harbour');
  till = await pairedTill(service, shop, 'till-harbour');
  member = await joinedMember(service, world, shop, { name: '小宝宝1', number: 11 });
});
afterAll(() => service?.stop());

const order = (totalMinor: number) => ({ id: randomUUID(), currency: 'CNY', totalMinor });

test('a till is told what it is', async () => {
  await put(till.client, `${at}/listening`, { on: true });
  await world.couponClass(shop);
  const face = expectStatus(await till.client.get<TillFace>('/v1/tills/me'), 200);
  expect(face).toEqual({
    tillId: till.id,
    issuerId: shop.issuerId,
    issuerName: `Merchant ${shop.issuerId}`,
    storeId: 'harbour',
    storeName: 'harbour',
    terminalId: 'till-harbour',
    terminalName: 'harbour',
    collectorId: shop.collectorId,
    listening: true,
    currency: 'CNY',
  });
});

test('the preflight says what is missing', async () => {
  const checks = async (from = till.client) => {
    const answer = await from.get<{ checks: { name: string; ok: boolean }[] }>(`${at}/preflight`);
    const { checks: all } = expectStatus(answer, 200);
    return Object.fromEntries(all.map(({ name, ok }) => [name, ok]));
  };
  const there = { terminal: true, collector: true, key: true };
  expect(await checks()).toEqual({ ...there, stand: false, membership: false });
  const [classId] =
    (await service.sql<{ id: string }>('select id from pass_classes limit 1')) ?? [];
  await service.sql('insert into membership_terms (issuer_id, class_id) values ($1, $2)', [
    shop.issuerId,
    classId?.id,
  ]);
  const stand = `insert into stands (id, issuer_id, code, terminal_id, name, tag, state)
    values ('std_preflight', $1, 'preflight', 'till-harbour', 'S', 'static', $2)`;
  await service.sql(stand, [shop.issuerId, 'blank']);
  expect(await checks()).toEqual({ ...there, stand: false, membership: true });
  await service.sql("update stands set state = 'written' where id = 'std_preflight'");
  expect(await checks(shop.client)).toEqual({ ...there, stand: true, membership: true });
});

test('the last taps are told newest first, also of a phone that joined later', async () => {
  const early = await stoodTap(service, shop, 'till-harbour', member.walletId);
  const unknown = await stoodTap(service, shop, 'till-harbour', null);
  const late = await joinedMember(service, world, shop, { name: 'Zoë', number: 12, tier: 'New' });
  await tell(service, shop, 'till-harbour', { kind: 'claimed', tapId: early });
  const recent = async () =>
    expectStatus(await till.client.get<RecentTaps>(`${at}/taps?limit=2`), 200).items.map(
      ({ tapId, visitor }) => [tapId, visitor?.name ?? null],
    );
  expect(await recent()).toEqual([
    [unknown, null],
    [early, '小宝宝1'],
  ]);
  const joined = { kind: 'joined', tapId: unknown, walletId: late.walletId } as const;
  await tell(service, shop, 'till-harbour', joined);
  expect(await recent()).toEqual([
    [unknown, 'Zoë'],
    [early, '小宝宝1'],
  ]);
  const visitor = await till.client.get<Visitor>(`${at}/visitors/${unknown}`);
  expect(expectStatus(visitor, 200)).toMatchObject({ name: 'Zoë', tapId: unknown });
});

test('a visitor is told with the cards of this issuer', async () => {
  const other = await world.merchant();
  await world.pass(other, await world.passClass(other), member.walletId);
  const tapId = await stoodTap(service, shop, 'till-harbour', member.walletId);
  const answer = await till.client.get<Visitor>(`${at}/visitors/${tapId}`);
  expect(expectStatus(answer, 200)).toMatchObject({
    walletId: member.walletId,
    name: '小宝宝1',
    number: '11',
    tier: 'Gold',
    isMember: true,
    tapId,
    lastVisit: null,
    cards: [
      {
        objectId: `${shop.issuerId}.member-11`,
        type: 'loyalty',
        program: '老地方 Club',
        number: '11',
        tier: 'Gold',
        points: '71327.42',
        balance: null,
      },
    ],
  });
});

test('a tap is told with what speaks for it, and a visitor with the visit before', async () => {
  const { issuerId } = shop;
  const guest = await joinedMember(service, world, shop, { name: 'Grete', number: 14 });
  const deviceId = `dev_${randomUUID()}`;
  await service.sql(
    'insert into member_devices (id, secret_sha256, member_id) values ($1, $1, $2)',
    [deviceId, guest.memberId],
  );
  await service.sql(
    `insert into stands (id, issuer_id, code, terminal_id, name, tag, state)
     values ('std_visits', $1, 'visits', 'till-harbour', 'S', 'static', 'written')`,
    [issuerId],
  );
  const touch = async (proof: string, ago: string) => {
    const tapId = await stoodTap(service, shop, 'till-harbour', guest.walletId);
    await service.sql(
      `insert into stand_taps (tap_id, stand_id, device_id, session_sha256, proof, at)
       values ($1, 'std_visits', $2, $1, $3, clock_timestamp() - $4::interval)`,
      [tapId, deviceId, proof, ago],
    );
    return tapId;
  };
  await touch('qr', '3 days');
  await touch('static', '10 minutes');
  const now = await touch('sun', '0');
  const { body } = await till.client.get<RecentTaps>(`${at}/taps?limit=3`);
  expect(body.items.map(({ proof }) => proof)).toEqual(['sun', 'static', 'qr']);
  const visitor = await till.client.get<Visitor>(`${at}/visitors/${now}`);
  const before = Date.parse(expectStatus(visitor, 200).lastVisit ?? '');
  expect(Math.abs(Date.now() - before - 3 * 24 * 3_600_000)).toBeLessThan(60_000);
});

describe('coupons on a bill', () => {
  const asked = async (totalMinor: number, fields: Fields = {}) => {
    const body = { walletId: guest, order: order(totalMinor), ...fields };
    const answer = await till.client.post<{ offers: Offer[] }>(`${at}/offers`, body);
    return expectStatus(answer, 200).offers;
  };
  let guest: string;
  const codes: Record<string, string> = {};

  beforeAll(async () => {
    guest = await world.wallet();
    const classes: [string, Fields][] = [
      ['five', {}],
      ['sooner', { validity: { kind: 'relative', availableAfterHours: 0, validDays: 2 } }],
      [
        'ten',
        { discount: { kind: 'amount', amountMinor: 1000, currency: 'CNY' }, minSpendMinor: 10_000 },
      ],
      ['later', { validity: { kind: 'relative', availableAfterHours: 24, validDays: 7 } }],
    ];
    for (const [name, fields] of classes) {
      const { id } = await world.coupon(shop, await world.couponClass(shop, fields), guest);
      codes[id] = name;
    }
    const elsewhere = await world.merchant();
    await world.coupon(elsewhere, await world.couponClass(elsewhere), guest);
  });

  test('are ranked by saving and then by their end, with exactly one best', async () => {
    const offers = await asked(8600);
    const shown = offers.map((offer) => [
      codes[offer.couponId],
      offer.usable ? [offer.discountMinor, offer.payableMinor, offer.best] : offer.refusal.code,
      offer.usable ? null : offer.missingMinor,
    ]);
    expect(shown).toEqual([
      ['sooner', [500, 8100, true], null],
      ['five', [500, 8100, false], null],
      ['ten', 'min-spend-not-met', 1400],
      ['later', 'coupon-not-yet-available', null],
    ]);
    const [dearer] = await asked(10_000);
    expect(dearer).toMatchObject({ usable: true, discountMinor: 1000, best: true });
  });

  test('say why not in the caller’s language, as the quote does', async () => {
    const body = { walletId: guest, order: order(100) };
    const zh = { 'Accept-Language': 'zh-CN' };
    const answer = await till.client.post<{ offers: Offer[] }>(`${at}/offers`, body, zh);
    const offers = expectStatus(answer, 200).offers;
    for (const offer of offers) {
      expect(offer.name).toBe('立减五元');
      const quote = await till.client.post('/v1/redemptions/quote', {
        couponCode: offer.code,
        collectorId: shop.collectorId,
        order: body.order,
      });
      expect(quote.body).toMatchObject({
        redeemable: offer.usable,
        refusal: offer.usable ? null : offer.refusal.code,
      });
    }
    const tooSmall = offers.find((offer) => !offer.usable && offer.missingMinor !== null);
    expect(tooSmall).toMatchObject({ refusal: { title: '未达最低消费' }, missingMinor: 9900 });
  });

  test('are those of a hundred coupons at most, in two statements', async () => {
    const many = await world.wallet();
    const classId = await world.couponClass(shop, { perMemberLimit: 120 });
    await Promise.all(Array.from({ length: 105 }, () => world.coupon(shop, classId, many)));
    const offers = await asked(5000, { walletId: many });
    expect(offers).toHaveLength(100);
    expect(offers.filter((offer) => offer.usable && offer.best)).toHaveLength(1);
  });

  test('of a member without any are none', async () => {
    expect(await asked(5000, { walletId: member.walletId })).toEqual([]);
  });
});

describe('a search', () => {
  const found = async (query: string, client = till.client) =>
    expectStatus(await client.post<LookupAnswer>(`${at}/lookup`, { query }), 200);
  const names = async (query: string) => (await found(query)).visitors.map(({ name }) => name);

  beforeAll(async () => {
    for (const [n, name] of ['Anna', 'anton', 'Annika', 'Bob'].entries()) {
      await joinedMember(service, world, shop, { name, number: 100 + n });
    }
    await world.wallet(service.root, { displayName: 'Anna of others' });
    const other = await world.merchant();
    await joinedMember(service, world, other, { name: 'Anna elsewhere', number: 11 });
  });

  test('finds a member by number, by the beginning of a name and by the card’s QR', async () => {
    expect(await names('11')).toEqual(['小宝宝1']);
    expect(await names(' １１ ')).toEqual(['小宝宝1']);
    expect(await names('小')).toEqual(['小宝宝1']);
    expect(await names('ANN')).toEqual(['Anna', 'Annika']);
    expect(await names('an')).toEqual(['Anna', 'Annika', 'anton']);
    expect(await names(member.passValue)).toEqual(['小宝宝1']);
    expect(await names('nobody')).toEqual([]);
    expect((await found('11', shop.client)).visitors[0]).toMatchObject({
      number: '11',
      tier: 'Gold',
    });
  });

  test('finds a coupon of this issuer by its code', async () => {
    const coupon = await world.newCoupon(shop);
    expect((await found(coupon.code.toLowerCase())).coupon).toEqual({
      code: coupon.code,
      walletId: coupon.walletId,
      name: 'Five off',
    });
    const elsewhere = await world.newCoupon(await world.merchant());
    expect(await found(elsewhere.code)).toEqual({ visitors: [], coupon: null });
  });

  test('finds ten at most', async () => {
    for (let n = 0; n < 12; n++) {
      await joinedMember(service, world, shop, { name: `Carl ${n}`, number: 200 + n });
    }
    expect(await names('carl')).toHaveLength(10);
  });
});

test('the customer’s display hears what the till shows, with the name and not in the event', async () => {
  const reader = await openLine(service.urls[0] ?? '', 'till-harbour', {
    headers: { cookie: till.cookie },
  });
  const sums = { currency: 'CNY', totalMinor: 8600, discountMinor: 500, payableMinor: 8100 };
  const { walletId } = member;
  const states: Fields[] = [
    { state: 'idle', language: 'en' },
    { state: 'recognised', language: 'zh-CN', walletId },
    { state: 'saving', language: 'zh-CN', walletId, ...sums },
    { state: 'done', language: 'zh-CN', ...sums },
  ];
  for (const state of states) {
    expect((await till.client.post(`${at}/display`, state)).status).toBe(204);
  }
  await reader.until(() => reader.events().length >= 4);
  const shown = reader.events().map(({ kind, detail, visitor }) => [kind, detail, visitor?.name]);
  expect(shown).toEqual(
    states.map(({ walletId: shownTo, ...state }) => [
      'display',
      state,
      shownTo === undefined ? undefined : '小宝宝1',
    ]),
  );
  const rows = await service.sql("select * from terminal_events where kind = 'display'");
  expect(JSON.stringify(rows)).not.toContain('小宝宝1');
  reader.close();
});
