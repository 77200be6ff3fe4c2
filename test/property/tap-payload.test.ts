import { generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { importVerifyKey, parsePublicKeyPem } from '../../src/issuers/public-key.ts';
import { VERTICALS } from '../../src/passes/model.ts';
import { toBase64Url, utf8 } from '../../src/platform/bytes.ts';
import { parseTapPayload, type TapPayload } from '../../src/taps/jws.ts';
import { verifyEs256 } from '../../src/taps/signature.ts';

const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });

function signedText(header: string, claims: string): string {
  const signed = `${toBase64Url(utf8(header))}.${toBase64Url(utf8(claims))}`;
  const key = { key: keys.privateKey, dsaEncoding: 'ieee-p1363' } as const;
  return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
}

const anyText = fc.string({ unit: 'binary', maxLength: 60 });
/** Any character but controls, and often those on which a JSON scanner could trip. */
const unit = fc.oneof(
  fc.constantFrom(...'"\\{}[]:, a'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }).map((char) => {
    return /[\p{Cc}\p{Cs}]/u.test(char) ? '?' : char;
  }),
);
const sized = (minLength: number, maxLength: number) => fc.string({ unit, minLength, maxLength });
const seconds = fc.maxSafeNat();

const HEADER = fc.record({
  alg: fc.constant('ES256'),
  kid: fc
    .tuple(fc.bigInt(1n, 2n ** 63n - 1n), fc.nat(2 ** 31 - 1))
    .map(([collector, version]) => `${collector}.${version}`),
  typ: fc.constant('tap+jwt'),
});

const CLAIMS = fc.record(
  {
    jti: sized(16, 128),
    iat: seconds,
    aud: sized(1, 40),
    presentation: sized(1, 256),
    terminal: sized(1, 100),
    types: fc.subarray([...VERTICALS], { minLength: 1 }),
    exp: seconds,
    nbf: seconds,
    iss: sized(0, 40),
    sub: sized(0, 40),
  },
  { requiredKeys: ['jti', 'iat', 'aud', 'presentation'], noNullPrototype: true },
);

const PAYLOAD = fc.tuple(HEADER, CLAIMS);

/** A JSON object with its members in any order and any white space between its tokens. */
function written(members: readonly (readonly [string, unknown])[], space: string): string {
  const pairs = members.map(([name, value]) => {
    const text = JSON.stringify(value, null, space);
    return `${space}${JSON.stringify(name)}${space}:${space}${text}${space}`;
  });
  return `${space}{${pairs.join(',')}}${space}`;
}

/** Reads a text as any lenient library would; what we accept has to say the same to it. */
function leniently(text: string): Record<string, unknown> {
  const [header = '', claims = ''] = text.split('.').map((part) => Buffer.from(part, 'base64url'));
  return { ...JSON.parse(String(header)), ...JSON.parse(String(claims)) };
}

/** What a payload says, under the names it has in the text. */
function said(payload: TapPayload): Record<string, unknown> {
  const { signature: _, signed: __, collectorId, keyVersion, ...rest } = payload;
  expect(rest.kid).toBe(`${collectorId}.${keyVersion}`);
  return Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null));
}

/** Refused, or accepted as the one text of these bytes and meaning what any reader reads. */
function refusedOrFaithful(text: string): void {
  const parsed = parseTapPayload(text);
  if (!parsed.ok) {
    expect(parsed.pointer).toMatch(/^(\/(header|claims|signature)|$)/);
    return;
  }
  const { signed, signature } = parsed.payload;
  expect(`${Buffer.from(signed)}.${toBase64Url(signature)}`).toBe(text);
  const { alg, typ, iss: _, sub: __, ...read } = leniently(text);
  expect({ alg, typ }).toEqual({ alg: 'ES256', typ: 'tap+jwt' });
  expect(said(parsed.payload)).toEqual(read);
}

test('any text is refused or read faithfully', () => {
  fc.assert(fc.property(fc.oneof(anyText, fc.base64String()), refusedOrFaithful), {
    numRuns: 2000,
  });
});

test('any JSON in the three places is refused or read faithfully', () => {
  const json = fc.oneof(
    fc.json(),
    HEADER.map((header) => JSON.stringify(header)),
    fc.json({ maxDepth: 6 }),
  );
  const part = fc.oneof(json, anyText).map((text) => toBase64Url(Buffer.from(text) as Uint8Array));
  const texts = fc.tuple(part, part, part).map((parts) => parts.join('.'));
  fc.assert(fc.property(texts, refusedOrFaithful), { numRuns: 1000 });
});

