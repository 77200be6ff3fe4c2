import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT_KEY, startWalletApi, type WalletApi } from '../../support/wallet-api.ts';
import {
  genericClass,
  genericObject,
  loyaltyClass,
  offerClass,
  passObject,
} from '../../support/wallet-bodies.ts';

let api: WalletApi;
let key: string;

beforeAll(async () => {
  api = await startWalletApi();
  key = await api.issuer('1990');
  const classes = [
    ['/loyaltyClass', loyaltyClass('1990.gold')],
    ['/loyaltyClass', loyaltyClass('1990.draft', { reviewStatus: 'DRAFT' })],
    ['/offerClass', offerClass('1990.offer')],
    ['/loyaltyObject', passObject('1990.member', '1990.gold')],
  ] as const;
  for (const [path, body] of classes) await api.call('POST', path, body, { key });
});
afterAll(() => api.stop());

/** Sends as the issuer and checks that the answer is Google's envelope of that status. */
async function refused(
  [method, path, body]: readonly [string, string, unknown?],
  status: number,
  message: string,
) {
  const answer = await api.call(method, path, body, { key });
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-type')).toBe('application/json; charset=UTF-8');
  const { error } = answer.body;
  expect(error.message).toBe(message);
  expect(error.code).toBe(status);
  expect(error.status).toMatch(/^[A-Z_]+$/);
  const [first] = error.errors;
  expect(first).toMatchObject({ domain: 'walletobjects', reason: expect.any(String) });
  expect(error.errors.map((one: { message: string }) => one.message).join('\n')).toBe(message);
}

const without = (body: Record<string, unknown>, field: string) =>
  Object.fromEntries(Object.entries(body).filter(([name]) => name !== field));

describe('a field that is missing', () => {
  test.each([
    ['/loyaltyClass', loyaltyClass('1990.x'), 'id', 'LoyaltyClass cannot be created without an ID'],
    [
      '/loyaltyClass',
      loyaltyClass('1990.x'),
      'issuerName',
      'LoyaltyClass cannot be created without an issuer name',
    ],
    [
      '/loyaltyClass',
      loyaltyClass('1990.x'),
      'programName',
      'LoyaltyClass cannot be created without a program name',
    ],
    [
      '/loyaltyClass',
      loyaltyClass('1990.x'),
      'programLogo',
      'LoyaltyClass cannot be created without a program logo',
    ],
    ['/loyaltyClass', loyaltyClass('1990.x'), 'reviewStatus', 'Review status must be set'],
    ['/offerClass', offerClass('1990.x'), 'title', 'OfferClass cannot be created without a title'],
    [
      '/offerClass',
      offerClass('1990.x'),
      'provider',
      'OfferClass cannot be created without a provider',
    ],
    [
      '/offerClass',
      offerClass('1990.x'),
      'redemptionChannel',
      'OfferClass cannot be created without a redemption channel',
    ],
    ['/genericClass', genericClass('1990.x'), 'id', 'GenericClass cannot be created without an ID'],
    [
      '/loyaltyObject',
      passObject('1990.x', '1990.gold'),
      'classId',
      'LoyaltyObject cannot be created without a class ID',
    ],
    ['/loyaltyObject', passObject('1990.x', '1990.gold'), 'state', 'State must be set'],
    [
      '/genericObject',
      genericObject('1990.x', '1990.g'),
      'cardTitle',
      'GenericObject cannot be created without a card title',
    ],
    [
      '/genericObject',
      genericObject('1990.x', '1990.g'),
      'header',
      'GenericObject cannot be created without a header',
    ],
  ])('%s %j without %s', async (path, body, field, message) => {
    await refused(['POST', path, without(body, field)], 400, message);
  });

  test('is missed on update and when a patch clears it', async () => {
    const body = without(loyaltyClass('1990.gold'), 'reviewStatus');
    await refused(['PUT', '/loyaltyClass/1990.gold', body], 400, 'Review status must be set');
    const message = 'LoyaltyClass cannot be created without a program logo';
    await refused(['PATCH', '/loyaltyClass/1990.gold', { programLogo: null }], 400, message);
  });
});

