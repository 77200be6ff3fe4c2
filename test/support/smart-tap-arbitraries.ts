import fc from 'fast-check';
import type { CommandApdu, ResponseApdu } from '../../src/smarttap/apdu.ts';
import { type NdefRecord, TNF } from '../../src/smarttap/ndef.ts';
import type { Asv } from '../../src/smarttap/records/bundle.ts';
import type { Ngr, Nrs } from '../../src/smarttap/records/negotiate.ts';
import type { Primitive, PrimitiveFormat } from '../../src/smarttap/records/primitive.ts';
import type { Psr, Spr } from '../../src/smarttap/records/push.ts';
import type { Reb } from '../../src/smarttap/records/record-bundle.ts';
import { OBJECT_TYPES, type ServiceObject } from '../../src/smarttap/records/service-object.ts';
import type { Srq } from '../../src/smarttap/records/service-request.ts';
import type { Srs } from '../../src/smarttap/records/service-response.ts';
import type { Ses } from '../../src/smarttap/records/session.ts';
import type { Text } from '../../src/smarttap/records/text.ts';
import type { Value } from '../../src/smarttap/records/value.ts';
import type { OseAnswer, SmartTapAnswer } from '../../src/smarttap/select.ts';

/** Any object that the codecs of Smart Tap write; everything they read is one of these. */

const byte = fc.nat(0xff);
const uint16 = fc.nat(0xffff);
const uint32 = fc.nat(0xffffffff);

const record = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> =>
  fc.record(model, { noNullPrototype: true });

/** Plain bytes, of exactly a length or up to one. */
const exactly = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const upTo = (maxLength: number, minLength = 0) => fc.uint8Array({ minLength, maxLength });
const option = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });

/** Sometimes beyond the 255 bytes of a short record. */
const words = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ unit: 'binary-ascii', minLength: 250, maxLength: 300 }),
);
const language = fc.string({ unit: 'grapheme-ascii', maxLength: 63 });

export const textArbitrary: fc.Arbitrary<Text> = record({ language, text: words });

const primitive: fc.Arbitrary<Primitive> = record({
  format: fc.nat(5).map((format) => format as PrimitiveFormat),
  value: upTo(40),
});

export const valueArbitrary: fc.Arbitrary<Value> = fc.oneof(textArbitrary, primitive);

export const sesArbitrary: fc.Arbitrary<Ses> = record({
  sessionId: exactly(8),
  sequence: byte,
  status: byte,
});

export const ngrArbitrary: fc.Arbitrary<Ngr> = record({
  version: uint16,
  ses: sesArbitrary,
  cpr: record({
    terminalNonce: exactly(32),
    live: fc.boolean(),
    terminalPublicKey: exactly(33),
    keyVersion: uint32,
    sig: upTo(80, 1),
    cld: uint32,
  }),
});

export const nrsArbitrary: fc.Arbitrary<Nrs> = record({ ses: sesArbitrary, dpk: exactly(33) });

export const srqArbitrary: fc.Arbitrary<Srq> = record({
  version: uint16,
  ses: sesArbitrary,
  mer: record({
    cld: uint32,
    lid: option(primitive),
    tid: option(primitive),
    mnr: option(textArbitrary),
    mcr: option(primitive),
  }),
  slr: fc.array(byte, { minLength: 1, maxLength: 5 }),
  pcr: option(
    record({
      system: byte,
      userInterface: byte,
      checkout: byte,
      cardholderVerification: byte,
      tapMode: byte,
    }),
  ),
});

const reb: fc.Arbitrary<Reb> = fc.oneof(
  record({
    encrypted: fc.constant(true as const),
    compressed: fc.boolean(),
    iv: exactly(12),
    ciphertext: upTo(400),
    mac: exactly(32),
  }),
  record({
    encrypted: fc.constant(false as const),
    compressed: fc.boolean(),
    content: upTo(400),
  }),
);

