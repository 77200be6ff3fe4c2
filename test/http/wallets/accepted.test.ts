import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestService, type TestService } from '../../support/service.ts';
import { expectStatus, type Merchant, newKeyPair, World } from '../../support/world.ts';

let service: TestService;
let world: World;
let shop: Merchant;

beforeAll(async () => {
  service = await startTestService();
  world = new World(service);
  shop = await world.merchant();
});
afterAll(() => service.stop());

interface Page {
  readonly items: readonly Record<string, unknown>[];
  readonly nextCursor: string | null;
}

describe('a wallet', () => {
  test('is made and read', async () => {
    const email = 'ana@example.com';
    const fields = { displayName: 'Ana 安娜', externalId: 'member-7', email, plus: true };
    const { status, body } = await shop.client.post<{ id: string }>('/v1/wallets', fields);
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.stringMatching(/^wal_[0-9a-z]{26}$/),
      issuerId: shop.issuerId,
      ...fields,
      createdAt: expect.any(String),
    });
    expect((await shop.client.get(`/v1/wallets/${body.id}`)).body).toEqual(body);
  });

  test('needs nothing, and without a keeper belongs to the platform', async () => {
    const { status, body } = await service.root.post('/v1/wallets', {});
    expect(status).toBe(201);
    const none = { issuerId: null, displayName: null, externalId: null, email: null, plus: false };
    expect(body).toMatchObject(none);
  });

  test('of the platform tells its keeper alone who the member is', async () => {
    const email = 'ana@example.com';
    const personal = { displayName: 'Ana 安娜', externalId: 'member-of-the-platform', email };
    const id = await world.wallet(service.root, { ...personal, plus: true });
    const path = `/v1/wallets/${id}`;
    expect((await service.root.get(path)).body).toMatchObject(personal);
    const { status, body } = await shop.client.get(path);
    expect(status).toBe(200);
    expect(body).toEqual({ id, issuerId: null, plus: true, createdAt: expect.any(String) });
  });

  test('may have the external id of another issuer’s wallet', async () => {
    const other = await world.merchant();
    for (const { client } of [shop, other]) await world.wallet(client, { externalId: 'same' });
  });
});

describe('its passes', () => {
  test('are listed in pages, each issuer’s own and all for the keeper', async () => {
    const other = await world.merchant();
    const walletId = await world.wallet();
    const classId = await world.passClass(shop);
    const mine = [];
    for (let n = 0; n < 3; n++) mine.push(await world.pass(shop, classId, walletId));
    const theirs = await world.pass(other, await world.passClass(other), walletId);
    const path = `/v1/wallets/${walletId}/passes`;
    const first = expectStatus(await shop.client.get<Page>(`${path}?limit=2`), 200);
    const rest = await shop.client.get<Page>(`${path}?limit=2&cursor=${first.nextCursor}`);
    expect(rest.body.nextCursor).toBeNull();
    const items = [...first.items, ...rest.body.items];
    expect(items.map(({ objectId }) => objectId)).toEqual(mine);
    expect(items[0]).toEqual({
      objectId: mine[0],
      classId,
      issuerId: shop.issuerId,
      type: 'loyalty',
      state: 'ACTIVE',
      addedAt: expect.any(String),
    });
    const all = await service.root.get<Page>(path);
    expect(all.body.items.map(({ objectId }) => objectId)).toEqual([...mine, theirs].sort());
  });

  test('one added twice is there once', async () => {
    const walletId = await world.wallet();
    const objectId = await world.pass(shop, await world.passClass(shop), walletId);
    const path = `/v1/wallets/${walletId}/passes`;
    const again = await shop.client.post(path, { objectId });
    expect(again).toMatchObject({ status: 201, body: { walletId, objectId } });
    expect((await shop.client.get<Page>(path)).body.items).toHaveLength(1);
  });

  test('one may be in several wallets if its class says so', async () => {
    const several = { multipleDevicesAndHoldersAllowedStatus: 'MULTIPLE_HOLDERS' };
    const objectId = await world.pass(
      shop,
      await world.passClass(shop, several),
      await world.wallet(),
    );
    const path = `/v1/wallets/${await world.wallet()}/passes`;
    expect((await shop.client.post(path, { objectId })).status).toBe(201);
  });
});