describe("a body that Google's schema does not know", () => {
  const unknown = (name: string, where = '') =>
    `Invalid JSON payload received. Unknown name "${name}"${where}: Cannot find field.`;
  test.each<[object, string]>([
    [{ bogus: 1 }, unknown('bogus')],
    [{ bogus: null }, unknown('bogus')],
    [{ accountId: 'x' }, unknown('accountId')],
    [{ heroImage: { uri: 'x' } }, unknown('uri', " at 'heroImage'")],
    [{ messages: [{ header: 'a' }, { title: 'b' }] }, unknown('title', " at 'messages[1]'")],
  ])('%j', async (extra, message) => {
    await refused(['POST', '/loyaltyClass', loyaltyClass('1990.x', { ...extra })], 400, message);
    await refused(['PATCH', '/loyaltyClass/1990.gold', extra], 400, message);
  });

  test.each<[object, string]>([
    [{ state: 'GONE' }, "Invalid value at 'state': must be one of"],
    [{ state: 1 }, "Invalid value at 'state': "],
    [{ barcode: { type: 'Qr_Code' } }, "Invalid value at 'barcode.type': must be one of"],
    [{ barcode: 'x' }, "Invalid value at 'barcode': "],
    [{ groupingInfo: { sortIndex: 2147483648 } }, "Invalid value at 'groupingInfo.sortIndex': "],
    [
      { loyaltyPoints: { balance: { int: 1.5 } } },
      "Invalid value at 'loyaltyPoints.balance.int': ",
    ],
    [
      { loyaltyPoints: { balance: { int: 1, string: '1' } } },
      "Invalid value at 'loyaltyPoints.balance': must be one of",
    ],
    [
      { loyaltyPoints: { balance: { money: { micros: '9223372036854775808' } } } },
      "Invalid value at 'loyaltyPoints.balance.money.micros': must be an int64",
    ],
    [{ locations: [{ latitude: 91, longitude: 0 }] }, "Invalid value at 'locations[0].latitude': "],
    [
      { messages: Array.from({ length: 11 }, () => ({ body: 'x' })) },
      "Invalid value at 'messages': ",
    ],
    [{ messages: [null] }, "Invalid value at 'messages[0]': "],
    [
      { linksModuleData: { uris: [{ uri: 'javascript:alert(1)' }] } },
      "Invalid value at 'linksModuleData.uris[0].uri': ",
    ],
    [
      { linksModuleData: { uris: [{ uri: 'www.example.com' }] } },
      "Invalid value at 'linksModuleData.uris[0].uri': must be a URI with a scheme",
    ],
    [
      { smartTapRedemptionValue: '会员' },
      "Invalid value at 'smartTapRedemptionValue': Smart Tap carries ASCII only.",
    ],
    [
      { validTimeInterval: { start: { date: 'soon' } } },
      `Invalid value at 'validTimeInterval': "soon" is not an ISO 8601 date and time.`,
    ],
    [
      {
        validTimeInterval: {
          start: { date: '2026-01-01T00:00:00' },
          end: { date: '2026-02-01T00:00:00Z' },
        },
      },
      "Invalid value at 'validTimeInterval': start and end both have an offset or neither has.",
    ],
    [
      {
        validTimeInterval: {
          start: { date: '2026-02-01T00:00:00Z' },
          end: { date: '2026-01-01T00:00:00Z' },
        },
      },
      "Invalid value at 'validTimeInterval': the end lies before the start.",
    ],
  ])('%j', async (extra, message) => {
    const { status, body } = await api.call(
      'POST',
      '/loyaltyObject',
      passObject('1990.x', '1990.gold', { ...extra }),
      { key },
    );
    expect([status, body.error.status]).toEqual([400, 'INVALID_ARGUMENT']);
    expect(body.error.message).toContain(message);
  });

  test('a redemption issuer is an int64', async () => {
    for (const id of ['', '0', '-1', '01', '9223372036854775808', 1.5, 'x', '1990.gold']) {
      const body = loyaltyClass('1990.x', { redemptionIssuers: [id] });
      expect((await api.call('POST', '/loyaltyClass', body, { key })).status).toBe(400);
    }
  });

  test('several errors come together', async () => {
    const body = { id: '1990.x', one: 1, two: 2 };
    await refused(['POST', '/genericClass', body], 400, `${unknown('one')}\n${unknown('two')}`);
  });
});

