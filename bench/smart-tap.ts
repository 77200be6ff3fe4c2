import {
  createCipheriv,
  createECDH,
  createHmac,
  generateKeyPairSync,
  hkdfSync,
  sign,
  verify,
} from 'node:crypto';
import { nodeSmartTapPrimitives } from '../src/platform/smart-tap-primitives.node.ts';
import {
  createTerminal,
  createWallet,
  noblePrimitives,
  type Primitives,
} from '../src/smarttap/index.ts';
import type { Figure } from './figures.ts';
import { Histogram } from './histogram.ts';

const COLLECTOR = 20180608;
const TAPS = 2000;
const NOBLE_TAPS = 100;
const BARE = 'bare cryptography of a tap: sign, verify, two ECDH, HKDF, AES, HMAC';

/** A whole tap on the wire, SELECT to the decrypted pass, both ends in this process. */
export async function benchSmartTap(): Promise<Figure[]> {
  const against = { name: BARE, by: 'cpu', goal: '1.5' } as const;
  const bare = bareCryptography();
  return [
    await timed(BARE, TAPS, undefined, bare),
    await timed(`${BARE}, and two new key pairs`, TAPS, { name: BARE, by: 'cpu' }, async () => {
      createECDH('prime256v1').generateKeys();
      createECDH('prime256v1').generateKeys();
      await bare();
    }),
    await timed(
      'Smart Tap, both ends, node:crypto',
      TAPS,
      against,
      wholeTap(nodeSmartTapPrimitives),
    ),
    await timed(
      'Smart Tap, both ends, noble',
      NOBLE_TAPS,
      { name: BARE, by: 'cpu' },
      wholeTap(noblePrimitives),
    ),
  ];
}

/** What no implementation can leave out, each end of it: keys are there, nothing is parsed. */
function bareCryptography(): () => Promise<void> {
  const collector = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const [one, other] = [createECDH('prime256v1'), createECDH('prime256v1')];
  one.generateKeys();
  other.generateKeys();
  const blob = Buffer.alloc(101, 7);
  // As they come over the air.
  const pointOfOne = one.getPublicKey(null, 'compressed');
  const pointOfOther = other.getPublicKey(null, 'compressed');
  const plain = Buffer.alloc(60, 1);
  const end = (secret: Buffer) => {
    const keys = Buffer.from(hkdfSync('sha256', secret, pointOfOne, blob, 48));
    const sealed = createCipheriv('aes-128-ctr', keys.subarray(0, 16), Buffer.alloc(16)).update(
      plain,
    );
    createHmac('sha256', keys.subarray(16)).update(sealed).digest();
  };
  return async () => {
    const signature = sign('sha256', blob, collector.privateKey);
    verify('sha256', blob, collector.publicKey, signature);
    end(one.computeSecret(pointOfOther));
    end(other.computeSecret(pointOfOne));
  };
}

function wholeTap(primitives: Primitives): () => Promise<void> {
  const { privateKey, publicKey } = primitives.generateKeyPair();
  const wallet = createWallet({
    primitives,
    collectorKey: () => publicKey,
    decide: () => ({ outcome: 'send', passes: [PASS], customer: null }),
  });
  const terminal = createTerminal({
    primitives,
    collectorId: COLLECTOR,
    keys: [{ version: 1, privateKey }],
    zlib: false,
  });
  return async () => {
    wallet.reset();
    const { passes } = await terminal.tap(wallet.handle);
    if (passes[0]?.value !== PASS.value) throw new Error('the terminal did not read the pass');
  };
}

const PASS = {
  issuer: { type: 1, id: new Uint8Array(4) },
  type: 'ly',
  objectId: new Uint8Array(8),
  value: '1234567890',
} as const;

async function timed(
  name: string,
  count: number,
  against: Figure['against'],
  once: () => Promise<void>,
): Promise<Figure> {
  for (let i = 0; i < count / 10; i++) await once();
  const latency = new Histogram();
  const before = process.cpuUsage();
  const begun = performance.now();
  for (let i = 0; i < count; i++) {
    const sent = performance.now();
    await once();
    latency.add(performance.now() - sent);
  }
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(before);
  process.stderr.write(`${name}: ${Math.round(count / seconds)}/s\n`);
  return {
    name,
    result: { requests: count, seconds, latency, statuses: new Map() },
    cpu: { server: (user + system) / 1000 / count, postgres: 0 },
    ...(against && { against }),
  };
}
