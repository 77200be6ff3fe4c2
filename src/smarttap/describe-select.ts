import { decodeTlvs, isConstructed, type Tlv, tagName } from './ber-tlv.ts';
import { asciiText, toHex } from './bytes.ts';
import {
  attempt,
  bits,
  count,
  type DescribedLine,
  describeHead,
  line,
  quoted,
  refusedLine,
  version,
} from './describe-lines.ts';
import { describeMessage } from './describe-records.ts';
import { CAPABILITY, TRANSACTION_MODE } from './select.ts';

/** No answer is nested deeper than six templates; a hostile one could be, without end. */
const MAX_DEPTH = 8;

interface TagEntry {
  readonly title: string;
  readonly say?: (value: Uint8Array) => string;
}

const TAGS: ReadonlyMap<number, TagEntry> = new Map<number, TagEntry>([
  [0x6f, { title: 'FCI template' }],
  [0x50, { title: 'label', say: label }],
  [0xc0, { title: 'application version', say: toHex }],
  [0xc1, { title: 'transaction mode', say: bits(TRANSACTION_MODE) }],
  [0xc2, { title: 'handset nonce' }],
  [0xc3, { title: 'handset ephemeral public key' }],
  [0xa5, { title: 'proprietary template' }],
  [0xbf0c, { title: 'discretionary data' }],
  [0x61, { title: 'application' }],
  [0x4f, { title: 'AID' }],
  [0x87, { title: 'priority' }],
  [0x73, { title: 'Smart Tap' }],
  [0xdf6d, { title: 'minimum version', say: version }],
  [0xdf4d, { title: 'maximum version', say: version }],
  [0xdf62, { title: 'capabilities', say: bits(CAPABILITY) }],
  [0xdf6e, { title: 'handset nonce' }],
  [0xdf6b, { title: 'handset ephemeral public key' }],
]);

function label(value: Uint8Array): string {
  const read = attempt(() => asciiText(value, 'label'));
  return 'value' in read ? quoted(read.value) : 'not ASCII';
}

/** Explains data objects of BER-TLV, template by template. */
export function describeTlvs(bytes: Uint8Array, depth: number, nested = 0): DescribedLine[] {
  const read = attempt(() => decodeTlvs(bytes, 'tlv'));
  if ('refusal' in read) return [refusedLine(depth, `no BER-TLV: ${read.refusal}`, bytes)];
  const lines: DescribedLine[] = [];
  let start = 0;
  for (const tlv of read.value) {
    const end = tlv.value.byteOffset - bytes.byteOffset + tlv.value.length;
    for (const one of describeTlv(tlv, bytes.subarray(start, end), depth, nested)) lines.push(one);
    start = end;
  }
  return lines;
}

function describeTlv(
  { tag, value }: Tlv,
  whole: Uint8Array,
  depth: number,
  nested: number,
): DescribedLine[] {
  const entry = TAGS.get(tag);
  const title = `${tagName(tag)}, ${entry?.title ?? 'not known'}`;
  if (isConstructed(tag) && nested < MAX_DEPTH) {
    const inside = describeTlvs(value, depth + 1, nested + 1);
    const header = whole.subarray(0, whole.length - value.length);
    return [line(depth, `${title}: ${count(value.length)}`, header), ...inside];
  }
  const text = entry?.say ? `${title}: ${entry.say(value)}` : title;
  return [line(depth, text, whole)];
}

/** Explains the answer to SELECT Smart Tap 2. */
export function describeSmartTapAnswer(data: Uint8Array, depth: number): DescribedLine[] {
  const fields = [
    { name: 'minimum version', size: 2, say: version },
    { name: 'maximum version', size: 2, say: version },
  ];
  const { lines, rest } = describeHead(data, fields, depth);
  return [...lines, ...describeMessage(rest, depth)];
}