describe('the review status', () => {
  test.each(['APPROVED', 'approved', 'REJECTED'])(
    "is not the client's to set to %s",
    async (status) => {
      const message = `Invalid review status "${status.toUpperCase()}". Use "UNDER_REVIEW" instead.`;
      const body = { reviewStatus: status };
      await refused(['POST', '/loyaltyClass', loyaltyClass('1990.x', body)], 400, message);
      await refused(
        ['PUT', '/loyaltyClass/1990.gold', loyaltyClass('1990.gold', body)],
        400,
        message,
      );
      await refused(['PATCH', '/loyaltyClass/1990.gold', body], 400, message);
    },
  );

  test('never goes back to draft', async () => {
    const message =
      'Invalid review status "DRAFT". The class is APPROVED; use "UNDER_REVIEW" instead.';
    await refused(['PATCH', '/loyaltyClass/1990.gold', { reviewStatus: 'DRAFT' }], 400, message);
  });

  test('of a draft keeps objects away', async () => {
    const message = 'Wallet Object Class 1990.draft not approved';
    await refused(['POST', '/loyaltyObject', passObject('1990.x', '1990.draft')], 400, message);
    await refused(['PATCH', '/loyaltyObject/1990.member', { classId: '1990.draft' }], 400, message);
  });
});

describe('what is not there, and what is', () => {
  const noClass = 'Wallet Object Class 1990.none not found.';
  const noObject = 'Wallet Object 1990.none not found.';
  test.each<[readonly [string, string, unknown?], number, string]>([
    [['GET', '/loyaltyClass/1990.none'], 404, noClass],
    [['PUT', '/loyaltyClass/1990.none', loyaltyClass('1990.none')], 404, noClass],
    [['PATCH', '/loyaltyClass/1990.none', {}], 404, noClass],
    [['GET', '/loyaltyObject/1990.none'], 404, noObject],
    [['PUT', '/loyaltyObject/1990.none', passObject('1990.none', '1990.gold')], 404, noObject],
    [['PATCH', '/loyaltyObject/1990.none', {}], 404, noObject],
    [['POST', '/loyaltyObject', passObject('1990.x', '1990.none')], 404, noClass],
    [['GET', '/offerClass/1990.gold'], 404, 'Wallet Object Class 1990.gold not found.'],
    [['PATCH', '/offerClass/1990.gold', {}], 404, 'Wallet Object Class 1990.gold not found.'],
    [['GET', '/genericObject/1990.member'], 404, 'Wallet Object 1990.member not found.'],
    [
      ['POST', '/offerObject', passObject('1990.x', '1990.gold')],
      404,
      'Wallet Object Class 1990.gold not found.',
    ],
    [
      ['POST', '/loyaltyClass', loyaltyClass('1990.gold')],
      409,
      'Wallet Object Class 1990.gold already exists.',
    ],
    [
      ['POST', '/genericClass', genericClass('1990.gold')],
      409,
      'Wallet Object Class 1990.gold already exists.',
    ],
    [
      ['POST', '/loyaltyObject', passObject('1990.member', '1990.gold')],
      409,
      'Wallet Object 1990.member already exists.',
    ],
    [
      ['POST', '/offerObject', passObject('1990.member', '1990.offer')],
      409,
      'Wallet Object 1990.member already exists.',
    ],
    [
      ['POST', '/loyaltyObject', passObject('1990.x', '77.gold')],
      400,
      'Wallet Object Class 77.gold belongs to another issuer than the object.',
    ],
    [
      ['PATCH', '/loyaltyObject/1990.member', { linkedObjectIds: ['1990.none'] }],
      404,
      `${noObject} Only existing objects of the issuer are linked.`,
    ],
    [
      ['PATCH', '/loyaltyObject/1990.member', { linkedOfferIds: ['1990.member'] }],
      404,
      'Wallet Object 1990.member not found. Only existing objects of the issuer are linked.',
    ],
    [
      ['PUT', '/loyaltyObject/1990.member', passObject('1990.other', '1990.gold')],
      400,
      'Resource ID 1990.other in the body differs from 1990.member in the path.',
    ],
    [
      ['PATCH', '/issuer/1990', { issuerId: '1991', name: 'Other' }],
      400,
      'Resource ID 1991 in the body differs from 1990 in the path.',
    ],
    [
      ['PUT', '/issuer/1990', { issuerId: '1991', name: 'Other' }],
      400,
      'Resource ID 1991 in the body differs from 1990 in the path.',
    ],
    [['POST', '/loyaltyClass/1990.gold', {}], 404, 'Method not found.'],
    [['DELETE', '/loyaltyClass/1990.gold'], 404, 'Method not found.'],
    [['GET', '/nothing'], 404, 'Method not found.'],
  ])('%j is %i', (request, status, message) => refused(request, status, message));

  test.each([
    'x',
    '1990',
    '1990.',
    '.gold',
    'abc.gold',
    '01990.gold',
    '1990.go ld',
    '1990.gö',
    '9999999999999999999.x',
    `1990.${'x'.repeat(201)}`,
  ])('the id %s is malformed on every verb', async (id) => {
    const message = `Invalid resource ID: ${id}`;
    const path = `/genericObject/${encodeURIComponent(id)}`;
    await refused(['GET', path], 400, message);
    await refused(['PATCH', path, {}], 400, message);
    await refused(['POST', '/genericClass', genericClass(id)], 400, message);
  });

  test('a class of an issuer that does not exist is refused to root', async () => {
    const { status, body } = await api.call('POST', '/genericClass', genericClass('424242.x'));
    expect([status, body.error.message]).toEqual([404, 'Issuer 424242 not found.']);
  });
});