test('what is right is read, in any order of members and with any white space', () => {
  const shuffled = PAYLOAD.chain(([header, claims]) =>
    fc.tuple(
      fc.shuffledSubarray(Object.entries(header), { minLength: 3 }),
      fc.shuffledSubarray(Object.entries(claims), { minLength: Object.keys(claims).length }),
      fc.constantFrom('', ' ', '\n', '\t\r\n '),
    ),
  );
  const property = fc.property(shuffled, ([header, claims, space]) => {
    const text = signedText(written(header, space), written(claims, space));
    expect(parseTapPayload(text)).toMatchObject({ ok: true });
    refusedOrFaithful(text);
  });
  fc.assert(property, { numRuns: 500 });
});

test('a member that comes twice is refused, wherever and however it is spelled', () => {
  const doubled = CLAIMS.chain((claims) => {
    const members = Object.entries(claims);
    return fc.tuple(
      fc.constant(members),
      fc.constantFrom(...members),
      fc.nat(members.length),
      fc.constantFrom('', ' ', '\n'),
      fc.boolean(),
    );
  });
  const property = fc.property(HEADER, doubled, (header, [members, twin, at, space, escaped]) => {
    const mark = 'twin';
    const claims = written(members.toSpliced(at, 0, [mark, twin[1]]), space);
    const first = twin[0].charCodeAt(0).toString(16).padStart(4, '0');
    const name = escaped ? `\\u${first}${twin[0].slice(1)}` : twin[0];
    const text = signedText(
      JSON.stringify(header),
      claims.replace(`"${mark}"`, () => `"${name}"`),
    );
    expect(parseTapPayload(text)).toMatchObject({ ok: false, pointer: `/claims/${twin[0]}` });
  });
  fc.assert(property, { numRuns: 500 });
});

type Edit = (text: string) => string;

const at = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const place = (text: string, share: number) => Math.floor(share * (text.length + 1));
const EDIT: fc.Arbitrary<Edit> = fc.oneof(
  at.map(
    (share): Edit =>
      (text) =>
        text.slice(0, place(text, share)),
  ),
  at.map(
    (share): Edit =>
      (text) =>
        text.slice(place(text, share)),
  ),
  fc.tuple(at, at).map(
    ([from, to]): Edit =>
      (text) => {
        return text.slice(0, place(text, from)) + text.slice(place(text, to));
      },
  ),
  fc
    .tuple(
      at,
      fc.oneof(fc.base64String({ maxLength: 4 }), fc.constantFrom('.', '=', '-', '_', ' ', '\0')),
    )
    .map(
      ([share, piece]): Edit =>
        (text) => {
          return text.slice(0, place(text, share)) + piece + text.slice(place(text, share));
        },
    ),
  fc.tuple(at, fc.constantFrom(...'ABCxyz019-_.=+/')).map(
    ([share, letter]): Edit =>
      (text) => {
        return text.slice(0, place(text, share)) + letter + text.slice(place(text, share) + 1);
      },
  ),
);

async function verifies({ signature, signed }: TapPayload): Promise<boolean> {
  const pem = String(keys.publicKey.export({ type: 'spki', format: 'pem' }));
  const key = parsePublicKeyPem(pem);
  return key.ok && verifyEs256(await importVerifyKey(key.spki), signature, signed);
}

test('an edited text is refused, or read faithfully and its signature fails', async () => {
  const property = fc.asyncProperty(PAYLOAD, fc.array(EDIT, { minLength: 1, maxLength: 3 }), check);
  await fc.assert(property, { numRuns: 2000 });

  async function check([header, claims]: [object, object], edits: Edit[]): Promise<void> {
    const text = signedText(JSON.stringify(header), JSON.stringify(claims));
    const edited = edits.reduce((before, edit) => edit(before), text);
    refusedOrFaithful(edited);
    const parsed = parseTapPayload(edited);
    if (parsed.ok) expect(await verifies(parsed.payload)).toBe(edited === text);
  }
});

test('edited JSON is refused or read faithfully', () => {
  const property = fc.property(PAYLOAD, EDIT, EDIT, ([header, claims], first, second) => {
    const [headerText, claimsText] = [
      first(JSON.stringify(header)),
      second(JSON.stringify(claims)),
    ];
    refusedOrFaithful(signedText(headerText, JSON.stringify(claims)));
    refusedOrFaithful(signedText(JSON.stringify(header), claimsText));
  });
  fc.assert(property, { numRuns: 1000 });
});
