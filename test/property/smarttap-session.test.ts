import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  createTerminal,
  createWallet,
  decodeResponse,
  type Exchange,
  noblePrimitives,
  type PassDecision,
  type Primitives,
  type TapResult,
  toHex,
  type WalletPass,
} from '../../src/smarttap/index.ts';
import { sized } from '../support/proof.ts';
import { serviceObjectArbitrary } from '../support/smart-tap-arbitraries.ts';
import { type Recording, record } from '../support/smart-tap-recording.ts';
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
  maxResponseBytes: fc.integer({ min: 40, max: 256 }),
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
      expect(result.customer?.id ?? null).toEqual(decision.customer?.id ?? null);
      expect(result.customer?.language ?? null).toBe(decision.customer?.language ?? null);
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

test(
  'a pass reaches the collector that has proved itself live, and no other',
  async () => {
    const claim = fc.record({
      collectorId: fc.constantFrom(COLLECTOR, COLLECTOR + 1),
      keyVersion: fc.constantFrom(KEY_VERSION, KEY_VERSION + 1),
      privateKey: fc.constantFrom(collectorKey.privateKey, strangerKey.privateKey),
      live: fc.boolean(),
      ofThisTap: fc.boolean(),
      sequence: fc.nat(254),
      ahead: fc.integer({ min: -1, max: 2 }),
    });
    await fc.assert(
      fc.asyncProperty(claim, async ({ ofThisTap, ahead, ...changes }) => {
        const wallet = walletWith();
        const terminal = new HandMadeTerminal(wallet);
        await terminal.selectOse();
        const negotiation = terminal.negotiation(changes);
        if (!ofThisTap) wallet.reset();
        const { sw } = await terminal.send(negotiation);
        const { collectorId } = changes;
        const sequence = Math.min(255, Math.max(0, changes.sequence + ahead));
        const heard = await terminal.getData({ collectorId, sequence });
        const proved =
          collectorId === COLLECTOR &&
          changes.keyVersion === KEY_VERSION &&
          changes.privateKey === collectorKey.privateKey;
        const accepted = proved && (ofThisTap || !changes.live);
        expect(sw).toBe(accepted ? (changes.live ? '9000' : '9002') : '9500');
        const sent = accepted && changes.live && sequence > changes.sequence;
        expect(heard.sw === '9000').toBe(sent);
        expect(heard.data.length > 100).toBe(sent);
      }),
      { numRuns: 300 },
    );
  },
  LONG_MS,
);

/** What a byte is changed by: for the proof every other value that it can have. */
const CHANGES =
  sized(0, 1) === 0 ? [0x01, 0x80, 0xff] : Array.from({ length: 255 }, (_, index) => index + 1);

/** Every truncation of a message, and the message with every byte changed. */
function* damaged(message: Uint8Array): Generator<Uint8Array> {
  for (let length = 0; length < message.length; length++) yield message.subarray(0, length);
  for (let offset = 0; offset < message.length; offset++) {
    for (const change of CHANGES) {
      const changed = new Uint8Array(message);
      changed[offset] = (changed[offset] ?? 0) ^ change;
      yield changed;
    }
  }
}

const RECORDINGS: readonly [string, boolean, number][] = [
  ['in one answer, compressed', true, 249],
  ['in parts, not compressed', false, 120],
];

describe.each(RECORDINGS)('a session %s', (name, zlib, maxResponseBytes) => {
  it('is read by its own terminal, and by that alone', async () => {
    const recording = await record(name, zlib, maxResponseBytes);
    const { responses } = await recording.handset(commandsOf(recording));
    expect(responses.map(toHex)).toEqual(
      recording.exchanges.map(({ response }) => toHex(response)),
    );
    expect(recording.result).toMatchObject({ status: 'passes', push: { acknowledged: true } });
    expect(await recording.read(dataAnswers(recording, responses))).toBe(bundleOf(recording));
    const replayed = await recording.terminal(answering(recording, responses));
    expect(replayed).toEqual(recording.result);
  });

  it(
    'with any command damaged gives its passes to that terminal, or to nobody',
    async () => {
      const recording = await record(name, zlib, maxResponseBytes);
      const commands = commandsOf(recording);
      for (const [index, command] of commands.entries()) {
        for (const changed of damaged(command)) {
          const { responses, asked } = await recording.handset(commands.with(index, changed));
          for (const response of responses) decodeResponse(response);
          const right = asked.every(
            ({ collectorId, authentication }) =>
              collectorId === COLLECTOR && authentication === 'live',
          );
          expect(right).toBe(true);
          expect([null, bundleOf(recording)]).toContain(await readIfWhole(recording, responses));
        }
      }
    },
    LONG_MS,
  );

  it(
    'with any answer damaged is read as it was, or not at all',
    async () => {
      const recording = await record(name, zlib, maxResponseBytes);
      const answers = recording.exchanges.map(({ response }) => response);
      for (const [index, answer] of answers.entries()) {
        for (const changed of damaged(answer)) {
          const result = await recording.terminal(
            answering(recording, answers.with(index, changed)),
          );
          if (result.passes.length > 0) expect(result.passes).toEqual(recording.result.passes);
          else expect(result.status).not.toBe('passes');
          expect([null, bundleOf(recording)]).toContain(result.bundle && toHex(result.bundle));
        }
      }
    },
    LONG_MS,
  );
});

const commandsOf = ({ exchanges }: Recording) => exchanges.map(({ command }) => command);

function bundleOf({ result }: Recording): string {
  return toHex(result.bundle ?? new Uint8Array());
}

function isData({ name }: Exchange): boolean {
  return name === 'get-data' || name === 'get-more-data';
}

/** The answers to GET DATA and to what follows it. */
function dataAnswers({ exchanges }: Recording, responses: readonly Uint8Array[]): Uint8Array[] {
  return responses.filter((_, index) => {
    const exchange = exchanges[index];
    return exchange !== undefined && isData(exchange);
  });
}

/** What those answers hold; null if they are not a whole answer. */
async function readIfWhole(recording: Recording, responses: readonly Uint8Array[]) {
  const answers = dataAnswers(recording, responses);
  const words = answers.map((answer) => decodeResponse(answer).sw);
  const whole = words.every((sw, index) => sw === (index === words.length - 1 ? 0x9000 : 0x9100));
  return whole ? recording.read(answers) : null;
}

/** Says those answers, each to a command of the name to which it belongs. */
function answering({ exchanges }: Recording, answers: readonly Uint8Array[]) {
  const left = exchanges.map(({ name }, index) => ({ name, answer: answers[index] }));
  return async (command: Uint8Array): Promise<Uint8Array> => {
    const name = exchanges.find(
      (one) => one.command[1] === command[1] && one.command[5] === command[5],
    )?.name;
    const index = left.findIndex((one) => one.name === name);
    const [said] = index < 0 ? [] : left.splice(index, 1);
    return said?.answer ?? Uint8Array.of(0x6d, 0x00);
  };
}

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
