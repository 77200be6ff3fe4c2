import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { membershipAt } from '../../../src/members/become.ts';
import { joinIssuer } from '../../../src/privacy/join-issuer.ts';
import { joinByPhone, newPhone } from '../../support/member-stage.ts';
import { startTestService, type TestService } from '../../support/service.ts';
import { type Client, told } from '../../support/service-client.ts';
import { expectStatus, type Merchant, World } from '../../support/world.ts';

let service: TestService;
let world: World;
let shop: Merchant;
let classId: string;

beforeAll(async () => {
  service = await startTestService({ workers: false });
  world = new World(service);
});
afterAll(() => service.stop());
beforeEach(async () => {
  shop = await world.merchant();
  classId = await world.passClass(shop);
});

interface Membership {
  readonly number: number;
  readonly objectId: string;
  readonly externalId: string | null;
  readonly walletRef: string;
}

const put = (client: Client, issuerId: string, body: object) =>
  client.send('PUT', `/v1/issuers/${issuerId}/membership`, {
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });

const open = async () => expectStatus(await put(shop.client, shop.issuerId, { classId }), 200);

const importInto = (fields: object) =>
  shop.client.post<Membership>('/v1/memberships/import', { issuerId: shop.issuerId, ...fields });

const join = (memberId: string) =>
  service.database.transact((tx) => joinIssuer(tx, memberId, shop.issuerId));

describe('the card that members get', () => {
  test('is of an approved loyalty class of the issuer’s own', async () => {
    const path = `/v1/issuers/${shop.issuerId}/membership`;
    expect(told(await shop.client.get(path))).toBe('404 not-found');
    expect(await open()).toEqual({ issuerId: shop.issuerId, classId });
    expect((await shop.client.get(path)).body).toEqual({ issuerId: shop.issuerId, classId });
    const other = await world.passClass(shop);
    expectStatus(await put(shop.client, shop.issuerId, { classId: other }), 200);
    expect((await shop.client.get(path)).body).toMatchObject({ classId: other });
  });

  test('is of no other', async () => {
    const stranger = await world.merchant();
    const offers = await world.passClass(shop, { vertical: 'offer' });
    const draft = await world.passClass(shop, { reviewStatus: 'DRAFT' });
    const refused = '409 class-not-for-members';
    for (const wrong of [offers, draft, await world.passClass(stranger), `${shop.issuerId}.none`]) {
      expect(told(await put(shop.client, shop.issuerId, { classId: wrong }))).toBe(refused);
    }
    expect(told(await put(shop.client, shop.issuerId, { classId: 'x' }))).toBe(
      '422 invalid-request',
    );
    expect(told(await put(stranger.client, shop.issuerId, { classId }))).toBe('404 not-found');
  });

  test('is a pass in the wallet that terminals receive, and names nobody', async () => {
    await open();
    const { member } = await joinByPhone(service.database, { displayName: '小宝宝1' });
    const membership = await join(member.memberId);
    expect(membership).toMatchObject({ number: 1, issuerId: shop.issuerId });
    const path = `/walletobjects/v1/loyaltyObject/${membership?.objectId}`;
    const object = expectStatus(await shop.client.get<Record<string, unknown>>(path), 200);
    expect(object).toMatchObject({ classId, accountId: '1', state: 'ACTIVE' });
    expect(String(object.smartTapRedemptionValue)).toMatch(/^[0-9A-Z]{26}$/);
    expect(JSON.stringify(object)).not.toContain('小宝宝1');
    const wallet = await service.root.get(`/v1/wallets/${member.walletId}/passes`);
    expect(wallet.text).toContain(String(membership?.objectId));
  });
});

test('nobody joins an issuer that takes no members', async () => {
  const { member } = await joinByPhone(service.database);
  expect(await join(member.memberId)).toBeNull();
  expect(await membershipAt(service.database.reads, member.memberId, shop.issuerId)).toBeNull();
});

describe('the list of members', () => {
  test('goes by number, in pages, without names and phone numbers', async () => {
    await open();
    for (let n = 0; n < 3; n++) {
      const { member } = await joinByPhone(service.database, { displayName: 'canary' });
      await join(member.memberId);
    }
    const first = await shop.client.get<{ items: Membership[]; nextCursor: string }>(
      '/v1/memberships?limit=2',
    );
    const second = await shop.client.get<{ items: Membership[]; nextCursor: null }>(
      `/v1/memberships?limit=2&cursor=${first.body.nextCursor}`,
    );
    const items = [...first.body.items, ...second.body.items];
    expect(items.map(({ number }) => number)).toEqual([1, 2, 3]);
    expect(second.body.nextCursor).toBeNull();
    expect(new Set(items.map(({ walletRef }) => walletRef)).size).toBe(3);
    expect(first.text + second.text).not.toMatch(/canary|\+86|wal_|mem_/);
  });

  test('calls a member by other names at other issuers', async () => {
    await open();
    const { member } = await joinByPhone(service.database);
    await join(member.memberId);
    const here = (await shop.client.get<{ items: Membership[] }>('/v1/memberships')).body.items;
    shop = await world.merchant();
    classId = await world.passClass(shop);
    await open();
    await join(member.memberId);
    const there = (await shop.client.get<{ items: Membership[] }>('/v1/memberships')).body.items;
    expect(there[0]?.walletRef).toMatch(/^ref_/);
    expect(there[0]?.walletRef).not.toBe(here[0]?.walletRef);
  });
});

