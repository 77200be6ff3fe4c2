import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { problemCodes } from '../../../src/problems/registry.ts';
import { startTestService, type TestService } from '../../support/service.ts';
import { type Answer, type Problem, told } from '../../support/service-client.ts';
import { type Merchant, signedTap, World } from '../../support/world.ts';
import { everyRoute, type OwnedRequest } from '../../support/world-routes.ts';

let service: TestService;
let world: World;
let owner: Merchant;
let routes: OwnedRequest[];

beforeAll(async () => {
  service = await startTestService();
  world = new World(service);
  owner = await world.merchant();
  const walletId = await world.wallet(owner.client);
  const { token } = await world.present(walletId);
  const tapRoute = {
    operationId: 'tap',
    method: 'POST' as const,
    path: '/v1/taps',
    body: { payload: await signedTap(owner.terminal, token) },
    scope: '*' as const,
    toStrangers: null,
  };
  routes = [...(await everyRoute(world, owner)), tapRoute];
});
afterAll(() => service.stop());

const JSON_TYPE = { 'Content-Type': 'application/json' };

function send(
  { method, path }: OwnedRequest,
  body: BodyInit,
  headers: Record<string, string> = JSON_TYPE,
) {
  // Shown as a stream a body has no length, and arrives in chunks.
  return owner.client.send(method, path, { headers, body, duplex: 'half' } as RequestInit);
}

/** Checks that answers are problems of the caller's making, told in full. */
function expectProblems(answers: readonly Answer[], expected?: string): void {
  for (const answer of answers) {
    const problem = answer.body as Problem;
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(problem.status).toBe(answer.status);
    expect(problemCodes).toContain(problem.code);
    expect(problem.title).not.toBe('');
    expect(problem.detail).not.toBe('');
    if (expected !== undefined) expect(told(answer)).toBe(expected);
  }
}

/** Sends something to every route with a body; all must refuse, and nothing may change. */
async function everyBodyRefused(
  make: (route: OwnedRequest) => Promise<Answer> | Answer,
  expected?: string,
): Promise<void> {
  const withBody = routes.filter(({ body }) => body !== undefined);
  const before = await service.everything();
  for (const route of withBody) expectProblems([await make(route)], expected);
  expect(await service.everything()).toEqual(before);
}

const jsonOf = ({ body }: OwnedRequest) => JSON.stringify(body);
const withField = (route: OwnedRequest, name: string, json: string) =>
  `{${JSON.stringify(name)}:${json}${jsonOf(route) === '{}' ? '' : ','}${jsonOf(route).slice(1)}`;

describe('a body that is no JSON document', () => {
  test.each<[what: string, make: (route: OwnedRequest) => BodyInit]>([
    ['cut short', (route) => jsonOf(route).slice(0, -1)],
    ['and something after it', (route) => `${jsonOf(route)}x`],
    ['twice', (route) => jsonOf(route).repeat(2)],
    ['in single quotes', () => "{'a':1}"],
    ['a comment', (route) => `/**/${jsonOf(route)}`],
    ['a space', () => ' '],
    ['NaN', (route) => withField(route, 'x', 'NaN')],
    ['a byte order mark', (route) => `\ufeff${jsonOf(route)}`],
    ['a NUL byte', (route) => `${jsonOf(route)}\u0000`],
    ['a NUL in a text', (route) => withField(route, 'x', '"a\\u0000b"')],
    ['half a surrogate pair', (route) => withField(route, 'x', '"\\ud800"')],
    ['half a surrogate pair in a name', (route) => withField(route, '\ud800', '1')],
    ['33 levels', (route) => withField(route, 'x', '['.repeat(33) + ']'.repeat(33))],
    ['5000 levels', (route) => withField(route, 'x', '['.repeat(5000) + ']'.repeat(5000))],
    ['not UTF-8', (route) => Buffer.concat([Buffer.from(jsonOf(route)), Buffer.from([0xff])])],
    ['UTF-16', (route) => Buffer.from(jsonOf(route), 'utf16le')],
    ['an overlong encoding', () => Buffer.from([0x7b, 0xc0, 0xa2, 0x7d])],
    ['compressed', (route) => gzipSync(jsonOf(route))],
    ['a form', () => 'a=1&b=2'],
  ])('%s', async (_what, make) => {
    await everyBodyRefused((route) => send(route, make(route)), '400 malformed-json');
  });
});

