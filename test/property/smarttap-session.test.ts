import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  createTerminal,
  createWallet,
  decodeResponse,
  noblePrimitives,
  type PassDecision,
  type Primitives,
  type TapResult,
  type WalletPass,
} from '../../src/smarttap/index.ts';
import { sized } from '../support/proof.ts';
import { serviceObjectArbitrary } from '../support/smart-tap-arbitraries.ts';
import {
  COLLECTOR,
  collectorKey,
  HandMadeTerminal,
  KEY_VERSION,
  openssl,
  SENT,
  strangerKey,
  terminalWith,
  walletWith,
} from '../support/smart-tap-stage.ts';

/** Long enough for a machine that is five times slower. */
const LONG_MS = 240_000;

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const issuer = fc.record({ type: fc.nat(255), id: bytes(4) }, { noNullPrototype: true });
const pass: fc.Arbitrary<WalletPass> = fc
  .tuple(serviceObjectArbitrary, issuer, fc.string({ unit: 'binary', maxLength: 120 }))
  .map(([{ type, oid, fields }, from, value]) => ({
    issuer: from,
    type,
    objectId: oid,
    value,
    fields,
  }));
const customer = fc.record(
  { issuer, id: bytes(16), language: fc.option(fc.constantFrom('en', 'zh-CN')) },
  { noNullPrototype: true },
);
const sending = fc.record(
  {
    outcome: fc.constant('send' as const),
    passes: fc
      .tuple(pass, fc.array(pass, { maxLength: 3 }))
      .map(([one, more]) => [one, ...more] as const),
    customer: fc.option(customer),
  },
  { noNullPrototype: true },
) as fc.Arbitrary<Extract<PassDecision, { outcome: 'send' }>>;

const style = fc.record({
  zlib: fc.boolean(),
  commandStream: fc.constantFrom('S' as const, 'K' as const),
  secondSelect: fc.constantFrom('when-needed' as const, 'always' as const),
  maxResponseBytes: fc.integer({ min: 40, max: 249 }),
});
type Style = typeof style extends fc.Arbitrary<infer S> ? S : never;

interface Runtimes {
  readonly terminal: Primitives;
  readonly wallet: Primitives;
}

function tapped(decision: PassDecision, how: Style, runtimes: Runtimes): Promise<TapResult> {
  const { maxResponseBytes, ...options } = how;
  const wallet = createWallet({
    primitives: runtimes.wallet,
    maxResponseBytes,
    collectorKey: () => collectorKey.publicKey,
    decide: () => decision,
  });
  const terminal = createTerminal({
    primitives: runtimes.terminal,
    collectorId: COLLECTOR,
    keys: [{ version: KEY_VERSION, privateKey: collectorKey.privateKey }],
    ...options,
  });
  return terminal.tap((command) => wallet.handle(command));
}

describe('what was decided is what the terminal reads', () => {
  const reads = (runtimes: Runtimes) =>
    fc.asyncProperty(sending, style, async (decision, how) => {
      const result = await tapped(decision, how, runtimes);
      expect(result).toMatchObject({ status: 'passes', statusWord: 0x9000, fault: null });
      expect(result.passes.map(sentPass)).toEqual(decision.passes.map(plainPass));
      // Without `pcr` a customer who would cost a second part stays untold.
      const isOnePart = result.exchanges.every(({ name }) => name !== 'get-more-data');
      const mayBeUntold = !how.zlib && isOnePart && result.customer === null;
      const { customer: told } = mayBeUntold ? { customer: null } : decision;
      expect(result.customer?.id ?? null).toEqual(told?.id ?? null);
      expect(result.customer?.language ?? null).toBe(told?.language ?? null);
    });

  it.each([
    ['OpenSSL', 'OpenSSL', openssl, openssl, 300],
    ['@noble', 'OpenSSL', noblePrimitives, openssl, 10],
    ['OpenSSL', '@noble', openssl, noblePrimitives, 10],
    ['@noble', '@noble', noblePrimitives, noblePrimitives, 10],
  ])(
    'terminal over %s, wallet over %s',
    async (_one, _other, terminal, wallet, numRuns) => {
      await fc.assert(reads({ terminal, wallet }), { numRuns });
    },
    LONG_MS,
  );
});

function plainPass({ issuer: from, type, objectId, value, fields }: WalletPass) {
  return { issuer: from, type, objectId, value, fields: fields ?? {} };
}

