import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import {
  decodeCommand,
  decodeResponse,
  encodeCommand,
  encodeResponse,
} from '../../src/smarttap/apdu.ts';
import { concatBytes, equalBytes, toHex } from '../../src/smarttap/bytes.ts';
import { SmartTapError } from '../../src/smarttap/error.ts';
import { decodeNdef, encodeNdef } from '../../src/smarttap/ndef.ts';
import { decodeBundle, encodeBundle } from '../../src/smarttap/records/bundle.ts';
import {
  decodeNgr,
  decodeNrs,
  encodeNgr,
  encodeNrs,
} from '../../src/smarttap/records/negotiate.ts';
import { decodePsr, decodeSpr, encodePsr, encodeSpr } from '../../src/smarttap/records/push.ts';
import { decodeSrq, encodeSrq } from '../../src/smarttap/records/service-request.ts';
import { decodeSrs, encodeSrs } from '../../src/smarttap/records/service-response.ts';
import {
  decodeOseAnswer,
  decodeSmartTapAnswer,
  encodeOseAnswer,
  encodeSmartTapAnswer,
} from '../../src/smarttap/select.ts';
import { hex, vectorBytes, vectorExchanges } from './smart-tap.ts';
import * as arbitrary from './smart-tap-arbitraries.ts';

/** One pair of encoder and decoder, with what it writes and published bytes that it reads. */
export interface SmartTapCodec {
  readonly name: string;
  readonly decode: (bytes: Uint8Array) => unknown;
  /** Encodes what `decode` gave. */
  readonly encode: (value: unknown) => Uint8Array;
  /** Any object of this codec, encoded. */
  readonly encoded: fc.Arbitrary<Uint8Array>;
  /** An object and what becomes of it after encoding and decoding. */
  readonly roundTrip: fc.Arbitrary<readonly [unknown, unknown]>;
  readonly published: readonly Uint8Array[];
}

function codec<T>(
  name: string,
  encode: (value: T) => Uint8Array,
  decode: (bytes: Uint8Array) => T,
  values: fc.Arbitrary<T>,
  published: readonly Uint8Array[],
): SmartTapCodec {
  return {
    name,
    decode,
    encode: (value) => encode(value as T),
    encoded: values.map(encode),
    roundTrip: values.map((value) => [value, decode(encode(value))] as const),
    published,
  };
}

const exchanges = vectorExchanges('synthetic-plain');
const responses = exchanges.map(({ response }) => decodeResponse(hex(response)).data);
const [fci, select, negotiated, got] = responses as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
  Uint8Array,
];
const mdn = concatBytes(hex('00000001'), vectorBytes('live-negotiate-passkit', 'mdn_message'));

/** The message that a command of the whole tap carries. */
function messageOf(name: string): Uint8Array {
  const exchange = exchanges.find((one) => one.name === name);
  return decodeCommand(hex(exchange?.command ?? '')).data;
}

const ndefMessages = [
  vectorBytes('cmd-push-data', 'command_data'),
  vectorBytes('synthetic-plain', 'plaintext'),
];