describe('a body of another type', () => {
  test.each<[what: string, type: string | null]>([
    ['text', 'text/plain'],
    ['text with a charset', 'text/plain;charset=UTF-8'],
    ['a form', 'application/x-www-form-urlencoded'],
    ['several parts', 'multipart/form-data; boundary=x'],
    ['XML', 'application/xml'],
    ['nearly JSON', 'application/jsonx'],
    ['a problem', 'application/problem+json'],
    ['none', null],
  ])('%s', async (_what, type) => {
    await everyBodyRefused((route) => {
      // A Blob without a type gets no Content-Type; a text would get text/plain.
      if (type === null) return send(route, new Blob([jsonOf(route)]), {});
      return send(route, jsonOf(route), { 'Content-Type': type });
    }, '415 unsupported-media-type');
  });
});

describe('a body that is too large', () => {
  const long = 'x'.repeat(2_000_000);

  test('2 MB, its length declared', async () => {
    await everyBodyRefused(
      (route) => send(route, withField(route, 'x', `"${long}"`)),
      '413 body-too-large',
    );
  });

  test('2 MB in chunks', async () => {
    await everyBodyRefused((route) => {
      const pieces = new Blob([withField(route, 'x', `"${long}"`)]).stream();
      return send(route, pieces);
    }, '413 body-too-large');
  });
});

describe('a body that is not an object as documented', () => {
  test.each(['[]', '[{}]', 'null', '"x"', '7', 'true', '[null]'])('%s', async (json) => {
    await everyBodyRefused((route) => send(route, json), '422 invalid-request');
  });

  test.each(['unknownField', '__proto__', 'constructor', 'toString', '', 'Id', '券'])(
    'with a field %j',
    async (name) => {
      await everyBodyRefused(
        (route) => send(route, withField(route, name, '{"a":1}')),
        '422 invalid-request',
      );
    },
  );

  test('empty where something is asked for', async () => {
    const before = await service.everything();
    // A wallet asks for nothing, and a change may change nothing.
    const asking = routes.filter(
      ({ operationId, body, bodyOptional }) =>
        body !== undefined &&
        bodyOptional === undefined &&
        !['createWallet', 'changeCouponClass'].includes(operationId),
    );
    for (const route of asking) {
      const absent = await owner.client.send(route.method, route.path);
      const answers = [absent, await send(route, '{}'), await send(route, '')];
      expectProblems(answers, '422 invalid-request');
    }
    expect(await service.everything()).toEqual(before);
  });
});