function sentPass({ issuer: from, type, objectId, value, object }: TapResult['passes'][number]) {
  return { issuer: from, type, objectId, value, fields: object.fields };
}

/** The claims that a terminal can make, true and false, against a wallet over those primitives. */
function reachesItsCollectorAlone(primitives: Primitives) {
  const claim = fc.record({
    collectorId: fc.constantFrom(COLLECTOR, COLLECTOR + 1),
    keyVersion: fc.constantFrom(KEY_VERSION, KEY_VERSION + 1),
    privateKey: fc.constantFrom(collectorKey.privateKey, strangerKey.privateKey),
    live: fc.boolean(),
    ofThisTap: fc.boolean(),
    sequence: fc.nat(254),
    ahead: fc.integer({ min: -1, max: 2 }),
  });
  return fc.asyncProperty(claim, async ({ ofThisTap, ahead, ...changes }) => {
    const wallet = walletWith({ primitives });
    const terminal = new HandMadeTerminal(wallet);
    await terminal.selectOse();
    const negotiation = terminal.negotiation(changes);
    if (!ofThisTap) wallet.reset();
    const { sw } = await terminal.send(negotiation);
    const { collectorId } = changes;
    const sequence = Math.min(255, Math.max(0, changes.sequence + ahead));
    const heard = await terminal.getData({ collectorId, sequence });
    const known = collectorId === COLLECTOR && changes.keyVersion === KEY_VERSION;
    const proved = known && changes.privateKey === collectorKey.privateKey;
    // What was signed for no tap in particular is as good in this one, and worth nothing.
    const accepted = proved && (ofThisTap || !changes.live);
    expect(sw).toBe(accepted ? (changes.live ? '9000' : '9002') : '9500');
    const sent = accepted && changes.live && sequence > changes.sequence;
    expect(heard.sw === '9000').toBe(sent);
    expect(heard.data.length > 100).toBe(sent);
  });
}

describe('a pass reaches the collector that has proved itself live, and no other', () => {
  it(
    'from our wallet',
    () => fc.assert(reachesItsCollectorAlone(openssl), { numRuns: 300 }),
    LONG_MS,
  );

  it('but not from one that believes every signature', async () => {
    const believing = reachesItsCollectorAlone({ ...openssl, verify: () => true });
    expect((await fc.check(believing, { numRuns: 300 })).failed).toBe(true);
  });
});

test(
  'a wallet answers whatever it is sent',
  async () => {
    const terminal = new HandMadeTerminal(walletWith());
    const valid = fc.constantFrom(
      terminal.negotiation(),
      terminal.dataRequest(),
      terminal.pushed(3),
    );
    const mangled = fc.tuple(valid, fc.nat(), fc.uint8Array({ maxLength: 4 })).map(cutIn);
    const command = fc.oneof(valid, mangled, fc.uint8Array({ maxLength: 300 }));
    await fc.assert(
      fc.asyncProperty(fc.array(command, { maxLength: 6 }), async (commands) => {
        const wallet = walletWith();
        for (const one of commands) decodeResponse(await wallet.handle(one));
      }),
      { numRuns: sized(500, 20_000) },
    );
  },
  LONG_MS,
);

/** Writes over some bytes, wherever they fall. */
function cutIn([message, place, over]: [Uint8Array, number, Uint8Array]): Uint8Array {
  const changed = new Uint8Array(message);
  const offset = place % message.length;
  changed.set(over.subarray(0, message.length - offset), offset);
  return changed;
}

test(
  'a terminal comes to an end, whatever it hears',
  async () => {
    const answers = [walletWith(), walletWith({ decide: () => SENT })];
    const word = fc.constantFrom('9000', '9100', '6102', '9200', '9500', '6a82');
    const heard = fc.oneof(
      fc.uint8Array({ maxLength: 300 }).map((one) => ({ kind: 'bytes' as const, bytes: one })),
      word.map((sw) => ({
        kind: 'bytes' as const,
        bytes: Uint8Array.from(Buffer.from(sw, 'hex')),
      })),
      fc.nat(1).map((which) => ({ kind: 'wallet' as const, which })),
    );
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(heard), async (stream) => {
        const result = await terminalWith().tap(async (command) => {
          const { value } = stream.next();
          if (value?.kind === 'bytes') return value.bytes;
          return answers[value?.which ?? 0]?.handle(command) ?? new Uint8Array();
        });
        expect(result.exchanges.length).toBeLessThan(5000);
      }),
      { numRuns: sized(500, 20_000) },
    );
  },
  LONG_MS,
);
