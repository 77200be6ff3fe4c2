import {
  describe,
  formatDescription,
  type PushResult,
  statusMeaning,
  type TapResult,
  type TapStatus,
  type TerminalCustomer,
  type TerminalPass,
  type TerminalSession,
  toHex,
  valueText,
} from '../smarttap/index.ts';
import { quoted } from './quoted.ts';

const OUTCOMES: Readonly<Record<TapStatus, string>> = {
  passes: 'passes were read',
  'no-pass': 'there is no pass for this terminal',
  choose: 'several passes match: the user picks one on the phone and taps again',
  locked: 'the phone is locked',
  'user-action': 'the user has to do something on the phone',
  'try-again': 'the phone has asked to try again, and again',
  'not-authenticated': 'the phone does not take this terminal for authentic',
  'version-unsupported': 'the phone speaks another version of the protocol',
  'terminal-error': 'the phone refuses a command of this terminal',
  refused: 'the phone refuses for good',
  'no-smart-tap': 'the phone has no Smart Tap',
  'not-default-wallet': 'the wallet is not the default for NFC',
  'not-understood': 'the phone answers with a status word that is none of Smart Tap',
  malformed: 'the answer is not in the form of the protocol',
  'field-lost': 'the phone is gone',
};

/** What became of a tap, in a few lines; the sealed bundle first, opened. */
export function tellTap(result: TapResult): string[] {
  const { bundle, passes, customer, session, mustNotPay, push } = result;
  const unreadable = result.unreadable.filter((error) => error !== result.fault);
  return [
    ...(bundle ? ['= the bundle, opened', indented(formatDescription(describe(bundle)))] : []),
    `${OUTCOMES[result.status]}${reasonOf(result)}`,
    ...passes.map(tellPass),
    ...unreadable.map(
      ({ message }) => `  one object is not in the form of the protocol: ${message}`,
    ),
    ...(customer ? [tellCustomer(customer)] : []),
    ...(session ? [tellSession(session)] : []),
    ...(mustNotPay ? ['  the wallet is not ready to pay: do not go on to payment'] : []),
    ...(push ? [tellPush(push)] : []),
  ];
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '    ');
}

function reasonOf({ statusWord, fault }: Pick<TapResult, 'statusWord' | 'fault'>): string {
  if (fault instanceof Error) return `: ${causeOf(fault)}`;
  if (statusWord === null) return '';
  return ` (${statusWord.toString(16).padStart(4, '0')}: ${statusMeaning(statusWord)})`;
}

/** `fetch` says that it failed, and what failed is behind it. */
function causeOf({ message, cause }: Error): string {
  return cause instanceof Error ? `${message}, ${cause.message || cause.name}` : message;
}

function tellPass({ type, value, objectId, issuer, object }: TerminalPass): string {
  const known = `object ${toHex(objectId)}, issuer ${issuer.type}:${toHex(issuer.id)}`;
  const fields = Object.entries(object.fields).map(
    ([name, field]) => `, ${name} ${tellText(valueText(field))}`,
  );
  return `  ${type} ${tellText(value)}, ${known}${fields.join('')}`;
}

function tellText(text: string | null): string {
  return text === null ? 'a value that is no text' : quoted(text);
}

function tellCustomer({ id, language, tapId, deviceId }: TerminalCustomer): string {
  const spoken = language === null ? '' : `, language ${quoted(language)}`;
  const tap = tapId === null ? '' : `, tap ${toHex(tapId)}`;
  const device = deviceId === null ? '' : `, device ${toHex(deviceId)}`;
  return `  customer ${toHex(id)}${spoken}${tap}${device}`;
}

function tellSession({ authentication, signed, keyVersion }: TerminalSession): string {
  const otherwise = signed === authentication ? '' : ` by the phone's word, but signed ${signed}`;
  return `  authenticated: ${authentication}${otherwise}, key ${keyVersion}`;
}

function tellPush(push: PushResult): string {
  return `  what was pushed was ${push.acknowledged ? '' : 'not '}acknowledged${reasonOf(push)}`;
}
