import { randomUUID } from 'node:crypto';
import type { CryptoKey } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ORIGIN, startTestService, type TestService } from '../../support/service.ts';
import { type Problem, told } from '../../support/service-client.ts';
import {
  expectStatus,
  type Fields,
  type Merchant,
  minutesFromNow,
  newKeyPair,
  signedTap,
  tap,
  World,
} from '../../support/world.ts';

let service: TestService;
let world: World;
let foo: Merchant;
let walletId: string;
let token: string;

beforeAll(async () => {
  service = await startTestService({ workers: false });
  world = new World(service);
  foo = await world.merchant();
  walletId = await world.wallet();
  await world.pass(foo, await world.passClass(foo), walletId);
  token = (await world.present(walletId)).token;
});
afterAll(() => service.stop());

const send = (payload: unknown) => service.nobody.post<Problem>('/v1/taps', { payload });
const nowSeconds = () => Math.floor(Date.now() / 1000);

/** A compact JWS with whatever header, claims and key; the parts as texts when they are texts. */
async function forged(header: Fields | string, claims: Fields | string, key?: CryptoKey) {
  const part = (value: Fields | string) =>
    Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
  const signed = `${part(header)}.${part(claims)}`;
  const algorithm = { name: 'ECDSA', hash: 'SHA-256' };
  const privateKey = (key ?? foo.terminal.privateKey) as globalThis.CryptoKey;
  const signature = await crypto.subtle.sign(algorithm, privateKey, Buffer.from(signed));
  return `${signed}.${Buffer.from(signature).toString('base64url')}`;
}

const header = (change: Fields = {}) => ({
  alg: 'ES256',
  kid: `${foo.collectorId}.1`,
  typ: 'tap+jwt',
  ...change,
});
const claims = (change: Fields = {}) => ({
  jti: randomUUID(),
  iat: nowSeconds(),
  aud: ORIGIN,
  presentation: token,
  ...change,
});
const without = (fields: Fields, name: string) => ({ ...fields, [name]: undefined });

describe('a terminal that is not believed', () => {
  test('bad signature, unknown collector and unknown version are told in the same words', async () => {
    const { privateKey: stranger } = await newKeyPair();
    const { privateKey } = foo.terminal;
    const keyless = await world.merchant();
    const retired = { smartTapMerchantData: { authenticationKeys: [] } };
    const path = `/walletobjects/v1/issuer/${keyless.issuerId}`;
    expectStatus(await service.root.patch(path, retired), 200);
    const good = await forged(header(), claims());
    const payloads = [
      await forged(header(), claims(), stranger),
      await forged(header({ kid: '99999999.1' }), claims()),
      await forged(header({ kid: `${foo.collectorId}.2` }), claims()),
      await forged(
        header({ kid: `${keyless.collectorId}.1` }),
        claims(),
        keyless.terminal.privateKey,
      ),
      await forged(header(), claims({ aud: 'https://elsewhere.test' })),
      await forged(header(), claims({ presentation: 'no such token' }), stranger),
      `${good.slice(0, good.lastIndexOf('.'))}.${Buffer.alloc(64).toString('base64url')}`,
      `${good.slice(0, good.lastIndexOf('.'))}.${Buffer.alloc(63, 1).toString('base64url')}`,
      `${good.slice(0, good.lastIndexOf('.'))}.`,
      await forged(header({ kid: `${foo.issuerId}.1` }), claims(), privateKey),
    ];
    const answers = await Promise.all(payloads.map(send));
    const bodies = answers.map(({ body }) => JSON.stringify({ ...body, requestId: '' }));
    expect(answers.map(told)).toEqual(payloads.map(() => '401 tap-not-authenticated'));
    expect(new Set(bodies).size).toBe(1);
    const fields = answers.map(({ headers }) => [...headers.keys()].sort().join());
    expect(new Set(fields).size).toBe(1);
  });

  test('it learns nothing of clocks, nonces and presentations', async () => {
    const { privateKey: stranger } = await newKeyPair();
    for (const change of [{ iat: 1 }, { presentation: 'gone' }, { exp: 1 }]) {
      const answer = await send(await forged(header(), claims(change), stranger));
      expect(told(answer)).toBe('401 tap-not-authenticated');
    }
  });
});

