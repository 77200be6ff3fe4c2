import { nodeSmartTapPrimitives } from '../../src/platform/smart-tap-primitives.node.ts';
import {
  createTerminal,
  createWallet,
  decodeOseAnswer,
  decodeResponse,
  encodeNgr,
  encodeSmartTapCommand,
  encodeSpr,
  encodeSrq,
  type Negotiation,
  type Nsr,
  type PassDecision,
  type Pcr,
  type Primitives,
  type Srq,
  signNegotiation,
  type Terminal,
  type TerminalOptions,
  VERSION,
  type Wallet,
  type WalletOptions,
  type WalletPass,
} from '../../src/smarttap/index.ts';

/** A collector with one key, a handset that knows it, and a terminal made by hand beside ours. */

export const COLLECTOR = 20180608;
export const KEY_VERSION = 7;
/** The compiler sees here that OpenSSL's primitives fit the library's seam. */
export const openssl: Primitives = nodeSmartTapPrimitives;
export const collectorKey = openssl.generateKeyPair();
export const strangerKey = openssl.generateKeyPair();

export const PASS: WalletPass = {
  issuer: { type: 1, id: Uint8Array.of(1, 2, 3, 4) },
  type: 'ly',
  objectId: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
  value: '2018',
};

export const CUSTOMER = {
  issuer: { type: 2, id: Uint8Array.of(9, 9, 9, 9) },
  id: new Uint8Array(16).fill(5),
  language: 'en',
};

export const SENT: PassDecision = { outcome: 'send', passes: [PASS], customer: null };

export const NO_PASS: PassDecision = { outcome: 'none', customer: null };

/** More than fits in one answer. */
export const LONG: PassDecision = {
  outcome: 'send',
  passes: [{ ...PASS, value: 'v'.repeat(1000) }],
  customer: null,
};

/** A wallet that knows the collector's key in version 7, and sends it one pass. */
export function walletWith(options: Partial<WalletOptions> = {}): Wallet {
  return createWallet({
    primitives: openssl,
    collectorKey: (collectorId, version) =>
      collectorId === COLLECTOR && version === KEY_VERSION ? collectorKey.publicKey : null,
    decide: () => SENT,
    ...options,
  });
}

export function terminalWith(options: Partial<TerminalOptions> = {}): Terminal {
  return createTerminal({
    primitives: openssl,
    collectorId: COLLECTOR,
    keys: [{ version: KEY_VERSION, privateKey: collectorKey.privateKey }],
    ...options,
  });
}

/** Primitives whose chance is known before: random bytes by their length, and one key pair. */
export function scripted(
  random: Readonly<Record<number, Uint8Array>>,
  keyPair: ReturnType<Primitives['generateKeyPair']>,
  base: Primitives,
): Primitives {
  return {
    ...base,
    randomBytes: (length) => {
      const bytes = random[length];
      if (!bytes) throw new Error(`the script has no ${length} random bytes`);
      return bytes;
    },
    generateKeyPair: () => keyPair,
  };
}

/** A response as a test compares it: the status word in hex, and the data. */
export interface Heard {
  readonly sw: string;
  readonly data: Uint8Array;
}

export interface NegotiateByHand {
  readonly sequence?: number;
  readonly sessionId?: Uint8Array;
  readonly collectorId?: number;
  readonly keyVersion?: number;
  readonly privateKey?: Uint8Array;
  readonly live?: boolean;
  readonly version?: number;
  readonly terminalPublicKey?: Uint8Array;
  readonly terminalNonce?: Uint8Array;
}

export interface GetDataByHand {
  readonly sequence?: number;
  readonly sessionId?: Uint8Array;
  readonly collectorId?: number;
  readonly version?: number;
  readonly serviceTypes?: Srq['slr'];
  readonly pcr?: Pcr | null;
}

export const SESSION_ID = Uint8Array.of(1, 1, 2, 3, 5, 8, 13, 21);

