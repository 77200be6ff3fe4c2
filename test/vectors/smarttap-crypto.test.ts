/**
 * The session cryptography of Smart Tap on the vectors of smart-tap.json, over each set of
 * primitives. The signature is of a real terminal; the layers under it were computed apart from
 * this code, by the same equations in another implementation.
 */
import { describe, expect, it } from 'vitest';
import { decodeResponse } from '../../src/smarttap/apdu.ts';
import { toHex } from '../../src/smarttap/bytes.ts';
import { encodeSmartTapCommand } from '../../src/smarttap/commands.ts';
import { noblePrimitives, type Primitives } from '../../src/smarttap/primitives.ts';
import { decodeNgr } from '../../src/smarttap/records/negotiate.ts';
import { openBundle, sealBundle } from '../../src/smarttap/sealing.ts';
import { deriveSessionKeys } from '../../src/smarttap/session-keys.ts';
import {
  type Negotiation,
  signedBlob,
  signNegotiation,
  verifyNegotiation,
} from '../../src/smarttap/signature.ts';
import { createTerminal } from '../../src/smarttap/terminal.ts';
import { createWallet } from '../../src/smarttap/wallet.ts';
import { derToP1363 } from '../../tools/der-signature.ts';
import { derSignature, N } from '../support/p256-math.ts';
import { hex, vectorBytes, vectorExchanges, vectorText } from '../support/smart-tap.ts';
import { openssl, scripted } from '../support/smart-tap-stage.ts';

const RUNTIMES: readonly (readonly [string, Primitives])[] = [
  ['@noble', noblePrimitives],
  ['OpenSSL', openssl],
];

const GOOGLE_DEMO = 20180608;
const plain = (name: string) => vectorBytes('synthetic-plain', name);
const live = (name: string) => vectorBytes('live-negotiate-passkit', name);

const NEGOTIATION: Negotiation = {
  terminalNonce: plain('terminal_nonce'),
  handsetNonce: plain('handset_nonce'),
  collectorId: GOOGLE_DEMO,
  terminalPublicKey: plain('terminal_public'),
};

const LIVE: Negotiation = {
  terminalNonce: live('terminal_nonce'),
  handsetNonce: live('handset_nonce'),
  collectorId: 0x00cc29bc,
  terminalPublicKey: live('terminal_public'),
};

const terminalPair = {
  privateKey: plain('terminal_ephemeral_private'),
  publicKey: plain('terminal_public'),
};
const handsetPair = {
  privateKey: plain('handset_ephemeral_private'),
  publicKey: plain('handset_public'),
};
const DEMO_PASS = {
  issuer: { type: 1, id: hex('01020304') },
  type: 'ly',
  objectId: hex('21c94a5101e25eaa'),
  value: '2018',
} as const;

/** The other signature of the same: (r, n − s). */
function twinOf(der: Uint8Array): Uint8Array {
  const compact = derToP1363(der);
  if (!compact) throw new Error('the vector is no DER');
  const number = (bytes: Uint8Array) => BigInt(`0x${toHex(bytes)}`);
  const [r, s] = [number(compact.subarray(0, 32)), number(compact.subarray(32))];
  return derSignature({ r, s: N - s });
}

describe('the signed blob', () => {
  it('synthetic-plain', () => {
    expect(toHex(signedBlob(NEGOTIATION))).toBe(vectorText('synthetic-plain', 'signed_blob'));
  });

  it('live-negotiate-passkit', () => {
    expect(toHex(signedBlob(LIVE))).toBe(vectorText('live-negotiate-passkit', 'signed_blob'));
  });
});

