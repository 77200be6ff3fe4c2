import {
  concatBytes,
  createTerminal,
  createWallet,
  decodeBundle,
  decodeSrs,
  deriveSessionKeys,
  type Exchange,
  type KeyPair,
  openBundle,
  type PassDecision,
  type PassRequest,
  type Primitives,
  type TapResult,
  toHex,
} from '../../src/smarttap/index.ts';
import {
  COLLECTOR,
  CUSTOMER,
  collectorKey,
  KEY_VERSION,
  openssl,
  PASS,
  scripted,
} from './smart-tap-stage.ts';

/** A session that can be gone through once more, since all that is chance in it is written down. */

const terminalPair = openssl.generateKeyPair();
const handsetPair = openssl.generateKeyPair();
const random = (length: number, seed: number) =>
  Uint8Array.from({ length }, (_, index) => (index * 31 + seed) % 256);

const DECISION: PassDecision = {
  outcome: 'send',
  passes: [PASS, { ...PASS, type: 'of', value: '碰一碰 2018' }],
  customer: CUSTOMER,
};

function known(seed: number, keyPair: KeyPair, base: Primitives): Primitives {
  const bytes = [8, 12, 16, 32].map((length) => [length, random(length, seed)] as const);
  return scripted(Object.fromEntries(bytes), keyPair, base);
}

export interface Recording {
  readonly exchanges: readonly Exchange[];
  readonly result: TapResult;
  /** Answers those commands as a handset that enters the field, and says what was decided on. */
  readonly handset: (commands: readonly Uint8Array[]) => Promise<HandsetRun>;
  /** Reads a handset with the very terminal of the recording. */
  readonly terminal: (
    transceive: (command: Uint8Array) => Promise<Uint8Array>,
  ) => Promise<TapResult>;
  /** What its terminal reads in the data of those parts, as hex; null if there is no bundle. */
  readonly read: (parts: readonly Uint8Array[]) => Promise<string | null>;
}

export interface HandsetRun {
  readonly responses: readonly Uint8Array[];
  readonly asked: readonly PassRequest[];
}

/** A whole tap, with every command of the protocol in it. */
export async function record(
  zlib: boolean,
  maxResponseBytes: number,
  base: Primitives,
): Promise<Recording> {
  const signatures: Uint8Array[] = [];
  const terminalOf = (sign: Primitives['sign']) =>
    createTerminal({
      collectorId: COLLECTOR,
      keys: [{ version: KEY_VERSION, privateKey: collectorKey.privateKey }],
      zlib,
      secondSelect: 'always',
      push: () => ({ ssr: [{ oid: PASS.objectId, sug: null, sup: null }] }),
      primitives: { ...known(1, terminalPair, base), sign },
    });
  const handsetOf = (asked: PassRequest[]) =>
    createWallet({
      primitives: known(2, handsetPair, base),
      maxResponseBytes,
      collectorKey: (id, version) =>
        id === COLLECTOR && version === KEY_VERSION ? collectorKey.publicKey : null,
      decide: (request) => {
        asked.push(request);
        return DECISION;
      },
    });
  const wallet = handsetOf([]);
  const result = await terminalOf((message, key) => {
    signatures.push(openssl.sign(message, key));
    return signatures.at(-1) ?? message;
  }).tap((command) => wallet.handle(command));
  // The first is the one that tries the key when the terminal is made.
  const signature = signatures.at(-1) ?? new Uint8Array();
  const recording: Recording = {
    exchanges: result.exchanges,
    result,
    handset: async (commands) => {
      const asked: PassRequest[] = [];
      const handset = handsetOf(asked);
      const responses = [];
      for (const command of commands) responses.push(await handset.handle(command));
      return { responses, asked };
    },
    terminal: (transceive) => terminalOf(() => signature).tap(transceive),
    read: (parts) => readSealed(parts, signature),
  };
  return recording;
}

async function readSealed(
  parts: readonly Uint8Array[],
  signature: Uint8Array,
): Promise<string | null> {
  const data = concatBytes(...parts);
  const reb = data.length > 0 ? decodeSrs(data).reb : null;
  if (reb === null) return null;
  const shared = openssl.sharedSecret(terminalPair.privateKey, handsetPair.publicKey);
  const keys = deriveSessionKeys(openssl, shared ?? new Uint8Array(), {
    negotiation: {
      terminalNonce: random(32, 1),
      handsetNonce: random(32, 2),
      collectorId: COLLECTOR,
      terminalPublicKey: terminalPair.publicKey,
    },
    signature,
    handsetPublicKey: handsetPair.publicKey,
  });
  const bundle = await openBundle(openssl, [keys], reb);
  decodeBundle(bundle);
  return toHex(bundle);
}
