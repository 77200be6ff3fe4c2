import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { importVerifyKey, parsePublicKeyJwk } from '../../src/issuers/public-key.ts';
import { VERTICALS } from '../../src/passes/model.ts';
import { toBase64Url, utf8 } from '../../src/platform/bytes.ts';
import { parseTapPayload } from '../../src/taps/jws.ts';
import { verifyEs256 } from '../../src/taps/signature.ts';

const HEADER = { alg: 'ES256', kid: '20180608.1', typ: 'tap+jwt' };
const CLAIMS = {
  jti: '0198c5f2a7e34b61',
  iat: 1_763_712_000,
  aud: 'https://tapline.example',
  presentation: 'k7Qm2vX9',
};
const SIGNATURE = toBase64Url(new Uint8Array(64).fill(7));

/** A part is an object to be written as JSON, a text to be encoded, or bytes. */
type Part = object | string | Uint8Array;

function encode(part: Part): string {
  if (part instanceof Uint8Array) return toBase64Url(part);
  return toBase64Url(utf8(typeof part === 'string' ? part : JSON.stringify(part)));
}

function compact(header: Part, claims: Part, signature = SIGNATURE): string {
  return `${encode(header)}.${encode(claims)}.${signature}`;
}

const withHeader = (change: object) => compact({ ...HEADER, ...change }, CLAIMS);
const withClaims = (change: object) => compact(HEADER, { ...CLAIMS, ...change });
/** The claims with one member's value written as it stands, where JSON.stringify would not. */
const withRaw = (name: string, json: string) => {
  const others = Object.entries({ ...CLAIMS, [name]: undefined }).filter(([, value]) => value);
  const written = others.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
  return compact(HEADER, `{${[...written, `"${name}":${json}`].join(',')}}`);
};

describe('accepted', () => {
  test('the least a terminal can say', () => {
    const text = compact(HEADER, CLAIMS);
    expect(parseTapPayload(text)).toEqual({
      ok: true,
      payload: {
        ...CLAIMS,
        kid: '20180608.1',
        collectorId: '20180608',
        keyVersion: 1,
        terminal: null,
        types: null,
        exp: null,
        nbf: null,
        signature: new Uint8Array(64).fill(7),
        signed: utf8(text.slice(0, text.lastIndexOf('.'))),
      },
    });
  });

  test.each<[string, object, object]>([
    ['a terminal', { terminal: 'trm_4' }, { terminal: 'trm_4' }],
    ['one type', { types: ['offer'] }, { types: ['offer'] }],
    ['every type', { types: VERTICALS }, { types: [...VERTICALS] }],
    ['exp and nbf, which are handed on', { exp: 9, nbf: 0 }, { exp: 9, nbf: 0 }],
    ['iss and sub, which are not', { iss: 'till', sub: '' }, {}],
    ['a jti of 16 characters', { jti: 'é'.repeat(16) }, { jti: 'é'.repeat(16) }],
    [
      'a jti of 128 characters, two units each',
      { jti: '😀'.repeat(128) },
      { jti: '😀'.repeat(128) },
    ],
    ['a presentation of 256', { presentation: 'p'.repeat(256) }, { presentation: 'p'.repeat(256) }],
    ['the first second', { iat: 0 }, { iat: 0 }],
    ['the last safe second', { iat: 2 ** 53 - 1 }, { iat: 2 ** 53 - 1 }],
    ['braces, colons and quotes in a text', { aud: '{"jti":[1,' }, { aud: '{"jti":[1,' }],
  ])('%s', (_, claims, read) => {
    expect(parseTapPayload(withClaims(claims))).toMatchObject({ ok: true, payload: read });
  });

  test.each([
    ['1.0', '1', 0],
    ['9223372036854775807.2147483647', '9223372036854775807', 2_147_483_647],
  ])('the kid %s', (kid, collectorId, keyVersion) => {
    expect(parseTapPayload(withHeader({ kid }))).toMatchObject({
      payload: { kid, collectorId, keyVersion },
    });
  });

  test('white space and escapes of JSON', () => {
    const header = '\r\n{ "typ":"tap\\u002bjwt",\t"alg":"ES256" , "k\\u0069d": "20180608.1" }\n';
    expect(parseTapPayload(compact(header, CLAIMS))).toMatchObject({ ok: true });
  });

  test.each([0, 1, 63, 65, 72])('a signature of %i bytes: bad, but not malformed', (length) => {
    const signature = toBase64Url(new Uint8Array(length));
    const parsed = parseTapPayload(compact(HEADER, CLAIMS, signature));
    expect(parsed).toMatchObject({ payload: { signature: new Uint8Array(length) } });
  });

  test('what jose signs, and the signature verifies', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    const text = await new SignJWT({ presentation: 'k7Qm2vX9', types: ['loyalty'] })
      .setProtectedHeader(HEADER)
      .setJti(CLAIMS.jti)
      .setIssuedAt()
      .setAudience(CLAIMS.aud)
      .setExpirationTime('1m')
      .sign(privateKey);
    const parsed = parseTapPayload(text);
    const key = parsePublicKeyJwk(await exportJWK(publicKey));
    if (!parsed.ok || !key.ok) throw new Error('refused');
    const { signature, signed } = parsed.payload;
    expect(await verifyEs256(await importVerifyKey(key.spki), signature, signed)).toBe(true);
  });
});