describe('a request that is no request', () => {
  const post = (init: RequestInit) =>
    api.raw('POST', '/walletobjects/v1/genericClass', {
      ...init,
      headers: { Authorization: `Bearer ${ROOT_KEY}`, ...init.headers },
    });
  const json = { 'Content-Type': 'application/json' };

  test.each<[string, RequestInit, number]>([
    ['half a document', { headers: json, body: '{"id":' }, 400],
    ['no document', { headers: json }, 400],
    ['a list', { headers: json, body: '[]' }, 400],
    ['a null', { headers: json, body: 'null' }, 400],
    ['bytes that are not UTF-8', { headers: json, body: new Uint8Array([0x22, 0xff, 0x22]) }, 400],
    ['a NUL in a text', { headers: json, body: '{"id":"1990.\\u0000"}' }, 400],
    [
      'a form',
      { headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: 'id=1' },
      415,
    ],
    ['a body without end', { headers: json, body: `{"id":"${'x'.repeat(2_000_000)}"}` }, 413],
    [
      'a bad idempotency key',
      { headers: { ...json, 'Idempotency-Key': 'x'.repeat(256) }, body: '{"id":"1990.q"}' },
      400,
    ],
  ])('%s', async (_name, init, status) => {
    const answer = await post(init);
    expect(answer.status).toBe(status);
    expect(answer.body.error).toMatchObject({ code: status, status: 'INVALID_ARGUMENT' });
  });

  test('another request under a used key', async () => {
    const headers = { ...json, 'Idempotency-Key': 'used' };
    await post({ headers, body: JSON.stringify(genericClass('1990.used')) });
    const answer = await post({ headers, body: JSON.stringify(genericClass('1990.other')) });
    expect([answer.status, answer.body.error.code]).toEqual([422, 422]);
    expect((await api.call('GET', '/genericClass/1990.other')).status).toBe(404);
  });
});

test('a refusal changes nothing', async () => {
  const before = await api.call('GET', '/loyaltyObject/1990.member');
  for (const patch of [
    { bogus: 1 },
    { state: null },
    { classId: '1990.draft' },
    { id: '1990.z' },
  ]) {
    expect((await api.call('PATCH', '/loyaltyObject/1990.member', patch)).status).toBe(400);
  }
  expect((await api.call('GET', '/loyaltyObject/1990.member')).body).toEqual(before.body);
});
