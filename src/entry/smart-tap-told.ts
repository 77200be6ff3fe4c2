import {
  describe,
  formatDescription,
  statusMeaning,
  type TapResult,
  type TapStatus,
  type TerminalCustomer,
  type TerminalPass,
  toHex,
} from '../smarttap/index.ts';
import { quoted } from './quoted.ts';

const OUTCOMES: Readonly<Record<TapStatus, string>> = {
  passes: 'passes were read',
  'no-pass': 'there is no pass for this terminal',
  choose: 'several passes match: the user picks one on the phone and taps again',
  locked: 'the phone is locked',
  'user-action': 'the user has to do something on the phone',
  'try-again': 'the phone has asked to try again, and again',
  'not-authenticated': 'the phone knows no such key of this collector',
  'version-unsupported': 'the phone speaks another version of the protocol',
  'terminal-error': 'the phone refuses a command of this terminal',
  refused: 'the phone refuses for good',
  'no-smart-tap': 'the phone has no Smart Tap',
  'not-default-wallet': 'the wallet is not the default for NFC',
  'not-understood': 'the phone answers with a status word that nobody knows',
  malformed: 'the answer is not in the form of the protocol',
  'field-lost': 'the phone is gone',
};

/** What became of a tap, in a few lines; the sealed bundle first, opened. */
export function tellTap(result: TapResult): string[] {
  const { bundle, passes, customer, session, mustNotPay } = result;
  return [
    ...(bundle ? ['= the bundle, opened', indented(formatDescription(describe(bundle)))] : []),
    `${OUTCOMES[result.status]}${reasonOf(result)}`,
    ...passes.map(tellPass),
    ...(customer ? [tellCustomer(customer)] : []),
    ...(session ? [`  authenticated: ${session.authentication}, key ${session.keyVersion}`] : []),
    ...(mustNotPay ? ['  the wallet is not ready to pay: do not go on to payment'] : []),
  ];
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '    ');
}

function reasonOf({ statusWord, fault }: TapResult): string {
  if (statusWord !== null) {
    return ` (${statusWord.toString(16).padStart(4, '0')}: ${statusMeaning(statusWord)})`;
  }
  return fault instanceof Error ? `: ${causeOf(fault)}` : '';
}

/** `fetch` says that it failed, and what failed is behind it. */
function causeOf({ message, cause }: Error): string {
  return cause instanceof Error ? `${message}, ${cause.message || cause.name}` : message;
}

function tellPass({ type, value, objectId, issuer }: TerminalPass): string {
  const text = value === null ? 'a value that is no text' : quoted(value);
  return `  ${type} ${text}, object ${toHex(objectId)}, issuer ${issuer.type}:${toHex(issuer.id)}`;
}

function tellCustomer({ id, language, tapId }: TerminalCustomer): string {
  const spoken = language === null ? '' : `, language ${quoted(language)}`;
  const tap = tapId === null ? '' : `, tap ${toHex(tapId)}`;
  return `  customer ${toHex(id)}${spoken}${tap}`;
}