describe.each(RUNTIMES)('over %s', (_name, primitives) => {
  it.each([
    ['live-negotiate-passkit', 'key-passkit-demo', LIVE, live('signature_der')],
    ['synthetic-plain', 'key-google-demo', NEGOTIATION, plain('signature_der')],
  ] as const)('%s: the signature is of %s, with either s and in no mode but its own', (...row) => {
    const [, keyVector, negotiation, signature] = row;
    const key = vectorBytes(keyVector, 'public_compressed');
    const verified = (der: Uint8Array, isLive = true) =>
      verifyNegotiation(primitives, key, der, negotiation, isLive);
    expect(verified(signature)).toBe(true);
    expect(verified(twinOf(signature))).toBe(true);
    expect(verified(signature, false)).toBe(false);
    expect(verified(signature.subarray(0, -1))).toBe(false);
    expect(verified(new Uint8Array())).toBe(false);
  });

  it('cmd-negotiate: a signature over other bytes is refused, and with a high s nothing throws', () => {
    const { cpr } = decodeNgr(vectorBytes('cmd-negotiate', 'command_data'));
    expect(toHex(cpr.sig)).toBe(vectorText('cmd-negotiate', 'signature_der'));
    const key = vectorBytes('key-google-demo', 'public_compressed');
    expect(verifyNegotiation(primitives, key, cpr.sig, NEGOTIATION, true)).toBe(false);
  });

  it.each(['key-google-demo', 'key-passkit-demo'])(
    '%s signs what its public key verifies',
    (id) => {
      const signature = signNegotiation(
        primitives,
        vectorBytes(id, 'private_scalar'),
        NEGOTIATION,
        true,
      );
      const key = vectorBytes(id, 'public_compressed');
      expect(verifyNegotiation(openssl, key, signature, NEGOTIATION, true)).toBe(true);
      expect(verifyNegotiation(noblePrimitives, key, signature, NEGOTIATION, true)).toBe(true);
    },
  );

  it('synthetic-plain: both ends have the secret in common', () => {
    const shared = vectorText('synthetic-plain', 'ecdh_shared_x');
    const [terminal, handset] = [plain('terminal_public'), plain('handset_public')];
    const atHandset = primitives.sharedSecret(plain('handset_ephemeral_private'), terminal);
    const atTerminal = primitives.sharedSecret(plain('terminal_ephemeral_private'), handset);
    expect(atHandset && toHex(atHandset)).toBe(shared);
    expect(atTerminal && toHex(atTerminal)).toBe(shared);
  });

  const keys = deriveSessionKeys(primitives, plain('ecdh_shared_x'), {
    negotiation: NEGOTIATION,
    signature: plain('signature_der'),
    handsetPublicKey: plain('handset_public'),
  });

  it('synthetic-plain: the keys', () => {
    expect(toHex(keys.aesKey)).toBe(vectorText('synthetic-plain', 'aes_key'));
    expect(toHex(keys.hmacKey)).toBe(vectorText('synthetic-plain', 'hmac_key'));
  });

  it('synthetic-plain: the sealed bundle', async () => {
    const known = scripted({ 12: plain('iv') }, primitives.generateKeyPair(), primitives);
    const reb = await sealBundle(known, keys, plain('plaintext'), false);
    const sealed = { encrypted: true, compressed: false, iv: plain('iv') } as const;
    expect(reb).toEqual({ ...sealed, ciphertext: plain('ciphertext'), mac: plain('hmac') });
    expect(toHex(await openBundle(primitives, [keys], reb))).toBe(toHex(plain('plaintext')));
  });

  it('synthetic-plain: a terminal sends the commands and reads the pass', async () => {
    const exchanges = vectorExchanges('synthetic-plain');
    const terminal = createTerminal({
      collectorId: GOOGLE_DEMO,
      keys: [{ version: 1, privateKey: vectorBytes('key-google-demo', 'private_scalar') }],
      serviceTypes: [3],
      zlib: false,
      commandStream: 'S',
      secondSelect: 'always',
      primitives: {
        ...scripted(
          { 8: plain('session_id'), 32: plain('terminal_nonce') },
          terminalPair,
          primitives,
        ),
        sign: () => plain('signature_der'),
      },
    });
    let turn = 0;
    const result = await terminal.tap(async (command) => {
      const exchange = exchanges[turn++];
      expect(toHex(command)).toBe(exchange?.command);
      return hex(exchange?.response ?? '');
    });
    expect(turn).toBe(exchanges.length);
    expect(result).toMatchObject({ status: 'passes', statusWord: 0x9000, fault: null });
    expect(result.passes.map(({ value }) => value)).toEqual(['2018']);
  });

  it('synthetic-plain: a wallet answers the commands', async () => {
    const random = { 32: plain('handset_nonce'), 16: new Uint8Array(16), 12: plain('iv') };
    const wallet = createWallet({
      primitives: scripted(random, handsetPair, primitives),
      collectorKey: () => vectorBytes('key-google-demo', 'public_compressed'),
      decide: () => ({ outcome: 'send', passes: [DEMO_PASS], customer: null }),
    });
    for (const { command, response } of vectorExchanges('synthetic-plain')) {
      expect(toHex(await wallet.handle(hex(command)))).toBe(response);
    }
  });
});