export const SMART_TAP_CODECS: readonly SmartTapCodec[] = [
  codec('ngr', encodeNgr, decodeNgr, arbitrary.ngrArbitrary, [
    vectorBytes('cmd-negotiate', 'command_data'),
    vectorBytes('live-negotiate-passkit', 'command_data'),
    messageOf('NEGOTIATE'),
  ]),
  codec('nrs', encodeNrs, decodeNrs, arbitrary.nrsArbitrary, [
    vectorBytes('rsp-negotiate', 'response_data'),
    negotiated,
  ]),
  codec('srq', encodeSrq, decodeSrq, arbitrary.srqArbitrary, [
    vectorBytes('cmd-get-data', 'command_data'),
    messageOf('GET DATA'),
  ]),
  codec('srs', encodeSrs, decodeSrs, arbitrary.srsArbitrary, [got]),
  codec('bundle', encodeBundle, decodeBundle, arbitrary.bundleArbitrary, [
    vectorBytes('synthetic-plain', 'plaintext'),
  ]),
  codec('spr', encodeSpr, decodeSpr, arbitrary.sprArbitrary, [
    vectorBytes('cmd-push-data', 'command_data'),
  ]),
  codec('psr', encodePsr, decodePsr, arbitrary.psrArbitrary, [
    vectorBytes('rsp-push-data', 'response_data'),
  ]),
  codec('SELECT OSE', encodeOseAnswer, decodeOseAnswer, arbitrary.oseAnswerArbitrary, [
    vectorBytes('rsp-select-ose', 'response_data'),
    fci,
  ]),
  codec(
    'SELECT Smart Tap 2',
    encodeSmartTapAnswer,
    decodeSmartTapAnswer,
    arbitrary.smartTapAnswerArbitrary,
    [vectorBytes('rsp-select-smart-tap-2', 'response_data'), select, mdn],
  ),
  codec(
    'NDEF',
    encodeNdef,
    (bytes) => decodeNdef(bytes, 'ndef'),
    arbitrary.ndefArbitrary,
    ndefMessages,
  ),
  codec('command', encodeCommand, decodeCommand, arbitrary.commandArbitrary, [
    vectorBytes('cmd-get-more-data', 'apdu'),
    ...exchanges.map(({ command }) => hex(command)),
  ]),
  codec('response', encodeResponse, decodeResponse, arbitrary.responseArbitrary, [
    ...exchanges.map(({ response }) => hex(response)),
  ]),
];

/** Whether a parser took the bytes; what it took it has to write again, and read as the same. */
export function refusedOrFaithful({ decode, encode }: SmartTapCodec, bytes: Uint8Array): boolean {
  let value: unknown;
  try {
    value = decode(bytes);
  } catch (error) {
    if (error instanceof SmartTapError && error.field !== '') return false;
    throw error;
  }
  const written = encode(value);
  if (equalBytes(written, bytes) || isDeepStrictEqual(decode(written), value)) return true;
  throw new Error(`reads ${toHex(bytes)} and writes ${toHex(written)}`);
}

/** Bytes near to a valid input: one or several of it changed, taken away, put in or doubled. */
export function mutated(valid: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  const at = fc.nat(0xffff);
  const byte = fc.oneof(fc.nat(0xff), fc.constantFrom(0x00, 0x01, 0x7f, 0x80, 0xfe, 0xff));
  const length = fc.nat(12);
  const mutation = fc.oneof(
    fc.tuple(at, byte).map(([place, to]) => change(place, () => to)),
    fc.tuple(at, fc.nat(7)).map(([place, bit]) => change(place, (from) => from ^ (1 << bit))),
    at.map((place) => (bytes: number[]) => bytes.slice(0, place % (bytes.length + 1))),
    fc.tuple(at, length).map(
      ([place, size]) =>
        (bytes: number[]) =>
          bytes.toSpliced(place % (bytes.length + 1), size),
    ),
    fc.tuple(at, fc.array(byte, { maxLength: 12 })).map(
      ([place, more]) =>
        (bytes: number[]) =>
          bytes.toSpliced(place % (bytes.length + 1), 0, ...more),
    ),
    fc.tuple(at, at, length).map(([from, to, size]) => (bytes: number[]) => {
      const start = from % (bytes.length + 1);
      const piece = bytes.slice(start, start + size);
      return bytes.toSpliced(to % (bytes.length + 1), 0, ...piece);
    }),
  );
  return fc
    .tuple(valid, fc.array(mutation, { minLength: 1, maxLength: 4 }))
    .map(([bytes, mutations]) =>
      Uint8Array.from(mutations.reduce((mutant, mutate) => mutate(mutant), [...bytes])),
    );
}

type Mutation = (bytes: number[]) => number[];

function change(place: number, to: (from: number) => number): Mutation {
  return (bytes) => {
    const index = place % Math.max(1, bytes.length);
    return bytes.map((byte, at) => (at === index ? to(byte) : byte));
  };
}