describe('its coupons', () => {
  test('are listed by status, each issuer’s own and all for the keeper', async () => {
    const other = await world.merchant();
    const walletId = await world.wallet();
    const mine = await world.coupon(shop, await world.couponClass(shop), walletId);
    const theirs = await world.coupon(other, await world.couponClass(other), walletId);
    const path = `/v1/wallets/${walletId}/coupons`;
    expect((await shop.client.get(path)).body).toEqual({ items: [mine], nextCursor: null });
    const all = await service.root.get<Page>(path);
    expect(all.body.items.map(({ id }) => id)).toEqual([mine.id, theirs.id]);
    await service.sql('update coupons set expires_at = clock_timestamp() where id = $1', [mine.id]);
    for (const [status, ids] of [
      ['issued', [theirs.id]],
      ['expired', [mine.id]],
      ['redeemed', []],
    ] as const) {
      const { body } = await service.root.get<Page>(`${path}?status=${status}`);
      expect(body.items.map(({ id }) => id)).toEqual(ids);
    }
  });
});

describe('what the phone stores for offline', () => {
  test('is every pass with the keys of those who may redeem it', async () => {
    const partner = await world.merchant();
    const walletId = await world.wallet();
    const redemptionIssuers = [shop.issuerId, partner.issuerId];
    const classId = await world.passClass(shop, { redemptionIssuers });
    const objectId = await world.pass(shop, classId, walletId);
    const { status, body, headers } = await service.root.get(`/v1/wallets/${walletId}/sync`);
    expect(status).toBe(200);
    expect(headers.get('etag')).toMatch(/^"[0-9a-f]{32}"$/);
    const keys = [{ version: 1, publicKeyPem: expect.stringMatching(/^-----BEGIN PUBLIC KEY/) }];
    expect(body).toEqual({
      walletId,
      passes: [
        {
          objectId,
          classId,
          issuerId: shop.issuerId,
          type: 'loyalty',
          state: 'ACTIVE',
          enableSmartTap: true,
          redemptionValue: `value of ${objectId}`,
          validFrom: null,
          validUntil: null,
          redemptionIssuers,
        },
      ],
      redemptionIssuers: [shop, partner].map(({ issuerId, collectorId }) => ({
        issuerId,
        collectorId,
        keys,
      })),
    });
  });

  test('is not sent again while it is current, and is when a pass or a key changes', async () => {
    const merchant = await world.merchant();
    const walletId = await world.wallet();
    const classId = await world.passClass(merchant);
    await world.pass(merchant, classId, walletId);
    const path = `/v1/wallets/${walletId}/sync`;
    const etag = async () => (await service.root.get(path)).headers.get('etag') ?? '';
    const conditional = (tag: string) => service.root.get(path, { 'If-None-Match': tag });
    const current = await etag();
    for (const tag of [current, `W/${current}`, `"other", ${current}`, '*']) {
      const answer = await conditional(tag);
      expect([answer.status, answer.text]).toEqual([304, '']);
      expect(answer.headers.get('etag')).toBe(current);
    }
    expect((await conditional('"other"')).status).toBe(200);
    await world.pass(merchant, classId, walletId);
    const withPass = await etag();
    expect((await conditional(current)).status).toBe(200);
    const { publicKey } = await newKeyPair();
    const authenticationKeys = [{ id: 2, publicKeyPem: publicKey }];
    const change = { smartTapMerchantData: { authenticationKeys } };
    await service.root.patch(`/walletobjects/v1/issuer/${merchant.issuerId}`, change);
    expect((await conditional(withPass)).status).toBe(200);
  });
});