describe('a member of another system', () => {
  test('is imported once, however often it is sent', async () => {
    await open();
    const fields = { externalId: 'old-77', number: 77 };
    const first = expectStatus(await importInto(fields), 201);
    expect(first).toMatchObject({ number: 77 });
    const { items } = (await shop.client.get<{ items: Membership[] }>('/v1/memberships')).body;
    expect(items).toEqual([{ ...first, externalId: 'old-77' }]);
    expect(expectStatus(await importInto(fields), 200)).toEqual(first);
    expect(expectStatus(await importInto({ externalId: 'old-77' }), 200)).toEqual(first);
  });

  test.each(['before', 'after'])(
    'proves the number %s the import, and joins with the card',
    async (when) => {
      await open();
      const phone = newPhone();
      const fields = { externalId: 'e1', phone: phone.slice(3), displayName: 'VIP, owes us' };
      const early = when === 'before' ? await joinByPhone(service.database, { phone }) : null;
      const card = expectStatus(await importInto(fields), 201);
      const { member } = early ?? (await joinByPhone(service.database, { phone }));
      expect(await membershipAt(service.database.reads, member.memberId, shop.issuerId)).toBeNull();
      expect(await join(member.memberId)).toMatchObject({ objectId: card.objectId });
      const [named] = await service.sql<{ display_name: string | null }>(
        'select display_name from wallets where id = $1',
        [member.walletId],
      );
      expect(named?.display_name).toBe(member.displayName);
      expect(member.displayName).not.toBe('VIP, owes us');
    },
  );

  test('shows no shop whom another one imported', async () => {
    await open();
    const phone = newPhone();
    const { member } = await joinByPhone(service.database, { phone, displayName: 'Carol' });
    expectStatus(await importInto({ externalId: 'probe', phone, displayName: 'Probe' }), 201);
    const [link] = await service.sql<{ n: number }>(
      `select count(*)::int as n from memberships m join wallet_passes p using (object_id)
        where m.member_id = $1 or p.wallet_id = $2`,
      [member.memberId, member.walletId],
    );
    expect(link?.n).toBe(0);
  });

  test('who joined before keeps the card and gets the external id', async () => {
    await open();
    const { member, phone } = await joinByPhone(service.database);
    const card = await join(member.memberId);
    const linked = expectStatus(await importInto({ externalId: 'e2', phone, number: 500 }), 200);
    expect(linked).toMatchObject({ number: card?.number, objectId: card?.objectId });
    expect(told(await importInto({ externalId: 'e3', phone }))).toBe('409 already-exists');
  });

  test('leaves numbers free that others have', async () => {
    await open();
    for (const number of [1, 2, 4])
      expectStatus(await importInto({ externalId: `n${number}`, number }), 201);
    const numbers = [];
    for (const externalId of ['a', 'b']) {
      numbers.push(expectStatus(await importInto({ externalId }), 201).number);
    }
    expect(numbers).toEqual([3, 5]);
    expect(told(await importInto({ externalId: 'c', number: 4 }))).toBe('409 number-taken');
  });

  test('is refused with its reason', async () => {
    expect(told(await importInto({ externalId: 'x' }))).toBe('409 members-not-enabled');
    await open();
    const stranger = await world.merchant();
    const body = { issuerId: shop.issuerId, externalId: 'x' };
    expect(told(await stranger.client.post('/v1/memberships/import', body))).toBe('404 not-found');
    expect(told(await importInto({ externalId: 'x', phone: '123' }))).toBe('422 phone-invalid');
    expect(told(await importInto({ externalId: 'x', number: 0 }))).toBe('422 invalid-request');
    expect(told(await importInto({ externalId: '' }))).toBe('422 invalid-request');
  });

  test('is not told that a phone number is a member’s elsewhere', async () => {
    await open();
    const { phone } = await joinByPhone(service.database, { displayName: 'secret' });
    const known = await importInto({ externalId: 'k', phone });
    const unknown = await importInto({ externalId: 'u', phone: newPhone() });
    expect([known.status, Object.keys(known.body)]).toEqual([
      unknown.status,
      Object.keys(unknown.body),
    ]);
    expect(known.text).not.toContain('secret');
  });

  test('forty times at once is one', async () => {
    await open();
    const phone = newPhone();
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => importInto({ externalId: 'once', phone })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(new Set(answers.map(({ body }) => body.objectId)).size).toBe(1);
  });
});
