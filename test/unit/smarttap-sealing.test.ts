import { Readable } from 'node:stream';
import { createDeflate, deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  MAX_BUNDLE_BYTES,
  noblePrimitives,
  openBundle,
  type Primitives,
  type Reb,
  sealBundle,
} from '../../src/smarttap/index.ts';
import { openssl } from '../support/smart-tap-stage.ts';

const KEYS = { aesKey: new Uint8Array(16).fill(1), hmacKey: new Uint8Array(32).fill(2) };
const OTHER = { aesKey: KEYS.aesKey, hmacKey: new Uint8Array(32).fill(3) };
const BUNDLE = new TextEncoder().encode('碰一碰 '.repeat(500));

const RUNTIMES: readonly (readonly [string, Primitives])[] = [
  ['@noble', noblePrimitives],
  ['OpenSSL', openssl],
];

/** The code of the error, or what was opened. */
async function opened(primitives: Primitives, reb: Reb, keys = [KEYS]): Promise<unknown> {
  return openBundle(primitives, keys, reb).catch((error: { readonly code: string }) => error.code);
}

/** Seals these very bytes, and says that they are zlib. */
async function sealedAsZlib(primitives: Primitives, bytes: Uint8Array): Promise<Reb> {
  return { ...(await sealBundle(primitives, KEYS, bytes, false)), compressed: true };
}

describe.each(RUNTIMES)('over %s, a bundle', (_name, primitives) => {
  it.each([true, false])('is opened as it was sealed, compressed: %s', async (compressed) => {
    const reb = await sealBundle(primitives, KEYS, BUNDLE, compressed);
    expect(reb).toMatchObject({ encrypted: true, compressed });
    for (const [, other] of RUNTIMES) expect(await opened(other, reb)).toEqual(BUNDLE);
  });

  it('has another start every time', async () => {
    const [first, second] = [
      await sealBundle(primitives, KEYS, BUNDLE, false),
      await sealBundle(primitives, KEYS, BUNDLE, false),
    ];
    expect(first).not.toEqual(second);
  });

  it('is opened with whichever key fits, and with none that does not', async () => {
    const reb = await sealBundle(primitives, KEYS, BUNDLE, false);
    expect(await opened(primitives, reb, [OTHER, KEYS])).toEqual(BUNDLE);
    expect(await opened(primitives, reb, [OTHER])).toBe('bad-mac');
    expect(await opened(primitives, reb, [])).toBe('bad-mac');
  });

  it.each(['iv', 'ciphertext', 'mac'] as const)(
    'is refused with one bit of %s changed',
    async (part) => {
      const reb = await sealBundle(primitives, KEYS, BUNDLE.subarray(0, 40), false);
      if (!reb.encrypted) throw new Error('it is sealed');
      for (let bit = 0; bit < reb[part].length * 8; bit++) {
        const changed = new Uint8Array(reb[part]);
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(await opened(primitives, { ...reb, [part]: changed })).toBe('bad-mac');
      }
      for (const shorter of [reb[part].subarray(1), reb[part].subarray(0, -1)]) {
        expect(await opened(primitives, { ...reb, [part]: shorter })).toBe('bad-mac');
      }
    },
  );

  it('that is not encrypted is opened without a key', async () => {
    const clear = { encrypted: false } as const;
    const content = BUNDLE;
    expect(await opened(primitives, { ...clear, compressed: false, content }, [])).toEqual(BUNDLE);
    const zlib = new Uint8Array(deflateSync(BUNDLE));
    const compressed = { ...clear, compressed: true, content: zlib };
    expect(await opened(primitives, compressed, [])).toEqual(BUNDLE);
  });

  it.each([
    ['nothing', new Uint8Array()],
    ['no zlib', BUNDLE],
    ['a stream that ends too early', deflateSync(BUNDLE).subarray(0, -1)],
    ['bytes after the stream', Buffer.concat([deflateSync(BUNDLE), Buffer.from('more')])],
    ['a wrong checksum', changedAtEnd(deflateSync(BUNDLE))],
    ['one byte too many inside', deflateSync(new Uint8Array(MAX_BUNDLE_BYTES + 1))],
  ])('of %s is no compressed bundle', async (_what, bytes) => {
    const reb = await sealedAsZlib(primitives, new Uint8Array(bytes));
    expect(await opened(primitives, reb)).toBe('bad-compression');
  });

  it('is opened up to the limit', async () => {
    const whole = new Uint8Array(MAX_BUNDLE_BYTES);
    const reb = await sealedAsZlib(primitives, new Uint8Array(deflateSync(whole)));
    expect(await opened(primitives, reb)).toHaveLength(MAX_BUNDLE_BYTES);
  });
});

function changedAtEnd(bytes: Uint8Array): Uint8Array {
  const changed = new Uint8Array(bytes);
  changed[bytes.length - 1] = (changed[bytes.length - 1] ?? 0) ^ 1;
  return changed;
}

describe('a bomb', () => {
  const MIB = 1024 * 1024;
  const BOMB_MIB = 128;

  /** Made piece by piece, so that it costs no memory here. */
  async function makeBomb(): Promise<Uint8Array<ArrayBuffer>> {
    const pieces = Array<Uint8Array>(BOMB_MIB).fill(new Uint8Array(MIB));
    const deflated = Readable.from(pieces).pipe(createDeflate({ level: 9 }));
    return new Uint8Array(Buffer.concat(await deflated.toArray()));
  }

  /** By how many MiB the peak of this process's memory has grown; a peak never falls. */
  async function growthMib(work: () => unknown): Promise<number> {
    const before = process.resourceUsage().maxRSS;
    await work();
    return (process.resourceUsage().maxRSS - before) / 1024;
  }

  // The twin must be last: after it, the peak is so high that nothing is seen any more.
  it.each(RUNTIMES)('costs no memory over %s', async (_name, primitives) => {
    const bomb = await makeBomb();
    const grown = await growthMib(async () => {
      expect(await primitives.inflate(bomb, MAX_BUNDLE_BYTES)).toBeNull();
    });
    expect(grown).toBeLessThan(BOMB_MIB / 4);
  });

  it('costs all of it to whoever inflates first and looks then', async () => {
    const bomb = await makeBomb();
    const grown = await growthMib(async () => {
      const stream = new Blob([bomb]).stream().pipeThrough(new DecompressionStream('deflate'));
      expect((await new Response(stream).arrayBuffer()).byteLength).toBe(BOMB_MIB * MIB);
    });
    expect(grown).toBeGreaterThan(BOMB_MIB / 2);
  });
});