type Row = readonly [name: string, text: string, pointer: string];

const good = compact(HEADER, CLAIMS);
const [headerPart = '', claimsPart = ''] = good.split('.');
const MAX_INT64_PLUS_1 = '9223372036854775808';

const SERIALIZATIONS: Row[] = [
  ['nothing', '', ''],
  ['one part', headerPart, ''],
  ['two parts', `${headerPart}.${claimsPart}`, ''],
  ['four parts', `${good}.`, ''],
  ['five parts, as of a JWE', `${good}.${SIGNATURE}.${SIGNATURE}`, ''],
  ['three empty parts', '..', '/header'],
  ['no header', `.${claimsPart}.${SIGNATURE}`, '/header'],
  ['no claims (detached)', `${headerPart}..${SIGNATURE}`, '/claims'],
  ['more than 8192 characters', withClaims({ sub: 's'.repeat(6200) }), ''],
  ['a space before', ` ${good}`, '/header'],
  ['a line end after', `${good}\n`, '/signature'],
  ['padding after the header', good.replace('.', '=.'), '/header'],
  ['padding after the signature', `${good}==`, '/signature'],
  ['the base64 alphabet', `${headerPart}.${claimsPart}.${'+/'.repeat(43)}`, '/signature'],
  ['a letter outside the alphabet', `é${good}`, '/header'],
  ['a part of 4n + 1 letters', `${headerPart}.${claimsPart}.AAAAA`, '/signature'],
  ['set bits after the signature', `${good.slice(0, -1)}x`, '/signature'],
  ['set bits after the header', `e31.${claimsPart}.${SIGNATURE}`, '/header'],
  ['the JSON serialization', JSON.stringify({ payload: claimsPart }), ''],
];

const OBJECTS: Row[] = [
  ['a header that is no JSON', compact('alg=ES256', CLAIMS), '/header'],
  ['a header cut short', compact(JSON.stringify(HEADER).slice(0, -1), CLAIMS), '/header'],
  ['a header of null', compact('null', CLAIMS), '/header'],
  ['a header that is a list', compact([HEADER], CLAIMS), '/header'],
  ['claims that are a text', compact(HEADER, '"claims"'), '/claims'],
  ['claims that are a number', compact(HEADER, '7'), '/claims'],
  ['two objects', compact(HEADER, JSON.stringify(CLAIMS).repeat(2)), '/claims'],
  ['a comment', compact(HEADER, `/* */${JSON.stringify(CLAIMS)}`), '/claims'],
  ['a comma too many', compact(HEADER, JSON.stringify(CLAIMS).replace('}', ',}')), '/claims'],
  ['a byte order mark', compact(HEADER, `\ufeff${JSON.stringify(CLAIMS)}`), '/claims'],
  ['bytes that are no UTF-8', compact(HEADER, badUtf8('ff')), '/claims'],
  ['UTF-8 in too many bytes', compact(HEADER, badUtf8('c1a1')), '/claims'],
  ['a surrogate in UTF-8', compact(HEADER, badUtf8('eda080')), '/claims'],
  ['bytes that are no UTF-8 in the header', compact(badUtf8('80'), CLAIMS), '/header'],
  [
    'a raw control character',
    compact(HEADER, JSON.stringify(CLAIMS).replace('k7', '\t')),
    '/claims',
  ],
  ['deep nesting', compact(HEADER, '['.repeat(3000)), '/claims'],
];

