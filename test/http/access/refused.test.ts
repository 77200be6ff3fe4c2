import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newApiKey } from '../../../src/access/key-format.ts';
import { ROOT_KEY, startTestService, type TestService } from '../../support/service.ts';
import { type Problem, told } from '../../support/service-client.ts';
import { type Fields, type Merchant, minutesFromNow, World } from '../../support/world.ts';

let service: TestService;
let world: World;
let shop: Merchant;

beforeAll(async () => {
  service = await startTestService({ instances: 2, workers: false });
  world = new World(service);
  shop = await world.merchant();
});
afterAll(() => service.stop());

const UNKNOWN = '401 unauthenticated';
const probe = (authorization: string, instance = 0) =>
  service.as(null, instance).get('/v1/coupon-classes', { Authorization: authorization });

describe('a caller who is not known', () => {
  const jwt = (claims: object) =>
    [{ alg: 'RS256', typ: 'JWT' }, claims, randomBytes(256)]
      .map((part) =>
        (Buffer.isBuffer(part) ? part : Buffer.from(JSON.stringify(part))).toString('base64url'),
      )
      .join('.');
  test.each<[what: string, authorization: () => string]>([
    ['no scheme', () => shop.apiKey],
    ['Basic', () => `Basic ${Buffer.from(`x:${shop.apiKey}`).toString('base64')}`],
    ['an empty token', () => 'Bearer '],
    ['two spaces', () => `Bearer  ${shop.apiKey}`],
    ['two tokens', () => `Bearer ${shop.apiKey} ${shop.apiKey}`],
    ['two schemes', () => `Bearer ${shop.apiKey}, Basic eDp5`],
    [
      'a mistyped key',
      () => `Bearer ${shop.apiKey.replace(/.$/, (last) => (last === 'x' ? 'y' : 'x'))}`,
    ],
    ['a key nobody made', () => `Bearer ${newApiKey('live').key}`],
    [
      'the id of a key with another secret',
      () => {
        const { id } = parts(shop.apiKey);
        const { secret } = newApiKey('live');
        return `Bearer tk_live_${id}_${secret}`;
      },
    ],
    ['the other mode', () => `Bearer ${shop.apiKey.replace('tk_live_', 'tk_test_')}`],
    ['another prefix', () => `Bearer ${shop.apiKey.replace('tk_', 'sk_')}`],
    ['the root key and more', () => `Bearer ${ROOT_KEY}x`],
    ['the root key in capitals', () => `Bearer ${ROOT_KEY.toUpperCase()}`],
    ['a JWT', () => `Bearer ${jwt({ iss: 'x@project.iam.gserviceaccount.com' })}`],
    [
      'a save link’s JWT',
      () => `Bearer ${jwt({ typ: 'savetowallet', aud: 'google', payload: {} })}`,
    ],
    ['a tap’s JWS', () => `Bearer ${jwt({ jti: 'x', presentation: 'y' })}`],
    ['900 characters', () => `Bearer ${'x'.repeat(900)}`],
    ['10,000 characters', () => `Bearer ${'x'.repeat(10_000)}`],
  ])('%s', async (_what, authorization) => {
    const answer = await probe(authorization());
    expect(told(answer)).toBe(UNKNOWN);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
  });

  test('no Authorization at all', async () => {
    expect(told(await service.nobody.get('/v1/coupon-classes'))).toBe(UNKNOWN);
    expect(told(await service.nobody.post('/v1/wallets', {}))).toBe(UNKNOWN);
  });

  test('is told so before anything of the request is looked at', async () => {
    const init = { headers: { 'Content-Type': 'text/plain' }, body: '{' };
    expect(told(await service.nobody.send('POST', '/v1/wallets', init))).toBe(UNKNOWN);
    expect(told(await service.nobody.get('/v1/no-such-path'))).toBe(UNKNOWN);
  });
});

function parts(key: string) {
  const [, mode, id = '', secret = ''] = key.split('_');
  return { mode, id, secret };
}

describe('a key that is over', () => {
  test('because it was revoked, is refused by every process within 5 seconds', async () => {
    const key = await world.keyFor(shop.issuerId);
    for (const instance of [0, 1]) expect(told(await probe(`Bearer ${key}`, instance))).toBe('200');
    expect((await shop.client.delete(`/v1/api-keys/${parts(key).id}`)).status).toBe(204);
    const revoked = performance.now();
    for (const instance of [0, 1]) {
      await expect
        .poll(async () => told(await probe(`Bearer ${key}`, instance)), {
          timeout: 5000 - (performance.now() - revoked),
          interval: 50,
        })
        .toBe(UNKNOWN);
    }
  });

  test('because its time has run out', async () => {
    const key = await world.keyFor(shop.issuerId);
    await service.sql('update api_keys set expires_at = clock_timestamp() where id = $1', [
      parts(key).id,
    ]);
    expect(told(await probe(`Bearer ${key}`))).toBe(UNKNOWN);
  });

  test('may be revoked once, by its issuer', async () => {
    const { id } = parts(await world.keyFor(shop.issuerId));
    const other = await world.merchant();
    expect(told(await other.client.delete(`/v1/api-keys/${id}`))).toBe('404 not-found');
    expect((await shop.client.delete(`/v1/api-keys/${id}`)).status).toBe(204);
    expect(told(await shop.client.delete(`/v1/api-keys/${id}`))).toBe('404 not-found');
  });
});

describe('a key is not made', () => {
  const make = (fields: Fields, client = service.root) =>
    client.post<Problem>('/v1/api-keys', {
      issuerId: shop.issuerId,
      scopes: ['claims:read'],
      mode: 'live',
      ...fields,
    });

  test('that may do more than the one that makes it', async () => {
    const scopes = ['api-keys:write', 'claims:read'];
    const client = service.as(await world.keyFor(shop.issuerId, scopes));
    for (const scope of ['claims:write', 'redemptions:read', '*']) {
      expect(told(await make({ scopes: [scope] }, client))).toBe('403 forbidden');
    }
  });

  test('for another issuer, or for none', async () => {
    const other = await world.merchant();
    expect(told(await make({ issuerId: other.issuerId }, shop.client))).toBe('404 not-found');
    expect(told(await make({ issuerId: '424242' }))).toBe('404 not-found');
  });

  test.each<[Fields, pointer: string]>([
    [{ scopes: [] }, '/scopes'],
    [{ scopes: ['claims:delete'] }, '/scopes/0'],
    [{ scopes: 'claims:read' }, '/scopes'],
    [{ mode: 'prod' }, '/mode'],
    [{ mode: undefined }, '/mode'],
    [{ expiresAt: 'soon' }, '/expiresAt'],
    [{ expiresAt: '2026-01-01' }, '/expiresAt'],
    [{ expiresAt: minutesFromNow(0) }, '/expiresAt'],
    [{ expiresAt: '2001-01-01T00:00:00Z' }, '/expiresAt'],
    [{ key: 'tk_live_x' }, '/key'],
    [{ issuerId: 1.5 }, '/issuerId'],
  ])('with %j', async (fields, pointer) => {
    const answer = await make(fields);
    expect(told(answer)).toBe('422 invalid-request');
    expect(answer.body.errors?.map((error) => error.pointer)).toContain(pointer);
  });
});
