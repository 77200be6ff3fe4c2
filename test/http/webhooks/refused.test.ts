import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestService, type TestService } from '../../support/service.ts';
import { type Problem, told } from '../../support/service-client.ts';
import { expectStatus, type Fields, type Merchant, World } from '../../support/world.ts';

let service: TestService;
let keyless: TestService;
let world: World;
let keylessWorld: World;
let shop: Merchant;

beforeAll(async () => {
  service = await startTestService({ workers: false });
  world = new World(service);
  shop = await world.merchant();
});
beforeAll(async () => {
  keyless = await startTestService({ workers: false, sealer: null });
  keylessWorld = new World(keyless);
});
afterAll(() => service?.stop());
afterAll(() => keyless?.stop());

const URL = 'https://hooks.example.com/tapline';
const NOBODY = `whk_${'0'.repeat(26)}`;

const make = (fields: Fields = {}, { client, issuerId } = shop) =>
  client.post<Problem & { id: string }>('/v1/webhooks', { issuerId, url: URL, ...fields });

describe('an endpoint is not made', () => {
  test.each<[Fields, pointer: string]>([
    [{ url: undefined }, '/url'],
    [{ url: 7 }, '/url'],
    [{ url: '' }, '/url'],
    [{ issuerId: undefined }, '/issuerId'],
    [{ issuerId: 'x' }, '/issuerId'],
    [{ secret: 'whsec_mine' }, '/secret'],
    [{ id: NOBODY }, '/id'],
  ])('with %j', async (fields, pointer) => {
    const answer = await make(fields);
    expect(told(answer)).toBe('422 invalid-request');
    expect(new Set(answer.body.errors?.map((error) => error.pointer))).toEqual(new Set([pointer]));
  });

  test.each([
    'http://hooks.example.com/',
    'ftp://hooks.example.com/',
    'https://user@hooks.example.com/',
    'https://user:password@hooks.example.com/',
    'https://hooks.example.com./',
    'https://hooks.example.com:80/',
    'https://hooks.example.com:22/',
    'https://localhost/',
    'https://hooks/',
    'https://127.0.0.1/',
    'https://8.8.8.8/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://0177.0.0.1/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://①②⑦.⓪.⓪.①/',
    'https://中文.example/',
    'https://hooks.example.com\\@10.0.0.1/',
    'https://hooks.example.com /',
    'https:hooks.example.com',
    'https:///hooks.example.com',
    'https://hooks.%65xample.com/',
    '//hooks.example.com/',
    `https://hooks.example.com/${'x'.repeat(2000)}`,
  ])('for %s', async (url) => {
    const answer = await make({ url });
    expect(told(answer)).toBe('422 invalid-request');
    expect(new Set(answer.body.errors?.map((error) => error.pointer))).toEqual(new Set(['/url']));
  });

  test('for another issuer, or for none', async () => {
    const other = await world.merchant();
    expect(told(await make({ issuerId: other.issuerId }))).toBe('404 not-found');
    const none = { issuerId: '424242', url: URL };
    expect(told(await service.root.post('/v1/webhooks', none))).toBe('404 not-found');
  });

  test('when the issuer has twenty, also when it asks for several at once', async () => {
    const merchant = await world.merchant();
    const answers = await Promise.all(Array.from({ length: 30 }, () => make({}, merchant)));
    const counts: Record<string, number> = {};
    for (const answer of answers) counts[told(answer)] = (counts[told(answer)] ?? 0) + 1;
    expect(counts).toEqual({ '201': 20, '409 too-many-webhooks': 10 });
  });

  test('by a service that has no key for secrets', async () => {
    const merchant = await keylessWorld.merchant();
    expect(told(await make({}, merchant))).toBe('409 webhooks-not-enabled');
    expect((await merchant.client.get('/v1/webhooks')).body).toMatchObject({ items: [] });
  });
});

describe('an endpoint of another issuer', () => {
  test('is as good as none', async () => {
    const { id } = expectStatus(await make(), 201);
    const { client } = await world.merchant();
    for (const endpoint of [id, NOBODY]) {
      const path = `/v1/webhooks/${endpoint}`;
      expect(told(await client.delete(path))).toBe('404 not-found');
      expect(told(await client.post(`${path}/secret`))).toBe('404 not-found');
    }
    expect((await client.get<{ items: [] }>('/v1/webhooks')).body.items).toEqual([]);
    expect((await shop.client.delete(`/v1/webhooks/${id}`)).status).toBe(204);
  });
});

describe('a secret is not exchanged', () => {
  test('with anything in the body', async () => {
    const { id } = expectStatus(await make(), 201);
    const path = `/v1/webhooks/${id}/secret`;
    const answer = await shop.client.post(path, { secret: 'whsec_mine' });
    expect(told(answer)).toBe('422 invalid-request');
  });

  test('by a service that has no key for it', async () => {
    const merchant = await keylessWorld.merchant();
    await keyless.sql(
      `insert into webhook_endpoints (id, issuer_id, url, secret) values ($1, $2, $3, 'v1.x')`,
      [NOBODY, merchant.issuerId, URL],
    );
    const answer = await merchant.client.post(`/v1/webhooks/${NOBODY}/secret`);
    expect(told(answer)).toBe('409 webhooks-not-enabled');
    expect((await merchant.client.delete(`/v1/webhooks/${NOBODY}`)).status).toBe(204);
  });
});