export const srsArbitrary: fc.Arbitrary<Srs> = record({ ses: sesArbitrary, reb: option(reb) });

const FIELDS = ['p', 'tr1', 'tr2', 'tcr', 'ex', 'c1', 'sid'] as const;

export const serviceObjectArbitrary: fc.Arbitrary<ServiceObject> = record({
  type: fc.constantFrom(...OBJECT_TYPES),
  oid: upTo(16, 1),
  n: valueArbitrary,
  fields: fc
    .uniqueArray(fc.tuple(fc.constantFrom(...FIELDS), valueArbitrary), {
      selector: ([name]) => name,
    })
    .map((fields) => Object.fromEntries(fields)),
});

const customer = record({
  type: fc.constant('cus' as const),
  cid: upTo(16, 1),
  cpl: option(textArbitrary),
  cut: option(upTo(16, 1)),
  cud: option(upTo(16, 1)),
});

const unknownObject = record({
  type: fc.constant('unknown' as const),
  name: fc.constantFrom('zz', 'xyz', 'I', 'object of tomorrow'),
  payload: upTo(40),
});

export const bundleArbitrary: fc.Arbitrary<readonly Asv[]> = fc.array(
  record({
    i: record({ type: byte, id: exactly(4) }),
    object: fc.oneof(serviceObjectArbitrary, customer, unknownObject),
  }),
  { minLength: 1, maxLength: 4 },
);

const uri = fc.oneof(fc.webUrl(), words, fc.constantFrom('', 'https://www.', 'urn:epc:id:x'));

export const sprArbitrary: fc.Arbitrary<Spr> = record({
  version: uint16,
  ses: sesArbitrary,
  bpr: option(record({ mon: upTo(9), ccd: textArbitrary })),
  nsr: fc.array(record({ kind: byte, nst: textArbitrary, nsu: uri }), { maxLength: 3 }),
  ssr: fc.array(
    record({
      oid: upTo(16, 1),
      sug: option(record({ status: byte, sut: textArbitrary, sud: textArbitrary })),
      sup: option(record({ operation: byte, value: upTo(20) })),
    }),
    { maxLength: 3 },
  ),
});

export const psrArbitrary: fc.Arbitrary<Psr> = record({ ses: sesArbitrary });

export const oseAnswerArbitrary: fc.Arbitrary<OseAnswer> = record({
  applicationVersion: uint16,
  transactionMode: byte,
  minimumVersion: uint16,
  maximumVersion: uint16,
  capabilities: byte,
  handsetNonce: option(exactly(32)),
  handsetPublicKey: option(exactly(33)),
});

export const smartTapAnswerArbitrary: fc.Arbitrary<SmartTapAnswer> = record({
  minimumVersion: uint16,
  maximumVersion: uint16,
  mdn: exactly(32),
});

const ascii = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 8 });

/** Records of every type name format, of the dictionary and of others. */
const ndefRecord: fc.Arbitrary<NdefRecord> = fc.oneof(
  record({
    tnf: fc.constantFrom(TNF.wellKnown, TNF.media, TNF.absoluteUri, TNF.external),
    type: ascii,
    id: option(ascii),
    payload: upTo(300),
  }),
  record({
    tnf: fc.constant(TNF.unknown),
    type: fc.constant(''),
    id: option(ascii),
    payload: upTo(20),
  }),
  fc.constant({ tnf: TNF.empty, type: '', id: null, payload: new Uint8Array() }),
);

export const ndefArbitrary: fc.Arbitrary<NdefRecord[]> = fc.array(ndefRecord, {
  minLength: 1,
  maxLength: 5,
});

export const commandArbitrary: fc.Arbitrary<CommandApdu> = record({
  cla: byte,
  ins: byte,
  p1: byte,
  p2: byte,
  data: upTo(255),
  le: option(fc.integer({ min: 1, max: 256 })),
});

export const responseArbitrary: fc.Arbitrary<ResponseApdu> = record({
  data: upTo(256),
  sw: uint16,
});
