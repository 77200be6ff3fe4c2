import { type Body, DICTIONARY } from './describe-dictionary.ts';
import {
  attempt,
  count,
  type DescribedLine,
  describeHead,
  describeRest,
  line,
  listed,
  quoted,
  refusedLine,
} from './describe-lines.ts';
import { decodeNdef, type NdefRecord } from './ndef.ts';
import { PRIMITIVE_FORMAT, primitiveText, readPrimitive } from './records/primitive.ts';
import { bareCurrency } from './records/push.ts';
import { recordForm, recordName } from './records/record.ts';
import { readText } from './records/text.ts';
import { readUri } from './records/uri.ts';

/** No message of the protocol is nested deeper; a hostile one could be, without end. */
const MAX_DEPTH = 12;

/** Explains a message record by record. */
export function describeMessage(message: Uint8Array, depth = 0): DescribedLine[] {
  if (message.length === 0) return [];
  if (depth > MAX_DEPTH) return [line(depth, 'nested too deeply', message)];
  const read = attempt(() => decodeNdef(message, 'ndef'));
  if ('refusal' in read) return [refusedLine(depth, `no message: ${read.refusal}`, message)];
  const lines: DescribedLine[] = [];
  let offset = message.byteOffset;
  for (const record of read.value) {
    const start = offset - message.byteOffset;
    const header = message.subarray(start, record.payload.byteOffset - message.byteOffset);
    for (const one of describeRecord(record, header, depth)) lines.push(one);
    offset = record.payload.byteOffset + record.payload.length;
  }
  return lines;
}

function describeRecord(record: NdefRecord, header: Uint8Array, depth: number): DescribedLine[] {
  const name = recordName(record);
  const entry = name === null ? undefined : DICTIONARY.get(name);
  const size = count(record.payload.length);
  if (name === null || entry === undefined) {
    const type = `${quoted(record.type)} of type name format ${record.tnf}`;
    return [
      line(depth, `record ${type}, not of the dictionary: ${size}`, header),
      ...describeRest(record.payload, 'payload', depth + 1),
    ];
  }
  const body = describeBody(record, entry.body, depth + 1);
  return [line(depth, `${name}, ${entry.title}: ${size}`, header), ...body];
}

function describeBody(record: NdefRecord, body: Body, depth: number): DescribedLine[] {
  const { payload } = record;
  switch (recordForm(record)) {
    case 'text':
      return describeText(payload, depth);
    case 'uri':
      return describeUri(payload, depth);
    case 'external':
      return body.kind === 'primitive'
        ? describePrimitive(payload, body, depth)
        : describeFields(payload, body, depth);
    default:
      return describeRest(payload, 'payload of a form that no record has', depth);
  }
}

function describeFields(payload: Uint8Array, body: Body, depth: number): DescribedLine[] {
  const { lines, rest } = describeHead(payload, body.fields, depth);
  switch (body.kind) {
    case 'records':
      return [...lines, ...describeMessage(rest, depth)];
    case 'bundle':
      return [...lines, ...describeSealed(payload, rest, depth)];
    default:
      return [...lines, ...describeRest(rest, body.rest ?? 'goes on after its end', depth)];
  }
}

const ENCRYPTED = 0x01;
const COMPRESSED = 0x02;
const IV_BYTES = 12;
const MAC_BYTES = 32;

function describeSealed(payload: Uint8Array, rest: Uint8Array, depth: number): DescribedLine[] {
  const flags = payload[0] ?? 0;
  if ((flags & ENCRYPTED) === 0) {
    if (flags & COMPRESSED) return describeRest(rest, 'content, zlib', depth);
    return describeMessage(rest, depth);
  }
  const size = Math.max(0, rest.length - IV_BYTES - MAC_BYTES);
  const { lines } = describeHead(
    rest,
    [
      { name: 'IV', size: IV_BYTES },
      { name: 'ciphertext', size },
      { name: 'HMAC', size: MAC_BYTES },
    ],
    depth,
  );
  return [...lines];
}

function describePrimitive(payload: Uint8Array, body: Body, depth: number): DescribedLine[] {
  const format = { name: 'format', size: 1, say: listed(PRIMITIVE_FORMAT) };
  const { lines, rest } = describeHead(payload, [format], depth);
  if (body.fields.length > 0) {
    const fields = describeHead(rest, body.fields, depth);
    const tail = describeRest(fields.rest, 'goes on after its end', depth);
    return [...lines, ...fields.lines, ...tail];
  }
  return [...lines, ...describeRest(rest, `value${spoken(payload)}`, depth)];
}

/** What a value says, unless it is made of bytes that are no text for people. */
function spoken(payload: Uint8Array): string {
  const read = attempt(() => readPrimitive({ field: 'value', payload }));
  if (!('value' in read) || read.value.format === PRIMITIVE_FORMAT.binary) return '';
  const text = primitiveText(read.value);
  return text === null ? ', not what its format says' : `: ${quoted(text)}`;
}

function describeText(payload: Uint8Array, depth: number): DescribedLine[] {
  const read = attempt(() => readText({ field: 'text', payload }));
  // The published example of PUSH DATA has a currency so (protocol §10).
  if ('refusal' in read && bareCurrency(payload) !== null) {
    return [line(depth, 'currency, without the status byte of a text', payload)];
  }
  if ('refusal' in read) return [refusedLine(depth, `no text: ${read.refusal}`, payload)];
  const { language, text } = read.value;
  return [line(depth, `text${language && ` in ${quoted(language)}`}: ${quoted(text)}`, payload)];
}

function describeUri(payload: Uint8Array, depth: number): DescribedLine[] {
  const read = attempt(() => readUri({ field: 'URI', payload }));
  if ('refusal' in read) return [refusedLine(depth, `no URI: ${read.refusal}`, payload)];
  return [line(depth, `URI: ${quoted(read.value)}`, payload)];
}