const HEADERS: Row[] = [
  ['no alg', withHeader({ alg: undefined }), '/header/alg'],
  ['alg none', withHeader({ alg: 'none' }), '/header/alg'],
  ['alg ES384', withHeader({ alg: 'ES384' }), '/header/alg'],
  ['alg HS256', withHeader({ alg: 'HS256' }), '/header/alg'],
  ['alg in lower case', withHeader({ alg: 'es256' }), '/header/alg'],
  ['alg in a list', withHeader({ alg: ['ES256'] }), '/header/alg'],
  ['no typ', withHeader({ typ: undefined }), '/header/typ'],
  ['typ JWT', withHeader({ typ: 'JWT' }), '/header/typ'],
  ['typ as a media type', withHeader({ typ: 'application/tap+jwt' }), '/header/typ'],
  ['typ in capitals', withHeader({ typ: 'TAP+JWT' }), '/header/typ'],
  ['no kid', withHeader({ kid: undefined }), '/header/kid'],
  ['kid a number', withHeader({ kid: 20180608.1 }), '/header/kid'],
  ['kid without a version', withHeader({ kid: '20180608' }), '/header/kid'],
  ['kid with an empty version', withHeader({ kid: '20180608.' }), '/header/kid'],
  ['kid with two versions', withHeader({ kid: '20180608.1.1' }), '/header/kid'],
  ['kid without a collector', withHeader({ kid: '.1' }), '/header/kid'],
  ['kid with collector 0', withHeader({ kid: '0.1' }), '/header/kid'],
  ['kid with a leading zero', withHeader({ kid: '020180608.1' }), '/header/kid'],
  ['kid with a version 01', withHeader({ kid: '20180608.01' }), '/header/kid'],
  ['kid with a version −1', withHeader({ kid: '20180608.-1' }), '/header/kid'],
  ['kid with a version 2³¹', withHeader({ kid: '20180608.2147483648' }), '/header/kid'],
  ['kid with a collector 2⁶³', withHeader({ kid: `${MAX_INT64_PLUS_1}.1` }), '/header/kid'],
  ['kid with 20 digits', withHeader({ kid: `1${'0'.repeat(19)}.1` }), '/header/kid'],
  ['kid with other digits', withHeader({ kid: '２０.1' }), '/header/kid'],
  ['kid with a line end', withHeader({ kid: '20180608.1\n' }), '/header/kid'],
  ['kid with a NUL', withHeader({ kid: '20180608.1\0' }), '/header/kid'],
  ['crit', withHeader({ crit: ['b64'] }), '/header/crit'],
  ['b64', withHeader({ b64: false }), '/header/b64'],
  ['jwk', withHeader({ jwk: {} }), '/header/jwk'],
  ['jku', withHeader({ jku: 'https://evil.example/keys' }), '/header/jku'],
  ['x5c', withHeader({ x5c: [] }), '/header/x5c'],
  ['x5u', withHeader({ x5u: 'https://evil.example/cert' }), '/header/x5u'],
  ['cty', withHeader({ cty: 'JWT' }), '/header/cty'],
  ['zip', withHeader({ zip: 'DEF' }), '/header/zip'],
  [
    '__proto__',
    compact('{"__proto__":{},"alg":"ES256","kid":"1.1","typ":"tap+jwt"}', CLAIMS),
    '/header/__proto__',
  ],
  [
    'alg twice',
    compact('{"alg":"none","alg":"ES256","kid":"1.1","typ":"tap+jwt"}', CLAIMS),
    '/header/alg',
  ],
  [
    'kid twice',
    compact('{"alg":"ES256","kid":"2.1","kid":"1.1","typ":"tap+jwt"}', CLAIMS),
    '/header/kid',
  ],
];

const TEXT_CLAIMS: Row[] = ['jti', 'aud', 'presentation', 'terminal', 'iss', 'sub'].flatMap(
  (name) => {
    const at = `/claims/${name}`;
    const text = 'abcdefghijklmnopq';
    return [
      [`${name} null`, withClaims({ [name]: null }), at],
      [`${name} a number`, withClaims({ [name]: 1234 }), at],
      [`${name} a list`, withClaims({ [name]: [text] }), at],
      [`${name} with a NUL`, withClaims({ [name]: `${text}\0` }), at],
      [`${name} with a line end`, withClaims({ [name]: `${text}\n` }), at],
      [`${name} with a C1 control`, withClaims({ [name]: `${text}\u0085` }), at],
      [`${name} with half a character`, withRaw(name, `"${text}\\ud83d"`), at],
      [`${name} with the other half`, withRaw(name, `"\\ude00${text}"`), at],
      [`${name} twice`, withRaw(name, `"${text}","${name}":"${text}"`), at],
      [
        `${name} twice, once escaped`,
        withRaw(name, `"${text}","${escapeFirst(name)}":"${text}"`),
        at,
      ],
    ] satisfies Row[];
  },
);

const TIME_CLAIMS: Row[] = ['iat', 'exp', 'nbf'].flatMap((name) => {
  const at = `/claims/${name}`;
  return [
    [`${name} null`, withClaims({ [name]: null }), at],
    [`${name} a text`, withClaims({ [name]: '1763712000' }), at],
    [`${name} true`, withClaims({ [name]: true }), at],
    [`${name} in a list`, withClaims({ [name]: [1_763_712_000] }), at],
    [`${name} before 1970`, withClaims({ [name]: -1 }), at],
    [`${name} minus zero`, withRaw(name, '-0'), at],
    [`${name} with a fraction`, withClaims({ [name]: 1_763_712_000.5 }), at],
    [`${name} with a fraction of zero`, withRaw(name, '1763712000.0'), at],
    [`${name} with a fraction lost in rounding`, withRaw(name, '1763712000.00000000001'), at],
    [`${name} with an exponent`, withRaw(name, '1.763712e9'), at],
    [`${name} past 2⁵³`, withRaw(name, '9007199254740992'), at],
    [`${name} without end`, withRaw(name, '9'.repeat(400)), at],
    [`${name} twice`, withRaw(name, `1,"${name}":2`), at],
  ] satisfies Row[];
});

