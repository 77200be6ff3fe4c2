import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { decideKeyChange } from '../../src/issuers/model.ts';
import { startWalletApi, type WalletApi } from '../support/wallet-api.ts';

let api: WalletApi;
let issuerId: string;

beforeAll(async () => {
  api = await startWalletApi();
});
afterAll(() => api.stop());

beforeEach(async () => {
  const { body } = await api.call('POST', '/issuer', { name: 'Coffee House' });
  issuerId = body.issuerId;
});

const pem = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }).toString();
const newPem = () => pem(generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).publicKey);
const merchantData = (...authenticationKeys: { id: unknown; publicKeyPem: unknown }[]) => ({
  smartTapMerchantData: { authenticationKeys },
});

const change = (body: unknown, method = 'PATCH') => api.call(method, `/issuer/${issuerId}`, body);

interface KeyRow {
  readonly version: number;
  readonly live: boolean;
}

function keyRows(): Promise<KeyRow[]> {
  return api.database.reads.run<KeyRow>(
    {
      name: 'test.keys',
      text: 'select version, retired_at is null as live from issuer_keys where issuer_id = $1 order by id',
    },
    [issuerId],
  );
}

describe('the ids', () => {
  test('are generated: 19 digits for the issuer, 8 for the collector', async () => {
    expect(issuerId).toMatch(/^3388[0-9]{15}$/);
    const { body } = await change(merchantData({ id: 1, publicKeyPem: newPem() }));
    expect(body.smartTapMerchantData.smartTapMerchantId).toMatch(/^[1-9][0-9]{7}$/);
  });

  test('a collector ID comes with the first word about Smart Tap, with or without keys', async () => {
    expect((await api.call('GET', `/issuer/${issuerId}`)).body).not.toHaveProperty(
      'smartTapMerchantData',
    );
    const { body } = await change({ smartTapMerchantData: {} });
    expect(body.smartTapMerchantData.smartTapMerchantId).toMatch(/^[1-9][0-9]{7}$/);
    const made = await api.call('POST', '/issuer', { name: 'At once', smartTapMerchantData: {} });
    expect(made.body.smartTapMerchantData.smartTapMerchantId).toMatch(/^[1-9][0-9]{7}$/);
  });

  test('the collector ID outlives rotation, replacement and every attempt to state another', async () => {
    const first = await change(merchantData({ id: 1, publicKeyPem: newPem() }));
    const collectorId = first.body.smartTapMerchantData.smartTapMerchantId;
    const bodies = [
      ['PATCH', merchantData({ id: 2, publicKeyPem: newPem() })],
      ['PATCH', { smartTapMerchantData: { smartTapMerchantId: '12345678' } }],
      ['PATCH', { smartTapMerchantData: null }],
      ['PUT', { name: 'Replaced' }],
    ] as const;
    for (const [method, body] of bodies) {
      const answer = await change(body, method);
      expect(answer.status).toBe(200);
      expect(answer.body.smartTapMerchantData.smartTapMerchantId).toBe(collectorId);
    }
  });

  test('root imports ids that exist already; a taken one is a conflict', async () => {
    const imported = {
      issuerId: 2018,
      name: 'Imported',
      smartTapMerchantData: { smartTapMerchantId: '44444444' },
    };
    const { status, body } = await api.call('POST', '/issuer', imported);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      issuerId: '2018',
      smartTapMerchantData: { smartTapMerchantId: '44444444' },
    });
    const again = await api.call('POST', '/issuer', imported);
    expect([again.status, again.body.error.message]).toEqual([409, 'Issuer 2018 already exists.']);
    const other = await api.call('POST', '/issuer', { ...imported, issuerId: '2019' });
    expect(other.status).toBe(409);
    expect(other.body.error.message).toContain('44444444');
    expect((await api.call('GET', '/issuer/2019')).status).toBe(404);
  });
});

