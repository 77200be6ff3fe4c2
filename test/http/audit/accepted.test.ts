import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { publishHead } from '../../../src/audit/head-store.ts';
import { GENESIS } from '../../../src/audit/model.ts';
import { sealWaiting } from '../../../src/audit/seal.ts';
import { foldEntries } from '../../../src/numbers/fold.ts';
import { startTestService, type TestService } from '../../support/service.ts';
import type { Client } from '../../support/service-client.ts';
import { expectStatus, type Merchant, World } from '../../support/world.ts';

let service: TestService;
let world: World;
let shop: Merchant;
let partner: Merchant;

beforeAll(async () => {
  service = await startTestService({ workers: false });
  world = new World(service);
  shop = await world.merchant();
  partner = await world.merchant();
});
afterAll(() => service.stop());

interface Entry {
  readonly seq: number;
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly outcome: string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly position: number | null;
  readonly hash: string | null;
}

interface Page {
  readonly items: readonly Entry[];
  readonly nextCursor: string | null;
}

async function entries(client: Client, query = ''): Promise<readonly Entry[]> {
  const path = `/v1/audit/entries?limit=200${query}`;
  return expectStatus(await client.get<Page>(path), 200).items;
}

const head = async (client: Client) => expectStatus(await client.get('/v1/audit/head'), 200);

describe('the head', () => {
  test('is the beginning before anything was published, then what was, for every key', async () => {
    const [unsealed] = await service.sql<{ n: number }>(
      'select count(*)::int as n from audit_entries',
    );
    const none = { ...GENESIS, publishedAt: null, unsealed: unsealed?.n };
    expect(await head(shop.client)).toEqual(none);
    await sealWaiting(service.database, foldEntries);
    expect(await head(shop.client)).toEqual({ ...none, unsealed: 0 });
    const published = await publishHead(service.database.single, 0);
    await world.couponClass(shop);
    const told = await head(service.root);
    expect(told).toMatchObject({ ...published, unsealed: 1 });
    expect(published?.position).toBe(unsealed?.n);
    expect(await head(shop.client)).toEqual(told);
    expect(await head(partner.client)).toEqual(told);
  });
});

describe('entries', () => {
  test('tell who did what with which outcome, and their seal once they have one', async () => {
    const classId = await world.couponClass(shop, { stock: 7 });
    const [before] = await entries(shop.client, `&subject=${classId}`);
    expect(before).toMatchObject({
      action: 'coupon-class.create',
      subject: classId,
      outcome: 'done',
      detail: { stock: 7 },
      position: null,
      hash: null,
    });
    expect(before?.actor).toBe(`key:${shop.apiKey.split('_')[2]}`);
    expect(Date.now() - Date.parse(before?.at ?? '')).toBeLessThan(60_000);
    await sealWaiting(service.database, foldEntries);
    const [sealed] = await entries(shop.client, `&subject=${classId}`);
    const [row] = await service.sql<{ position: string; hash: string }>(
      'select position, hash from audit_seals where entry = $1',
      [before?.seq],
    );
    expect(sealed).toEqual({ ...before, position: Number(row?.position), hash: row?.hash });
  });

  test('are those about the caller’s own things; root sees all', async () => {
    const mine = await world.couponClass(shop);
    const theirs = await world.couponClass(partner);
    const store = { id: 'main', issuerId: partner.issuerId, name: 'Main' };
    expectStatus(await partner.client.post('/v1/stores', store), 201);
    const subjects = async (client: Client) => (await entries(client)).map((one) => one.subject);
    const [own, others, all] = [
      await subjects(shop.client),
      await subjects(partner.client),
      await subjects(service.root),
    ];
    expect(own).toContain(mine);
    expect(own).not.toContain(theirs);
    expect(others).toEqual(expect.arrayContaining([theirs, `${partner.issuerId}/main`]));
    expect(others).toContain(partner.issuerId);
    expect(others).not.toContain(mine);
    expect(all).toEqual(expect.arrayContaining([mine, theirs]));
    expect(await entries(shop.client, `&subject=${theirs}`)).toEqual([]);
  });

  test('are found by their action, and after a number', async () => {
    const { client } = await world.merchant();
    const owner = { ...shop, client, issuerId: (await entries(client))[0]?.subject ?? '' };
    const classId = await world.couponClass(owner);
    await client.post(`/v1/coupon-classes/${classId}/stock`, { add: 1 });
    await client.post(`/v1/coupon-classes/${classId}/void`);
    const actions = async (query: string) => (await entries(client, query)).map((e) => e.action);
    const ofClass = `&subject=${classId}`;
    const three = ['create', 'change', 'void'].map((verb) => `coupon-class.${verb}`);
    expect(await actions(ofClass)).toEqual(three);
    expect(await actions('&action=coupon-class.void')).toEqual(three.slice(2));
    expect(await actions(`${ofClass}&action=coupon-class.change`)).toEqual(three.slice(1, 2));
    const [first] = await entries(client, ofClass);
    expect(await actions(`${ofClass}&after=${first?.seq}`)).toEqual(three.slice(1));
    expect(await actions('&action=coupon-class.gone')).toEqual([]);
  });

  test('come in pages, which may be empty on the way through those of others', async () => {
    const { client, issuerId } = await world.merchant();
    const owner = { ...shop, client, issuerId };
    const first = await world.couponClass(owner);
    await service.sql(
      `insert into audit_entries (actor, action, subject, outcome, detail)
       select 'root', 'wallet.create', 'wal_' || n, 'created', '{}' from generate_series(1, 21000) n`,
    );
    const last = await world.couponClass(owner);
    const found: string[] = [];
    const sizes: number[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query: string = `?limit=1&action=coupon-class.create${cursor && `&cursor=${cursor}`}`;
      const page: Page = expectStatus(await client.get<Page>(`/v1/audit/entries${query}`), 200);
      found.push(...page.items.map(({ subject }) => subject));
      sizes.push(page.items.length);
      cursor = page.nextCursor;
    }
    expect(found).toEqual([first, last]);
    expect(sizes).toContain(0);
  });
});
