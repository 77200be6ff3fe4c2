import { decodeCommand, decodeResponse, type ResponseApdu } from './apdu.ts';
import { decodeTlvs } from './ber-tlv.ts';
import { toHex } from './bytes.ts';
import { type SmartTapCommand, smartTapCommand } from './commands.ts';
import {
  attempt,
  count,
  type DescribedLine,
  describeRest,
  line,
  refusedLine,
  remark,
} from './describe-lines.ts';
import { describeMessage } from './describe-records.ts';
import { describeSmartTapAnswer, describeTlvs } from './describe-select.ts';
import { decodeNdef } from './ndef.ts';
import { decodeBundle } from './records/bundle.ts';
import { decodeNgr, decodeNrs } from './records/negotiate.ts';
import { decodePsr, decodeSpr } from './records/push.ts';
import { recordName } from './records/record.ts';
import { decodeSrq } from './records/service-request.ts';
import { decodeSrs } from './records/service-response.ts';
import { decodeOseAnswer, decodeSmartTapAnswer } from './select.ts';
import { statusClass, statusMeaning } from './status-words.ts';

export type { DescribedLine } from './describe-lines.ts';

/** The explanation as text: one line for each, with its bytes in hex at the end. */
export function formatDescription(lines: readonly DescribedLine[]): string {
  return lines
    .map(({ depth, text, bytes }) => `${'  '.repeat(depth)}${text}  ${toHex(bytes)}`.trimEnd())
    .join('\n');
}

/**
 * Explains any command, response, answer of a SELECT or NDEF message, and tells these apart by
 * themselves. It refuses nothing: what makes no sense is said to make none.
 */
export function describe(bytes: Uint8Array): DescribedLine[] {
  if (isCommand(bytes)) return describeCommand(bytes);
  const data = describeData(bytes, 0);
  if (data) return data;
  const response = attempt(() => decodeResponse(bytes));
  if ('value' in response && isStatusWord(response.value)) return describeResponse(bytes);
  return bytes.length === 0 ? [remark(0, 'no bytes')] : describeCommand(bytes);
}

const COMMAND_NAMES: Readonly<Record<SmartTapCommand['name'], string>> = {
  'select-ose': 'SELECT OSE',
  'select-smart-tap': 'SELECT Smart Tap 2',
  'select-other': 'SELECT of another application',
  negotiate: 'NEGOTIATE',
  'get-data': 'GET DATA',
  'get-more-data': 'GET MORE DATA',
  'push-data': 'PUSH DATA',
  'get-response': 'GET RESPONSE',
  unknown: 'unknown command',
};

function isCommand(bytes: Uint8Array): boolean {
  const read = attempt(() => smartTapCommand(decodeCommand(bytes)));
  return 'value' in read && read.value.name !== 'unknown';
}

/** Explains a command APDU, known or not. */
export function describeCommand(apdu: Uint8Array): DescribedLine[] {
  const read = attempt(() => decodeCommand(apdu));
  if ('refusal' in read) {
    return [refusedLine(0, `neither answer nor command: ${read.refusal}`, apdu)];
  }
  const { data } = read.value;
  const command = attempt(() => smartTapCommand(read.value));
  const name = 'value' in command ? command.value.name : 'unknown';
  const lcEnd = data.length === 0 ? 4 : 5;
  const dataEnd = lcEnd + data.length;
  return [
    line(0, COMMAND_NAMES[name], apdu.subarray(0, 4)),
    ...describeRest(apdu.subarray(4, lcEnd), `Lc: ${count(data.length)}`, 1),
    ...describeCommandData(name, apdu.subarray(lcEnd, dataEnd)),
    ...describeRest(apdu.subarray(dataEnd), 'Le: at most the length of the answer', 1),
    ...('refusal' in command ? [remark(1, command.refusal)] : []),
  ];
}

function describeCommandData(name: SmartTapCommand['name'], data: Uint8Array): DescribedLine[] {
  if (name.startsWith('select-')) return describeRest(data, 'AID', 1);
  return describeData(data, 1) ?? describeBroken(data, 1);
}

/** Explains a response APDU by what is in it, whatever the command was. */
export function describeResponse(apdu: Uint8Array): DescribedLine[] {
  const read = attempt(() => decodeResponse(apdu));
  if ('refusal' in read) return [refusedLine(0, `no response: ${read.refusal}`, apdu)];
  const data = apdu.subarray(0, -2);
  const status = `status ${read.value.sw.toString(16).padStart(4, '0')}: ${statusMeaning(read.value.sw)}`;
  return [
    ...(describeData(data, 0) ?? describeRest(data, 'data of no whole message: a part?', 0)),
    line(0, status, apdu.subarray(-2)),
  ];
}

function isStatusWord({ sw }: ResponseApdu): boolean {
  return statusClass(sw) !== 'other' || (sw >> 8 >= 0x62 && sw >> 8 <= 0x6f);
}

/** Explains a whole message or answer; null if the bytes are none. */
function describeData(data: Uint8Array, depth: number): DescribedLine[] | null {
  if (data.length === 0) return null;
  const tlvs = attempt(() => decodeTlvs(data, 'tlv'));
  if (data[0] === FCI && 'value' in tlvs && tlvs.value.length === 1) {
    return [...describeTlvs(data, depth), ...refusal(() => decodeOseAnswer(data), depth)];
  }
  if (isMessage(data)) return describeWholeMessage(data, depth);
  if (data.length > VERSIONS_BYTES && isMessage(data.subarray(VERSIONS_BYTES))) {
    const lines = describeSmartTapAnswer(data, depth);
    return [...lines, ...refusal(() => decodeSmartTapAnswer(data), depth)];
  }
  return null;
}

const FCI = 0x6f;
const VERSIONS_BYTES = 4;

function isMessage(data: Uint8Array): boolean {
  return 'value' in attempt(() => decodeNdef(data, 'ndef'));
}

const READERS: ReadonlyMap<string, (message: Uint8Array) => unknown> = new Map<
  string,
  (message: Uint8Array) => unknown
>([
  ['ngr', decodeNgr],
  ['nrs', decodeNrs],
  ['srq', decodeSrq],
  ['srs', decodeSrs],
  ['spr', decodeSpr],
  ['psr', decodePsr],
  ['asv', decodeBundle],
]);

function describeWholeMessage(message: Uint8Array, depth: number): DescribedLine[] {
  const [first] = decodeNdef(message, 'ndef');
  const reader = READERS.get((first && recordName(first)) ?? '');
  const lines = describeMessage(message, depth);
  return reader ? [...lines, ...refusal(() => reader(message), depth)] : lines;
}

/** What a strict reader says against the lines before. */
function refusal(read: () => unknown, depth: number): DescribedLine[] {
  const done = attempt(read);
  return 'refusal' in done ? [remark(depth, `refused: ${done.refusal}`)] : [];
}

function describeBroken(data: Uint8Array, depth: number): DescribedLine[] {
  const read = attempt(() => decodeNdef(data, 'ndef'));
  const reason = 'refusal' in read ? `: ${read.refusal}` : '';
  return data.length === 0 ? [] : [refusedLine(depth, `no message${reason}`, data)];
}