const OTHER_CLAIMS: Row[] = [
  ['no jti', withClaims({ jti: undefined }), '/claims/jti'],
  ['no iat', withClaims({ iat: undefined }), '/claims/iat'],
  ['no aud', withClaims({ aud: undefined }), '/claims/aud'],
  ['no presentation', withClaims({ presentation: undefined }), '/claims/presentation'],
  ['a jti of 15 characters', withClaims({ jti: 'j'.repeat(15) }), '/claims/jti'],
  ['a jti of 15 characters, two units each', withClaims({ jti: '😀'.repeat(15) }), '/claims/jti'],
  ['a jti of 129 characters', withClaims({ jti: 'j'.repeat(129) }), '/claims/jti'],
  ['an empty aud', withClaims({ aud: '' }), '/claims/aud'],
  ['an empty presentation', withClaims({ presentation: '' }), '/claims/presentation'],
  ['a presentation of 257', withClaims({ presentation: 'p'.repeat(257) }), '/claims/presentation'],
  ['an empty terminal', withClaims({ terminal: '' }), '/claims/terminal'],
  ['a terminal of 101', withClaims({ terminal: 't'.repeat(101) }), '/claims/terminal'],
  ['an empty list of types', withClaims({ types: [] }), '/claims/types'],
  ['types null', withClaims({ types: null }), '/claims/types'],
  ['types as a text', withClaims({ types: 'offer' }), '/claims/types'],
  ['types as an object', withClaims({ types: { 0: 'offer' } }), '/claims/types'],
  ['an unknown type', withClaims({ types: ['offer', 'coupon'] }), '/claims/types/1'],
  ['a type in capitals', withClaims({ types: ['OFFER'] }), '/claims/types/0'],
  ['a type of null', withClaims({ types: [null] }), '/claims/types/0'],
  ['a type in a list', withClaims({ types: [['offer']] }), '/claims/types/0'],
  ['a type twice', withClaims({ types: ['offer', 'loyalty', 'offer'] }), '/claims/types'],
  ['an unknown claim', withClaims({ merchant: '1990' }), '/claims/merchant'],
  ['an unknown claim of undefined type', withClaims({ walletId: null }), '/claims/walletId'],
  ['an unknown claim with known ones inside', withClaims({ x: CLAIMS }), '/claims/x'],
  ['a claim in capitals', withClaims({ JTI: CLAIMS.jti }), '/claims/JTI'],
  ['a claim with a slash and a tilde', withClaims({ 'a/b~c': 1 }), '/claims/a~1b~0c'],
  ['a claim without a name', withClaims({ '': 1 }), '/claims'],
  ['a claim whose name has a NUL', withClaims({ '\0': 1 }), '/claims'],
  ['a claim with half a character for a name', withRaw('\\ud800', '1'), '/claims'],
  ['a claim with a long name', withClaims({ ['n'.repeat(101)]: 1 }), '/claims'],
  ['an unknown claim twice', withRaw('x', '1,"x":1'), '/claims/x'],
  ['__proto__', withRaw('__proto__', '{"terminal":"t"}'), '/claims/__proto__'],
  ['constructor', withRaw('constructor', '1'), '/claims/constructor'],
];

describe.each([
  ['serialization', SERIALIZATIONS],
  ['objects', OBJECTS],
  ['header', HEADERS],
  ['claims that are texts', TEXT_CLAIMS],
  ['claims that are times', TIME_CLAIMS],
  ['other claims', OTHER_CLAIMS],
])('refused: %s', (_, rows) => {
  test.each(rows)('%s', (_name, text, pointer) => {
    const parsed = parseTapPayload(text);
    expect(parsed).toEqual({ ok: false, pointer, reason: expect.stringMatching(/^\S/) });
  });
});

test('the naive twin takes the last of two members of one name', () => {
  expect(JSON.parse('{"alg":"none","alg":"ES256"}')).toEqual({ alg: 'ES256' });
});

/** The claims with these bytes inside the presentation. */
function badUtf8(hex: string): Uint8Array {
  const [before = '', after = ''] = JSON.stringify(CLAIMS).split('k7');
  return Uint8Array.of(...utf8(before), ...Buffer.from(hex, 'hex'), ...utf8(after));
}

function escapeFirst(name: string): string {
  return `\\u00${name.charCodeAt(0).toString(16)}${name.slice(1)}`;
}
