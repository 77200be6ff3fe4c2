import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestService, type TestService } from '../../support/service.ts';
import { expectStatus, type Merchant, World } from '../../support/world.ts';

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
  readonly secret: string | null;
}
interface Page {
  readonly items: readonly { readonly id: string }[];
  readonly nextCursor: string | null;
}

const SECRET = /^whsec_[A-Za-z0-9+/]{43}=$/;
const URL = 'https://hooks.example.com/tapline?shop=1';

const make = ({ client, issuerId } = shop, headers = {}, url = URL) =>
  client.post<Made>('/v1/webhooks', { issuerId, url }, headers);
const listed = async ({ client } = shop, query = '?limit=200') =>
  expectStatus(await client.get<Page>(`/v1/webhooks${query}`), 200);

describe('a webhook endpoint', () => {
  test('is made with a secret that is shown once and kept encrypted', async () => {
    const made = expectStatus(await make(), 201);
    expect(made).toEqual({
      id: expect.stringMatching(/^whk_[0-9a-z]{26}$/),
      issuerId: shop.issuerId,
      url: URL,
      secret: expect.stringMatching(SECRET),
      createdAt: expect.any(String),
      disabledAt: null,
    });
    const { secret, ...shown } = made;
    expect((await listed()).items.find(({ id }) => id === made.id)).toEqual(shown);
    const [row] = await service.sql<{ text: string }>(
      'select w::text as text from webhook_endpoints w where id = $1',
      [made.id],
    );
    expect(row?.text).toContain('v1.');
    expect(row?.text).not.toContain(secret?.slice('whsec_'.length, 20));
  });

  test.each([
    'https://hooks.example.com',
    'https://hooks.example.com:443/',
    'https://HOOKS.example.com:8443/a?b=c#d',
    'https://xn--fiq228c.xn--fiqs8s/',
    `https://hooks.example.com/${'x'.repeat(1900)}`,
  ])('may be %s', async (url) => {
    const merchant = await world.merchant();
    expect(expectStatus(await make(merchant, {}, url), 201)).toMatchObject({ url });
  });

  test('is told to a retry without its secret', async () => {
    const headers = { 'Idempotency-Key': 'an endpoint' };
    const first = expectStatus(await make(shop, headers), 201);
    const again = await make(shop, headers);
    expect(again.body).toEqual({ ...first, secret: null });
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    const kept = await service.sql<{ text: string }>(
      'select k::text as text from idempotency_keys k',
    );
    expect(kept.map(({ text }) => text).join()).not.toContain(first.secret);
  });

  test('gets another secret each time it asks for one', async () => {
    const { id, secret } = expectStatus(await make(), 201);
    const path = `/v1/webhooks/${id}/secret`;
    const secrets = [secret];
    for (const body of [undefined, {}]) {
      const next = expectStatus(await shop.client.post<Made>(path, body), 201);
      expect(next).toEqual({
        id,
        secret: expect.stringMatching(SECRET),
        previousUntil: expect.any(String),
      });
      secrets.push(next.secret);
    }
    expect(new Set(secrets).size).toBe(3);
    const headers = { 'Idempotency-Key': 'a secret' };
    const first = expectStatus(await shop.client.post<Made>(path, {}, headers), 201);
    const again = expectStatus(await shop.client.post<Made>(path, {}, headers), 201);
    expect(again).toEqual({ ...first, secret: null });
  });

  test('once removed is gone', async () => {
    const { id } = expectStatus(await make(), 201);
    const removed = await shop.client.delete(`/v1/webhooks/${id}`);
    expect([removed.status, removed.text]).toEqual([204, '']);
    expect((await listed()).items.map((item) => item.id)).not.toContain(id);
  });

  test('is listed in pages to its issuer, and all are to root', async () => {
    const [one, other] = [await world.merchant(), await world.merchant()];
    const ids = [];
    for (let n = 0; n < 3; n++) ids.push(expectStatus(await make(one), 201).id);
    const theirs = expectStatus(await make(other), 201).id;
    const first = await listed(one, '?limit=2');
    expect(first.items.map(({ id }) => id)).toEqual(ids.slice(0, 2));
    const rest = await listed(one, `?limit=2&cursor=${first.nextCursor}`);
    expect(rest).toMatchObject({ items: [{ id: ids[2] }], nextCursor: null });
    const all = await service.root.get<Page>('/v1/webhooks?limit=200');
    expect(all.body.items.map(({ id }) => id)).toEqual(expect.arrayContaining([...ids, theirs]));
  });

  test('made by root belongs to the issuer it names', async () => {
    const body = { issuerId: shop.issuerId, url: URL };
    const { id } = expectStatus(await service.root.post<Made>('/v1/webhooks', body), 201);
    expect((await listed()).items.map((item) => item.id)).toContain(id);
  });

  test('leaves what was done in the audit', async () => {
    const { id } = expectStatus(await make(), 201);
    await shop.client.post(`/v1/webhooks/${id}/secret`);
    await shop.client.delete(`/v1/webhooks/${id}`);
    const entries = await service.sql(
      'select action, outcome from audit_entries where subject = $1 order by seq',
      [id],
    );
    expect(entries).toEqual([
      { action: 'webhook.create', outcome: 'created' },
      { action: 'webhook.rotate-secret', outcome: 'rotated' },
      { action: 'webhook.delete', outcome: 'deleted' },
    ]);
  });
});
