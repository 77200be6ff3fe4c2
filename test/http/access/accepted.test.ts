import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestService, type TestService } from '../../support/service.ts';
import {
  expectStatus,
  type Fields,
  type Merchant,
  minutesFromNow,
  World,
} from '../../support/world.ts';

let service: TestService;
let world: World;
let shop: Merchant;

beforeAll(async () => {
  service = await startTestService({ workers: false });
  world = new World(service);
  shop = await world.merchant();
});
afterAll(() => service.stop());

interface Made {
  readonly id: string;
  readonly key: string;
}
interface Page {
  readonly items: readonly { readonly id: string }[];
  readonly nextCursor: string | null;
}

const make = async (fields: Fields = {}, headers = {}) => {
  const body = { issuerId: shop.issuerId, scopes: ['wallets:write'], mode: 'live', ...fields };
  return service.root.post<Made>('/v1/api-keys', body, headers);
};

describe('an API key', () => {
  test.each(['live', 'test'])('is shown once, works, and says that it is %s', async (mode) => {
    const { id, key } = expectStatus(await make({ mode }), 201);
    expect(key).toMatch(new RegExp(`^tk_${mode}_${id}_[0-9A-Za-z]{49}$`));
    expect((await service.as(key).post('/v1/wallets', {})).status).toBe(201);
    const { text } = await service.root.get('/v1/api-keys?limit=200');
    expect(text).toContain(id);
    expect(text).not.toContain(key);
    const dump = await service.sql<{ row: string }>('select k::text as row from api_keys k');
    expect(dump.some(({ row }) => row.includes(key.slice(-49, -6)))).toBe(false);
  });

  test('is listed with what it may do and its last four characters', async () => {
    const merchant = await world.merchant();
    const expiresAt = minutesFromNow(60);
    const scopes = ['claims:write', 'wallets:read'];
    const made = await make({ issuerId: merchant.issuerId, scopes, expiresAt });
    const { body } = await merchant.client.get<Page>('/v1/api-keys');
    expect(body.items.find(({ id }) => id === made.body.id)).toEqual({
      id: made.body.id,
      issuerId: merchant.issuerId,
      mode: 'live',
      scopes,
      lastFour: made.body.key.slice(-4),
      createdAt: expect.any(String),
      expiresAt,
    });
    expect(body.items).toHaveLength(2);
  });

  test('makes one that may do no more than itself', async () => {
    const scopes = ['api-keys:write', 'claims:read'];
    const client = service.as(await world.keyFor(shop.issuerId, scopes));
    const lesser = { issuerId: shop.issuerId, scopes: ['claims:read'], mode: 'live' };
    expect((await client.post('/v1/api-keys', lesser)).status).toBe(201);
  });

  test('is told to a retry by its id alone', async () => {
    const headers = { 'Idempotency-Key': 'make a key' };
    const first = await make({}, headers);
    const again = await make({}, headers);
    expect(first.body.key).toMatch(/^tk_live_/);
    expect(again).toMatchObject({ status: 201, body: { id: first.body.id, key: null } });
    expect(again.headers.get('idempotent-replayed')).toBe('true');
  });

  test('once revoked is gone from the list', async () => {
    const { id } = expectStatus(await make(), 201);
    const revoked = await shop.client.delete(`/v1/api-keys/${id}`);
    expect([revoked.status, revoked.text]).toEqual([204, '']);
    const { body } = await shop.client.get<Page>('/v1/api-keys?limit=200');
    expect(body.items.map((item) => item.id)).not.toContain(id);
  });

  test('at its end is gone from the list', async () => {
    const { id } = expectStatus(await make({ expiresAt: minutesFromNow(60) }), 201);
    const listed = async () => {
      const { body } = await shop.client.get<Page>('/v1/api-keys?limit=200');
      return body.items.map((item) => item.id);
    };
    expect(await listed()).toContain(id);
    await service.sql('update api_keys set expires_at = clock_timestamp() where id = $1', [id]);
    expect(await listed()).not.toContain(id);
    expect((await shop.client.delete(`/v1/api-keys/${id}`)).status).toBe(404);
  });

  test('the scheme of Authorization is written in any case', async () => {
    for (const scheme of ['Bearer', 'bearer', 'BEARER']) {
      const headers = { Authorization: `${scheme} ${shop.apiKey}` };
      expect((await service.nobody.get('/v1/coupon-classes', headers)).status).toBe(200);
    }
  });
});
