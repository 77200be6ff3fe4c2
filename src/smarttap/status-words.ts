/**
 * Status words of Smart Tap 2.1 (protocol reference, APDU status words). The first byte decides what
 * to do, the second is detail, and a handset may send details that are not listed here.
 */
export const SW = {
  ok: 0x9000,
  okNoPass: 0x9001,
  okPreSigned: 0x9002,
  moreData: 0x9100,
  okNotReadyToPay: 0x9101,
  okNoPassNotReadyToPay: 0x9102,
  transient: 0x9200,
  cryptoFailure: 0x9201,
  executionFailure: 0x9203,
  deviceLocked: 0x9300,
  choosePass: 0x9302,
  unknownCommand: 0x9400,
  unparseable: 0x9402,
  badCryptoInput: 0x9403,
  noChunks: 0x9404,
  chunksExhausted: 0x9405,
  tooManyRequests: 0x9406,
  noMerchant: 0x9407,
  badPushUri: 0x9408,
  authenticationFailed: 0x9500,
  versionNotSupported: 0x9502,
  notDefaultWallet: 0x6999,
  notFound: 0x6a82,
} as const;

const MEANINGS: Readonly<Record<keyof typeof SW, string>> = {
  ok: 'success',
  okNoPass: 'success, no matching pass',
  okPreSigned: 'success, the authentication was pre-signed',
  moreData: 'success, more data follows',
  okNotReadyToPay: 'pass sent, the wallet is not ready to pay',
  okNoPassNotReadyToPay: 'no pass, the wallet is not ready to pay',
  transient: 'transient failure',
  cryptoFailure: 'transient failure of cryptography',
  executionFailure: 'transient failure of execution or order',
  deviceLocked: 'the device is locked',
  choosePass: 'several passes match, the user has to choose',
  unknownCommand: 'unknown command',
  unparseable: 'the request cannot be parsed or lacks a record',
  badCryptoInput: 'cryptographic parameters are missing or malformed',
  noChunks: 'no data to continue',
  chunksExhausted: 'all data was sent already',
  tooManyRequests: 'too many requests, or another collector in the same tap',
  noMerchant: 'the request names no collector',
  badPushUri: 'the pushed URI is invalid',
  authenticationFailed: 'the terminal cannot be authenticated',
  versionNotSupported: 'the protocol version is not supported',
  notDefaultWallet: 'the wallet is not the default for NFC',
  notFound: 'no such application',
};

/** What a terminal does next follows from the class alone. */
export type StatusClass =
  | 'success'
  /** 91xx: success, but 9100 has more data, and others are not to go on to payment. */
  | 'success-not-final'
  /** 92xx: to be tried again, with a new sequence number. */
  | 'transient'
  /** 93xx: the user has to do something. */
  | 'user-action'
  | 'terminal-error'
  | 'permanent-error'
  /** 61xx of ISO 7816-4: the answer is to be fetched with GET RESPONSE. */
  | 'fetch-response'
  /** Every other word of ISO 7816-4, and what no standard knows. */
  | 'other';

const CLASSES: Readonly<Partial<Record<number, StatusClass>>> = {
  144: 'success',
  145: 'success-not-final',
  146: 'transient',
  147: 'user-action',
  148: 'terminal-error',
  149: 'permanent-error',
  97: 'fetch-response',
};

const CLASS_MEANINGS: Readonly<Record<StatusClass, string>> = {
  success: 'success',
  'success-not-final': 'success, not ready to pay',
  transient: 'transient failure, to be tried again',
  'user-action': 'the user has to act',
  'terminal-error': 'error of the terminal',
  'permanent-error': 'permanent error',
  'fetch-response': 'the answer waits for GET RESPONSE',
  other: 'not a status word of Smart Tap',
};

/** Words of ISO 7816-4 §5.6 that a phone says when no application has answered. */
const ISO_MEANINGS: readonly (readonly [number, string])[] = [
  [0x6700, 'wrong length (ISO 7816-4)'],
  [0x6982, 'security status not satisfied (ISO 7816-4)'],
  [0x6985, 'conditions of use not satisfied (ISO 7816-4)'],
  [0x6a81, 'function not supported (ISO 7816-4)'],
  [0x6a86, 'wrong parameters P1 and P2 (ISO 7816-4)'],
  [0x6d00, 'instruction not supported (ISO 7816-4)'],
  [0x6e00, 'class not supported (ISO 7816-4)'],
  [0x6f00, 'failure without further diagnosis (ISO 7816-4)'],
];

const MEANING_BY_WORD: ReadonlyMap<number, string> = new Map([
  ...ISO_MEANINGS,
  ...Object.entries(SW).map(([name, word]) => [word, MEANINGS[name as keyof typeof SW]] as const),
]);

export function statusClass(statusWord: number): StatusClass {
  return CLASSES[statusWord >> 8] ?? 'other';
}

/** What a status word says, in a few words; of an unlisted one what its class says. */
export function statusMeaning(statusWord: number): string {
  return MEANING_BY_WORD.get(statusWord) ?? CLASS_MEANINGS[statusClass(statusWord)];
}