describe('a field of the wrong kind', () => {
  /** Every place in a JSON value, as a path. */
  function placesIn(
    value: unknown,
    path: readonly (string | number)[] = [],
  ): (string | number)[][] {
    if (typeof value !== 'object' || value === null) return [[...path]];
    const members = Object.entries(value).flatMap(([name, member]) =>
      placesIn(member, [...path, Array.isArray(value) ? Number(name) : name]),
    );
    return path.length === 0 ? members : [[...path], ...members];
  }

  function replaced(value: unknown, [name, ...rest]: (string | number)[], by: unknown): unknown {
    if (name === undefined) return by;
    const copy = structuredClone(value) as Record<string | number, unknown>;
    copy[name] = replaced(copy[name], rest, by);
    return copy;
  }

  /** Wrong wherever they stand: no field takes them. */
  const WRONG = [
    [],
    [[]],
    { x: 1 },
    -1,
    1e300,
    0.1 + 0.2,
    true,
    '',
    'x'.repeat(5000),
    'a\nb\u007f',
  ];
  const RIGHT_SOMEWHERE: Record<string, readonly unknown[]> = {
    // A list may be empty, a flag true, a text of many kinds.
    '/redemptionIssuers': [[]],
    '/taps/0/objectIds': [[]],
    '/issuedToo': [true],
    '/displayName': ['a\nb\u007f'],
    '/name': ['a\nb\u007f'],
    '/name/en': ['a\nb\u007f'],
    '/name/zh-CN': ['a\nb\u007f'],
    '/order/id': ['a\nb\u007f'],
    // What a scanner sends is looked for, whatever it is.
    '/query': ['a\nb\u007f'],
  };

  test('in every place of every body', async () => {
    const before = await service.everything();
    let tried = 0;
    for (const route of routes) {
      for (const place of placesIn(route.body ?? {})) {
        const right = RIGHT_SOMEWHERE[`/${place.join('/')}`] ?? [];
        for (const wrong of WRONG) {
          if (right.some((value) => JSON.stringify(value) === JSON.stringify(wrong))) continue;
          const body = JSON.stringify(replaced(route.body, place, wrong));
          const answer = await send(route, body);
          const where = `${route.operationId} /${place.join('/')} ${JSON.stringify(wrong)}`;
          expect(`${where.slice(0, 200)}: ${Math.floor(answer.status / 100)}xx`).toMatch(/: 4xx$/);
          expectProblems([answer]);
          tried += 1;
        }
      }
    }
    expect(tried).toBeGreaterThan(300);
    expect(await service.everything()).toEqual(before);
  });
});

describe('an id in the path that can name nothing', () => {
  const IDS = [
    '7',
    'null',
    'undefined',
    '%00',
    'a%00b',
    '%ff',
    '%',
    '%2e%2e%2f%2e%2e',
    "1'%20or%20'1'='1",
    '%F0%9F%98%80',
    'x'.repeat(5000),
    '1.'.padEnd(4000, 'x'),
    `wal_${'0'.repeat(25)}`,
    `wal_${'0'.repeat(27)}`,
    `wal_${'u'.repeat(26)}`,
    `tap_${'0'.repeat(26)}`,
    '9223372036854775808.x',
    '-1.x',
    '{id}',
  ];
  test.each(IDS.map((id) => [id.slice(0, 40), id]))('%s', async (_shown, id) => {
    const before = await service.everything();
    for (const route of routes) {
      const [path = '', query = ''] = route.path.split('?');
      const segments = path.split('/');
      if (segments.length < 4 || segments[3] === 'quote') continue;
      segments[3] = id;
      const wrong = { ...route, path: `${segments.join('/')}${query === '' ? '' : `?${query}`}` };
      const { body } = wrong;
      const answer =
        body === undefined
          ? await owner.client.send(wrong.method, wrong.path)
          : await send(wrong, JSON.stringify(body));
      expectProblems([answer], '404 not-found');
    }
    expect(await service.everything()).toEqual(before);
  });
});

describe('a query that is wrong', () => {
  test.each([
    'limit=0',
    'limit=-1',
    'limit=1e9',
    'limit=',
    'limit=%00',
    'cursor=%ff',
    'cursor=%00',
    `cursor=${'A'.repeat(500)}`,
    'cursor=',
  ])('%s', async (query) => {
    const pages = routes.filter(({ operationId }) => operationId.startsWith('list'));
    expect(pages.length).toBeGreaterThan(5);
    for (const { path } of pages) {
      const answer = await owner.client.get(`${path}${path.includes('?') ? '&' : '?'}${query}`);
      expectProblems([answer], '422 invalid-request');
    }
  });
});

test('the service is as ready as before', async () => {
  expect((await service.nobody.get('/readyz')).status).toBe(200);
});