/** Sends commands one by one, each as the test wants it, to look at each answer. */
export class HandMadeTerminal {
  readonly keyPair = openssl.generateKeyPair();
  readonly #wallet: Wallet;
  #handsetNonce: Uint8Array = new Uint8Array(32);

  constructor(wallet: Wallet) {
    this.#wallet = wallet;
  }

  async send(apdu: Uint8Array): Promise<Heard> {
    const { data, sw } = decodeResponse(await this.#wallet.handle(apdu));
    return { sw: sw.toString(16), data };
  }

  async selectOse(): Promise<Heard> {
    const heard = await this.send(encodeSmartTapCommand({ name: 'select-ose' }));
    this.#handsetNonce = decodeOseAnswer(heard.data).handsetNonce ?? this.#handsetNonce;
    return heard;
  }

  /** The bytes of NEGOTIATE; to be sent with `send`. */
  negotiation({
    sequence = 1,
    sessionId = SESSION_ID,
    collectorId = COLLECTOR,
    keyVersion = KEY_VERSION,
    privateKey = collectorKey.privateKey,
    live = true,
    version = VERSION,
    terminalPublicKey = this.keyPair.publicKey,
    terminalNonce = new Uint8Array(32).fill(3),
  }: NegotiateByHand = {}): Uint8Array {
    const handsetNonce = this.#handsetNonce;
    const signed: Negotiation = { terminalNonce, handsetNonce, collectorId, terminalPublicKey };
    const sig = signNegotiation(openssl, privateKey, signed, live);
    const cpr = { terminalNonce, live, terminalPublicKey, keyVersion, sig, cld: collectorId };
    const message = encodeNgr({ version, ses: { sessionId, sequence, status: 1 }, cpr });
    return encodeSmartTapCommand({ name: 'negotiate', message });
  }

  negotiate(changes: NegotiateByHand = {}): Promise<Heard> {
    return this.send(this.negotiation(changes));
  }

  /** SELECT OSE and NEGOTIATE, which must be accepted. */
  async begin(changes: NegotiateByHand = {}): Promise<void> {
    await this.selectOse();
    const { sw } = await this.negotiate(changes);
    if (sw !== '9000' && sw !== '9002') throw new Error(`NEGOTIATE was answered ${sw}`);
  }

  dataRequest({
    sequence = 3,
    sessionId = SESSION_ID,
    collectorId = COLLECTOR,
    version = VERSION,
    serviceTypes = [0],
    pcr = null,
  }: GetDataByHand = {}): Uint8Array {
    const message = encodeSrq({
      version,
      ses: { sessionId, sequence, status: 1 },
      mer: { cld: collectorId, lid: null, tid: null, mnr: null, mcr: null },
      slr: serviceTypes,
      pcr,
    });
    return encodeSmartTapCommand({ name: 'get-data', message });
  }

  getData(changes: GetDataByHand = {}): Promise<Heard> {
    return this.send(this.dataRequest(changes));
  }

  getMoreData(): Promise<Heard> {
    return this.send(encodeSmartTapCommand({ name: 'get-more-data' }));
  }

  pushed(
    sequence: number,
    { sessionId = SESSION_ID, version = VERSION, nsr = [] as readonly Nsr[] } = {},
  ): Uint8Array {
    const ses = { sessionId, sequence, status: 1 };
    const message = encodeSpr({ version, ses, bpr: null, nsr, ssr: [] });
    return encodeSmartTapCommand({ name: 'push-data', message });
  }

  push(sequence: number, changes?: Parameters<HandMadeTerminal['pushed']>[1]): Promise<Heard> {
    return this.send(this.pushed(sequence, changes));
  }
}

/** A terminal made by hand in the field of a wallet. */
export function inField(options: Partial<WalletOptions> = {}): HandMadeTerminal {
  return new HandMadeTerminal(walletWith(options));
}

/** One with a session. */
export async function begun(options: Partial<WalletOptions> = {}): Promise<HandMadeTerminal> {
  const terminal = inField(options);
  await terminal.begin();
  return terminal;
}