/**
 * The published tap of stream K. Its author has replaced the collector ID, so nobody can verify the
 * signature any more, and the ephemeral private keys are not known: the primitives here take it for
 * good and stand for both keys, so that every other byte can be compared.
 */
describe('the tap of stream K', () => {
  const k = (name: string) => vectorBytes('cmd-negotiate', name);
  const { privateKey } = openssl.generateKeyPair();
  const answerOf = (id: string) => vectorText(id, 'response_data');
  const handsetNonce = hex('56d2ec8f857f0049aa54f1ca1de2791b5693a7014e6e4565d5644b1c2a305136');
  const handsetKey = hex('03dfee38dbdb68a607383ad622640b180cc7e27d796b4e788c40e5d994291c71fc');
  const commands = [
    encodeSmartTapCommand({ name: 'select-ose' }),
    encodeSmartTapCommand({ name: 'select-smart-tap' }),
    encodeSmartTapCommand({ name: 'negotiate', message: k('command_data') }),
    encodeSmartTapCommand({
      name: 'get-data',
      message: vectorBytes('cmd-get-data', 'command_data'),
    }),
  ];

  it('cmd-negotiate, cmd-get-data: a terminal sends them', async () => {
    const random = { 8: k('session_id'), 32: k('terminal_nonce') };
    const keyPair = { privateKey, publicKey: k('terminal_public') };
    const terminal = createTerminal({
      collectorId: 0x01020304,
      keys: [{ version: 1, privateKey }],
      commandStream: 'K',
      secondSelect: 'always',
      tapMode: 'passAndPayment',
      capabilities: { system: 0x01 },
      primitives: { ...scripted(random, keyPair, openssl), sign: () => k('signature_der') },
    });
    const answers = ['rsp-select-ose', 'rsp-select-smart-tap-2', 'rsp-negotiate']
      .map((id) => `${answerOf(id)}9000`)
      .concat('9001');
    const sent: string[] = [];
    const { status } = await terminal.tap(async (command) => {
      sent.push(toHex(command));
      return hex(answers.shift() ?? '');
    });
    expect(status).toBe('no-pass');
    expect(sent).toEqual(commands.map(toHex));
  });

  it('rsp-select-ose, rsp-select-smart-tap-2, rsp-negotiate, rsp-push-data: a wallet answers', async () => {
    const random = { 32: handsetNonce, 16: new Uint8Array(16), 12: new Uint8Array(12) };
    const wallet = createWallet({
      primitives: {
        ...scripted(random, { privateKey, publicKey: handsetKey }, openssl),
        verify: () => true,
      },
      collectorKey: () => handsetKey,
      decide: () => ({ outcome: 'none', customer: null }),
    });
    const push = vectorBytes('cmd-push-data', 'command_data');
    const heard: string[] = [];
    for (const command of [
      ...commands,
      encodeSmartTapCommand({ name: 'push-data', message: push }),
    ]) {
      const { data, sw } = decodeResponse(await wallet.handle(command));
      heard.push(`${toHex(data)} ${sw.toString(16)}`);
    }
    expect(heard).toEqual([
      `${answerOf('rsp-select-ose')} 9000`,
      `${answerOf('rsp-select-smart-tap-2')} 9000`,
      `${answerOf('rsp-negotiate')} 9000`,
      ' 9001',
      `${answerOf('rsp-push-data')} 9000`,
    ]);
  });
});
