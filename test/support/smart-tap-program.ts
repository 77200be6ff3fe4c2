import {
  createTerminal,
  createWallet,
  deriveSessionKeys,
  describe,
  formatDescription,
  fromHex,
  noblePrimitives,
  type Primitives,
  SmartTapError,
  toHex,
  verifyNegotiation,
} from '../../src/smarttap/index.ts';

/** A vector of smart-tap.json. */
export interface Vector {
  readonly id: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * What the library says of the vectors, by name: the same in every runtime. It is run there as it
 * stands, and so imports nothing but the library.
 */
export async function smartTapSays(vectors: readonly Vector[]): Promise<Record<string, string>> {
  const said: Record<string, string> = {};
  for (const { id, data } of vectors) {
    for (const [name, value] of Object.entries(data)) {
      if (/^(apdu|command_data|response_data|mdn_message)$/.test(name)) {
        said[`${id} ${name}`] = explained(fromHex(String(value), name));
      }
    }
  }
  return { ...said, ...(await secured(vectors)), ...(await tapped()) };
}

function explained(bytes: Uint8Array): string {
  try {
    return formatDescription(describe(bytes));
  } catch (error) {
    if (error instanceof SmartTapError) return `${error.code} ${error.field}`;
    throw error;
  }
}

/** The layers of cryptography on the vector that has all keys, and the signature of a real terminal. */
async function secured(vectors: readonly Vector[]): Promise<Record<string, string>> {
  const bytes = (id: string, name: string) => {
    const value = vectors.find((vector) => vector.id === id)?.data[name];
    return fromHex(String(value), name);
  };
  const plain = (name: string) => bytes('synthetic-plain', name);
  const live = (name: string) => bytes('live-negotiate-passkit', name);
  const negotiation = {
    terminalNonce: live('terminal_nonce'),
    handsetNonce: live('handset_nonce'),
    collectorId: 0x00cc29bc,
    terminalPublicKey: live('terminal_public'),
  };
  const publicKey = bytes('key-passkit-demo', 'public_compressed');
  const signature = live('signature_der');
  const authentic = (signed: Uint8Array) =>
    verifyNegotiation(noblePrimitives, publicKey, signed, negotiation, true);
  const demo = {
    terminalNonce: plain('terminal_nonce'),
    handsetNonce: plain('handset_nonce'),
    collectorId: 20180608,
    terminalPublicKey: plain('terminal_public'),
  };
  const handsetPublicKey = plain('handset_public');
  const secret = noblePrimitives.sharedSecret(
    plain('terminal_ephemeral_private'),
    handsetPublicKey,
  );
  const context = { negotiation: demo, signature: plain('signature_der'), handsetPublicKey };
  const keys = deriveSessionKeys(noblePrimitives, secret ?? new Uint8Array(), context);
  return {
    signature: String(authentic(signature)),
    'signature of another': String(
      authentic(signature.map((byte, i) => (i === 20 ? byte ^ 1 : byte))),
    ),
    'aes key': toHex(keys.aesKey),
    'hmac key': toHex(keys.hmacKey),
  };
}

/** Whole taps of both ends, with zlib and without. */
async function tapped(): Promise<Record<string, string>> {
  const primitives: Primitives = noblePrimitives;
  const { privateKey, publicKey } = primitives.generateKeyPair();
  const values = ['first', '折扣', 'x'.repeat(600)];
  const passes = values.map((value, index) => ({
    issuer: { type: 1, id: Uint8Array.of(0, 0, 0, index) },
    type: 'of' as const,
    objectId: new Uint8Array(8).fill(index),
    value,
  }));
  const [first, ...others] = passes as [(typeof passes)[0], ...typeof passes];
  const read = async (zlib: boolean) => {
    const wallet = createWallet({
      collectorKey: () => publicKey,
      decide: () => ({ outcome: 'send', passes: [first, ...others], customer: null }),
    });
    const keys = [{ version: 1, privateKey }];
    const result = await createTerminal({ collectorId: 20180608, keys, zlib }).tap(wallet.handle);
    return `${result.status} ${result.passes.map(({ value }) => value).join('|')}`;
  };
  return { 'tap with zlib': await read(true), 'tap without zlib': await read(false) };
}