describe('the fields', () => {
  const contact = {
    name: 'A',
    phone: '1',
    email: 'a@example.com',
    alertsEmails: ['b@example.com'],
  };

  test('of an issuer are kept, merged, replaced and cleared', async () => {
    const homepageUrl = 'https://coffee.example';
    const patched = await change({ contactInfo: contact, homepageUrl });
    expect(patched.body).toMatchObject({ contactInfo: contact, homepageUrl, name: 'Coffee House' });
    const merged = await change({ contactInfo: { phone: null, alertsEmails: [] } });
    expect(merged.body.contactInfo).toEqual({
      name: 'A',
      email: 'a@example.com',
      alertsEmails: [],
    });
    const replaced = await change({ name: 'Tea House', issuerId }, 'PUT');
    expect(replaced.body).toEqual({ issuerId, name: 'Tea House' });
  });

  test('update takes back what get gave', async () => {
    const patched = await change({
      ...merchantData({ id: 7, publicKeyPem: newPem() }),
      contactInfo: contact,
    });
    const put = await change(patched.body, 'PUT');
    expect(put.body).toEqual(patched.body);
    expect(await keyRows()).toEqual([{ version: 7, live: true }]);
  });

  test.each([
    [{ name: null }, 'Issuer cannot be created without a name'],
    [{ bogus: 1 }, 'Unknown name "bogus"'],
    [{ contactInfo: { bogus: 1 } }, 'Unknown name "bogus" at \'contactInfo\''],
  ])('%j is refused', async (body, message) => {
    const answer = await change(body);
    expect(answer.status).toBe(400);
    expect(answer.body.error.message).toContain(message);
  });

  test('an issuer that is not there is not found', async () => {
    const { status, body } = await api.call('PATCH', '/issuer/404404', { name: 'x' });
    expect([status, body.error.message]).toEqual([404, 'Issuer 404404 not found.']);
    expect((await api.call('GET', '/issuer/x')).status).toBe(400);
  });
});

describe('the keys', () => {
  test('are answered as PEM under their versions', async () => {
    const [one, two] = [newPem(), newPem()];
    const { body } = await change(
      merchantData({ id: 2, publicKeyPem: two }, { id: '1', publicKeyPem: one.trim() }),
    );
    expect(body.smartTapMerchantData.authenticationKeys).toEqual([
      { id: 1, publicKeyPem: one },
      { id: 2, publicKeyPem: two },
    ]);
  });

  test('rotate: both live, then the old one retired and kept as evidence', async () => {
    const [one, two] = [newPem(), newPem()];
    await change(merchantData({ id: 1, publicKeyPem: one }));
    await change(merchantData({ id: 1, publicKeyPem: one }, { id: 2, publicKeyPem: two }));
    expect(await keyRows()).toEqual([
      { version: 1, live: true },
      { version: 2, live: true },
    ]);
    await change(merchantData({ id: 2, publicKeyPem: two }));
    expect(await keyRows()).toEqual([
      { version: 1, live: false },
      { version: 2, live: true },
    ]);
  });

  test('a version that comes with another key retires the one before', async () => {
    await change(merchantData({ id: 1, publicKeyPem: newPem() }));
    const replaced = newPem();
    const { body } = await change(merchantData({ id: 1, publicKeyPem: replaced }));
    expect(body.smartTapMerchantData.authenticationKeys).toEqual([
      { id: 1, publicKeyPem: replaced },
    ]);
    expect(await keyRows()).toEqual([
      { version: 1, live: false },
      { version: 1, live: true },
    ]);
  });

  test('a patch that does not speak of them leaves them', async () => {
    await change(merchantData({ id: 1, publicKeyPem: newPem() }));
    await change({ name: 'Renamed', smartTapMerchantData: {} });
    expect(await keyRows()).toEqual([{ version: 1, live: true }]);
  });

  test.each([
    ['PATCH', { smartTapMerchantData: null }],
    ['PATCH', { smartTapMerchantData: { authenticationKeys: null } }],
    ['PATCH', { smartTapMerchantData: { authenticationKeys: [] } }],
    ['PUT', { name: 'Without keys' }],
  ])('%s %j retires them all', async (method, body) => {
    await change(merchantData({ id: 1, publicKeyPem: newPem() }));
    expect((await change(body, method)).status).toBe(200);
    expect(await keyRows()).toEqual([{ version: 1, live: false }]);
  });

  test('two rotations at once leave one of them whole', async () => {
    await change({ smartTapMerchantData: {} });
    const rotations = [1, 2].map((id) => change(merchantData({ id, publicKeyPem: newPem() })));
    for (const { status } of await Promise.all(rotations)) expect(status).toBe(200);
    expect((await keyRows()).map(({ live }) => live)).toEqual([false, true]);
  });
});

const spki = (options: { namedCurve: string; paramEncoding?: 'explicit' }) =>
  pem(generateKeyPairSync('ec', options).publicKey);

