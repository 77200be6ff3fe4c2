import { compactVerify, createLocalJWKSet, type JSONWebKeySet } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { problemCodes, problems } from '../../../src/problems/registry.ts';
import { startTestService, type TestService } from '../../support/service.ts';
import { claim, signedTap, World } from '../../support/world.ts';

let service: TestService;
let world: World;

beforeAll(async () => {
  service = await startTestService();
  world = new World(service);
});
afterAll(() => service.stop());

test('the process is up', async () => {
  expect(await service.nobody.get('/healthz')).toMatchObject({
    status: 200,
    body: { status: 'up' },
  });
});

test('it is ready while database, queue and workers answer', async () => {
  await expect.poll(async () => (await service.nobody.get('/readyz')).status).toBe(200);
  const parts = { database: true, queue: true, workers: true };
  expect((await service.nobody.get('/readyz')).body).toEqual({ status: 'ready', parts });
});

test('it is not ready where no worker runs', async () => {
  const alone = await startTestService({ workers: false });
  try {
    const { status, body } = await alone.nobody.get('/readyz');
    expect(status).toBe(503);
    expect(body).toMatchObject({ status: 'not-ready', parts: { database: true, workers: false } });
  } finally {
    await alone.stop();
  }
});

test('metrics count requests by route pattern, never by id', async () => {
  const shop = await world.merchant();
  const walletId = await world.wallet();
  await claim(shop.client, await world.couponClass(shop), { walletId });
  const { status, text, headers } = await service.nobody.get('/metrics');
  expect(status).toBe(200);
  expect(headers.get('content-type')).toMatch(/^text\/plain/);
  expect(text).toMatch(
    /tapline_http_request_seconds_count\{method="POST",route="\/v1\/coupon-classes\/:id\/claims",status="201"\} \d/,
  );
  expect(text).not.toContain(walletId);
});

test('the key set verifies a stored tap', async () => {
  const shop = await world.merchant();
  const { body } = await service.nobody.get<JSONWebKeySet>('/.well-known/jwks.json');
  const kid = `${shop.collectorId}.1`;
  expect(body.keys.find((key) => key.kid === kid)).toEqual({
    kid,
    kty: 'EC',
    crv: 'P-256',
    use: 'sig',
    alg: 'ES256',
    x: expect.any(String),
    y: expect.any(String),
  });
  const stored = await signedTap(shop.terminal, 'x');
  await compactVerify(stored, createLocalJWKSet(body));
});

describe('the page of a problem', () => {
  test.each(problemCodes)('%s', async (code) => {
    const { status, text, headers } = await service.nobody.get(`/problems/${code}`);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^text\/html/);
    for (const language of ['en', 'zh-CN'] as const) {
      const escaped = problems[code].title[language].replaceAll('"', '&quot;');
      expect(text).toContain(escaped);
    }
    expect(text).toContain(`HTTP ${problems[code].status}`);
  });
});

test('every answer names its request, and no sniffing', async () => {
  const seen = new Set<string | null>();
  for (const path of ['/healthz', '/nothing', '/v1/wallets/x', '/walletobjects/v1/issuer']) {
    const { headers } = await service.nobody.get(path);
    expect(headers.get('x-request-id')).toMatch(/^req_[0-9a-z]{26}$/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    seen.add(headers.get('x-request-id'));
  }
  expect(seen.size).toBe(4);
});
