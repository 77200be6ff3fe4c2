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
/**
 * Each contender runs so long before it counts that the compiler has come to rest, and then in turns
 * with the others, so that what else the machine does falls on all of them alike.
 */
const WARM_UP_MS = 2000;
const ROUNDS = 10;
const ROUND_MS = 250;
const BARE = 'bare cryptography of a tap: sign, verify, two ECDH, HKDF, AES, HMAC';

/** A whole tap on the wire, SELECT to the decrypted pass, both ends in this process. */
export async function benchSmartTap(): Promise<Figure[]> {
  const beside = { name: BARE, by: 'cpu' } as const;
  const bare = bareCryptography();
  const withKeys = async () => {
    createECDH('prime256v1').generateKeys();
    createECDH('prime256v1').generateKeys();
    await bare();
  };
  const onNode = [
    new Contender(BARE, undefined, bare),
    new Contender(`${BARE}, and two new key pairs`, beside, withKeys),
    new Contender(
      'Smart Tap, both ends, node:crypto',
      { ...beside, goal: '1.5' },
      wholeTap(nodeSmartTapPrimitives),
    ),
  ];
  const onNoble = new Contender('Smart Tap, both ends, noble', beside, wholeTap(noblePrimitives));
  // Noble comes afterwards: the compiler would make the library slower for two kinds of primitives.
  return [...(await inTurns(onNode)), ...(await inTurns([onNoble]))];
}

async function inTurns(contenders: readonly Contender[]): Promise<Figure[]> {
  for (const contender of contenders) await contender.warmUp();
  for (let round = 0; round < ROUNDS; round++) {
    for (const contender of contenders) await contender.run();
  }
  return contenders.map((contender) => contender.figure());
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

/** Something that is done again and again, and what that has cost so far. */
class Contender {
  readonly #name: string;
  readonly #against: Figure['against'];
  readonly #once: () => Promise<void>;
  readonly #latency = new Histogram();
  #count = 0;
  #ms = 0;
  #cpuMs = 0;

  constructor(name: string, against: Figure['against'], once: () => Promise<void>) {
    this.#name = name;
    this.#against = against;
    this.#once = once;
  }

  async warmUp(): Promise<void> {
    const end = performance.now() + WARM_UP_MS;
    while (performance.now() < end) await this.#once();
  }

  async run(): Promise<void> {
    const before = process.cpuUsage();
    const begun = performance.now();
    let now = begun;
    while (now < begun + ROUND_MS) {
      const sent = now;
      await this.#once();
      now = performance.now();
      this.#latency.add(now - sent);
      this.#count++;
    }
    const { user, system } = process.cpuUsage(before);
    this.#ms += now - begun;
    this.#cpuMs += (user + system) / 1000;
  }

  figure(): Figure {
    const seconds = this.#ms / 1000;
    process.stderr.write(`${this.#name}: ${Math.round(this.#count / seconds)}/s\n`);
    const requests = this.#count;
    return {
      name: this.#name,
      result: { requests, seconds, latency: this.#latency, statuses: new Map() },
      cpu: { server: this.#cpuMs / requests, postgres: 0 },
      ...(this.#against && { against: this.#against }),
    };
  }
}