describe('the clock of the terminal', () => {
  /** In seconds from now. At its edges a second more or less is the time the request takes. */
  test.each([
    [-600, 'clock-skew'],
    [-90, 'clock-skew'],
    [-63, 'clock-skew'],
    [-61, 'clock-skew'],
    [-58, '200'],
    [-30, '200'],
    [0, '200'],
    [8, '200'],
    [12, 'clock-skew'],
    [60, 'clock-skew'],
    [600, 'clock-skew'],
  ])('%d seconds off: %s', async (seconds, expected) => {
    const { token: fresh } = await world.present(walletId);
    const answer = await tap(service.nobody, foo.terminal, fresh, { iat: nowSeconds() + seconds });
    const { code, serverTime } = answer.body as unknown as Problem;
    expect(code ?? String(answer.status)).toBe(expected);
    if (expected !== 'clock-skew') return;
    expect(answer.status).toBe(401);
    expect(Math.abs(Date.parse(serverTime ?? '') - Date.now())).toBeLessThan(5000);
  });

  test('one that corrects itself by the time it is told gets through at once', async () => {
    const { token: fresh } = await world.present(walletId);
    const wrong = await tap(service.nobody, foo.terminal, fresh, { iat: nowSeconds() - 3600 });
    const { serverTime = '' } = wrong.body as unknown as Problem;
    const iat = Math.floor(Date.parse(serverTime) / 1000);
    expect((await tap(service.nobody, foo.terminal, fresh, { iat })).status).toBe(200);
  });

  test.each([
    ['expired by its own word', { exp: 0 }],
    ['not valid yet by its own word', { nbf: 60 }],
  ])('%s', async (_what, offsets: Record<string, number>) => {
    const times = Object.entries(offsets).map(([name, offset]) => [name, nowSeconds() + offset]);
    const answer = await send(await forged(header(), claims(Object.fromEntries(times))));
    expect(told(answer)).toBe('401 clock-skew');
  });
});

describe('a presentation that is over', () => {
  const gone = '410 presentation-expired';

  test('handed over before', async () => {
    const { token: fresh } = await world.present(walletId);
    expect((await tap(service.nobody, foo.terminal, fresh)).status).toBe(200);
    expect(told(await tap(service.nobody, foo.terminal, fresh))).toBe(gone);
  });

  test('its 60 seconds have passed', async () => {
    const { id, token: fresh, expiresAt } = await world.present(walletId);
    expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(60_000);
    await service.sql('update presentations set expires_at = clock_timestamp() where id = $1', [
      id,
    ]);
    expect(told(await tap(service.nobody, foo.terminal, fresh))).toBe(gone);
  });

  test('there never was one', async () => {
    expect(told(await tap(service.nobody, foo.terminal, 'x'.repeat(43)))).toBe(gone);
  });

  test('its identity is no token', async () => {
    const { id } = await world.present(walletId);
    expect(told(await tap(service.nobody, foo.terminal, id))).toBe(gone);
  });
});