/** The point of a good key with only its x and the sign of its y. */
function compressedPem(): string {
  const der = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).publicKey.export({
    type: 'spki',
    format: 'der',
  });
  const head = Buffer.from('3039301306072a8648ce3d020106082a8648ce3d030107032200', 'hex');
  const point = Buffer.concat([Buffer.from([2 + ((der.at(-1) ?? 0) & 1)]), der.subarray(27, 59)]);
  return asPem(Buffer.concat([head, point]));
}

function offCurvePem(): string {
  const der = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).publicKey.export({
    type: 'spki',
    format: 'der',
  });
  der[90] = (der[90] ?? 0) ^ 1;
  return asPem(der);
}

function asPem(der: Buffer): string {
  return `-----BEGIN PUBLIC KEY-----\n${der.toString('base64')}\n-----END PUBLIC KEY-----\n`;
}

describe('a key that is refused', () => {
  const privatePem = () =>
    generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
      .privateKey.export({ type: 'pkcs8', format: 'pem' })
      .toString();
  const flaws: [string, () => unknown, RegExp][] = [
    ['no PEM', () => 'abc', /PUBLIC KEY/],
    ['two blocks', () => newPem() + newPem(), /PUBLIC KEY|one spelling|OpenSSL/],
    ['a private key', privatePem, /private key/],
    ['another curve', () => spki({ namedCurve: 'secp384r1' }), /P-256/],
    ['RSA', () => pem(generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey), /P-256/],
    ['a compressed point', compressedPem, /uncompressed/],
    [
      'an explicit curve',
      () => spki({ namedCurve: 'prime256v1', paramEncoding: 'explicit' }),
      /name the curve/,
    ],
    ['a point off the curve', offCurvePem, /curve/],
    ['none', () => null, /publicKeyPem must be set/],
    ['no text', () => 5, /publicKeyPem/],
  ];
  test.each(flaws)('%s', async (_name, make, message) => {
    await change(merchantData({ id: 1, publicKeyPem: newPem() }));
    const keys = merchantData({ id: 1, publicKeyPem: newPem() }, { id: 2, publicKeyPem: make() });
    const { status, body } = await change(keys);
    expect(status).toBe(400);
    expect(body.error.status).toBe('INVALID_ARGUMENT');
    expect(body.error.message).toMatch(/smartTapMerchantData\.authenticationKeys\[1\]/);
    expect(body.error.message).toMatch(message);
    expect(await keyRows()).toEqual([{ version: 1, live: true }]);
  });

  test.each([
    ['twice the same version', [1, 1], /id 1 comes twice/],
    ['a negative version', [-1], /key version/],
    ['a version beyond an int32', [2147483648], /authenticationKeys\[0\]\.id/],
    ['no version', [null], /key version/],
    ['half a version', [1.5], /authenticationKeys\[0\]\.id/],
  ])('%s', async (_name, ids, message) => {
    const keys = ids.map((id) => ({ id, publicKeyPem: newPem() }));
    const { status, body } = await change(merchantData(...keys));
    expect(status).toBe(400);
    expect(body.error.message).toMatch(message);
    expect(await keyRows()).toEqual([]);
  });

  test('keeps an issuer from being made', async () => {
    const body = { issuerId: '31', name: 'Flawed', ...merchantData({ id: 1, publicKeyPem: 'x' }) };
    expect((await api.call('POST', '/issuer', body)).status).toBe(400);
    expect((await api.call('GET', '/issuer/31')).status).toBe(404);
  });
});

describe('what a change of keys does', () => {
  const key = (version: number, spki: string) => ({ version, spki });
  test.each([
    [[], [key(1, 'a')], [], [key(1, 'a')]],
    [[key(1, 'a')], [key(1, 'a')], [], []],
    [[key(1, 'a')], [], [1], []],
    [[key(1, 'a')], [key(1, 'b')], [1], [key(1, 'b')]],
    [[key(1, 'a'), key(2, 'b')], [key(2, 'b'), key(3, 'c')], [1], [key(3, 'c')]],
    [[key(1, 'a')], [key(2, 'a')], [1], [key(2, 'a')]],
  ])('%j to %j retires %j and adds %j', (live, wanted, retire, add) => {
    expect(decideKeyChange(live, wanted)).toEqual({ retire, add });
  });
});