describe('a payload that has not the one form of a tap', () => {
  type Forge = () => Promise<string> | string;
  const withClaims = (change: Fields) => () => forged(header(), claims(change));
  const withHeader = (change: Fields) => () => forged(header(change), claims());
  const lacking = (name: string) => () => forged(header(), without(claims(), name));
  test.each<[what: string, Forge]>([
    ['empty parts', () => '..'],
    ['no dots', () => 'abc'],
    ['two parts', () => 'e30.e30'],
    ['four parts', async () => `${await forged(header(), claims())}.e30`],
    ['padding', async () => `${await forged(header(), claims())}=`],
    ['a space', async () => ` ${await forged(header(), claims())}`],
    ['9000 characters', withClaims({ iss: 'x'.repeat(9000) })],
    ['a header that is no JSON', () => forged('{', claims())],
    ['a header that is a list', () => forged('[]', claims())],
    ['claims that are no JSON', () => forged(header(), '{"jti"')],
    ['claims that are a text', () => forged(header(), '"x"')],
    ['claims twice', () => forged(header(), '{"jti":"a","jti":"b"}')],
    ['alg none', withHeader({ alg: 'none' })],
    ['alg HS256', withHeader({ alg: 'HS256' })],
    ['alg ES384', withHeader({ alg: 'ES384' })],
    ['alg in lower case', withHeader({ alg: 'es256' })],
    ['typ JWT', withHeader({ typ: 'JWT' })],
    ['no typ', () => forged(without(header(), 'typ'), claims())],
    ['no kid', () => forged(without(header(), 'kid'), claims())],
    ['a kid without a version', withHeader({ kid: '44444444' })],
    ['a kid with a sign', withHeader({ kid: '44444444.-1' })],
    ['a kid with leading zeros', withHeader({ kid: '044444444.1' })],
    ['a kid past int64', withHeader({ kid: '9223372036854775808.1' })],
    ['a version past int32', withHeader({ kid: '44444444.2147483648' })],
    ['a jwk of its own', withHeader({ jwk: { kty: 'EC' } })],
    ['a jku', withHeader({ jku: 'https://elsewhere.test/keys' })],
    ['an x5c', withHeader({ x5c: [] })],
    ['crit', withHeader({ crit: ['exp'] })],
    ['b64', withHeader({ b64: false })],
    ['no jti', lacking('jti')],
    ['a jti of 15 characters', withClaims({ jti: 'x'.repeat(15) })],
    ['a jti of 129 characters', withClaims({ jti: 'x'.repeat(129) })],
    ['a jti that is a number', withClaims({ jti: 1234567890123456 })],
    ['a jti with NUL', withClaims({ jti: `${'x'.repeat(16)}\u0000` })],
    ['no iat', lacking('iat')],
    ['an iat that is a text', withClaims({ iat: '1790000000' })],
    [
      'an iat with a fraction',
      () => forged(header(), JSON.stringify(claims()).replace(/"iat":(\d+)/, '"iat":$1.5')),
    ],
    [
      'an iat with an exponent',
      () => forged(header(), JSON.stringify(claims()).replace(/"iat":\d+/, '"iat":17e8')),
    ],
    ['a negative iat', withClaims({ iat: -1 })],
    ['an iat past all dates', withClaims({ iat: 2 ** 60 })],
    ['an iat that is a date', withClaims({ iat: minutesFromNow(0) })],
    ['no aud', lacking('aud')],
    ['several aud', withClaims({ aud: [ORIGIN] })],
    ['no presentation', lacking('presentation')],
    ['an empty presentation', withClaims({ presentation: '' })],
    ['a presentation of 257 characters', withClaims({ presentation: 'x'.repeat(257) })],
    ['a presentation that is null', withClaims({ presentation: null })],
    ['a terminal that is a number', withClaims({ terminal: 7 })],
    ['an empty terminal', withClaims({ terminal: '' })],
    ['a terminal of 101 characters', withClaims({ terminal: 'x'.repeat(101) })],
    ['a lone surrogate', () => forged(header(), JSON.stringify(claims({ terminal: '\ud800' })))],
    ['no types in the list', withClaims({ types: [] })],
    ['a type that is none', withClaims({ types: ['loyalty', 'coupon'] })],
    ['a type twice', withClaims({ types: ['offer', 'offer'] })],
    ['types that are a text', withClaims({ types: 'loyalty' })],
    ['an unknown claim', withClaims({ admin: true })],
    ['exp that is a text', withClaims({ exp: 'never' })],
    [
      'claims that are not UTF-8',
      async () => {
        const [head] = (await forged(header(), claims())).split('.');
        return `${head}.${Buffer.from([0x7b, 0xff, 0x7d]).toString('base64url')}.AAAA`;
      },
    ],
  ])('%s', async (_what, forge) => {
    const before = await service.everything();
    const answer = await send(await forge());
    expect(told(answer)).toBe('422 invalid-request');
    expect(answer.body.errors?.[0]?.pointer).toMatch(/^\/payload/);
    expect(await service.everything()).toEqual(before);
  });

  test.each([
    ['a number', 7],
    ['null', null],
    ['a list', []],
    ['empty', ''],
    ['missing', undefined],
  ])('a payload that is %s', async (_what, payload) => {
    expect(told(await send(payload))).toBe('422 invalid-request');
  });
});

test('the explanation of a tap that never was', async () => {
  const path = `/v1/taps/tap_${'0'.repeat(26)}/explanation`;
  expect(told(await foo.client.get(path))).toBe('404 not-found');
});

test('a tap is refused with a good key in Authorization too', async () => {
  const bad = await signedTap({ ...foo.terminal, keyVersion: 9 }, token);
  const answer = await foo.client.post('/v1/taps', { payload: bad });
  expect(told(answer)).toBe('401 tap-not-authenticated');
});
