import { describe, expect, it, test } from 'vitest';
import {
  decodeBundle,
  decodeResponse,
  encodeBundle,
  type Primitives,
  type TapResult,
  toHex,
} from '../../src/smarttap/index.ts';
import { sized } from '../support/proof.ts';
import { type Recording, record } from '../support/smart-tap-recording.ts';
import { COLLECTOR, openssl } from '../support/smart-tap-stage.ts';

/** Long enough for a slow machine, and for all changes under `npm run proof`. */
const LONG_MS = sized(240_000, 3_600_000);

/** What a byte is changed by: three changes for each, and all 255 under `npm run proof`. */
const CHANGES = [0x01, 0x80, 0xff, ...Array.from({ length: 254 }, (_, index) => index + 1)]
  .filter((change, index, all) => all.indexOf(change) === index)
  .slice(0, sized(3, 255));

/** Every truncation of a message, and the message with every byte changed. */
function* damaged(message: Uint8Array, changes: readonly number[]): Generator<Uint8Array> {
  for (let length = 0; length < message.length; length++) yield message.subarray(0, length);
  for (let offset = 0; offset < message.length; offset++) {
    for (const change of changes) {
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

describe.each(RECORDINGS)('a session %s', (_name, zlib, maxResponseBytes) => {
  it('that is gone through once more is the same', async () => {
    const recording = await record(zlib, maxResponseBytes, openssl);
    const { responses } = await recording.handset(commandsOf(recording));
    const answers = recording.exchanges.map(({ response }) => toHex(response));
    expect(responses.map(toHex)).toEqual(answers);
    expect(recording.result).toMatchObject({ status: 'passes', push: { acknowledged: true } });
    expect(await readIfWhole(recording, responses)).toBe(bundleOf(recording));
    const again = await recording.terminal(answering(recording, responses));
    expect(again).toEqual(recording.result);
  });

  it(
    'with any command damaged gives its passes to that terminal, or to nobody',
    async () => {
      const recording = await record(zlib, maxResponseBytes, openssl);
      const commands = commandsOf(recording);
      let given = 0;
      for (const [index, command] of commands.entries()) {
        for (const changed of damaged(command, CHANGES)) {
          const { responses, asked } = await recording.handset(commands.with(index, changed));
          const bundle = await readIfWhole(recording, responses);
          expect([null, bundleOf(recording), bundleWithoutCustomer(recording)]).toContain(bundle);
          const strangers = asked.filter(
            ({ collectorId, authentication }) =>
              collectorId !== COLLECTOR || authentication !== 'live',
          );
          expect(strangers).toEqual([]);
          if (bundle !== null) given++;
        }
      }
      expect(given).toBeGreaterThan(0);
    },
    LONG_MS,
  );

  it(
    'with any answer damaged is read as it was, or not at all',
    async () => {
      const recording = await record(zlib, maxResponseBytes, openssl);
      const results = await readDamaged(recording, CHANGES);
      for (const { status, passes, bundle } of results) {
        expect(passes.length > 0).toBe(status === 'passes');
        if (status === 'passes') expect(passes).toEqual(recording.result.passes);
        expect([null, bundleOf(recording)]).toContain(bundle && toHex(bundle));
      }
      expect(results.some(({ status }) => status === 'passes')).toBe(true);
    },
    LONG_MS,
  );
});

test('with an answer damaged, a terminal that believes every seal reads another pass', async () => {
  const believer: Primitives = { ...openssl, hmacSha256: () => new Uint8Array(32) };
  const recording = await record(false, 249, believer);
  const results = await readDamaged(recording, [0x01]);
  const bundles = results.map(({ bundle }) => bundle && toHex(bundle));
  const others = bundles.filter((bundle) => bundle !== null && bundle !== bundleOf(recording));
  expect(others.length).toBeGreaterThan(20);
});

/** What the recording's terminal makes of each answer that is damaged. */
async function readDamaged(recording: Recording, changes: readonly number[]): Promise<TapResult[]> {
  const answers = recording.exchanges.map(({ response }) => response);
  const results: TapResult[] = [];
  for (const [index, answer] of answers.entries()) {
    for (const changed of damaged(answer, changes)) {
      const heard = answering(recording, answers.with(index, changed));
      results.push(await recording.terminal(heard));
    }
  }
  return results;
}

const commandsOf = ({ exchanges }: Recording) => exchanges.map(({ command }) => command);

function bundleOf({ result }: Recording): string {
  return toHex(result.bundle ?? new Uint8Array());
}

/** Damaged, `pcr` may be missing, and then the customer is left out where only that saves a part. */
function bundleWithoutCustomer({ result }: Recording): string {
  const objects = decodeBundle(result.bundle ?? new Uint8Array());
  return toHex(encodeBundle(objects.filter(({ object }) => object.type !== 'cus')));
}

/** What the answers to GET DATA and to what follows it hold; null if they are not a whole answer. */
async function readIfWhole(recording: Recording, responses: readonly Uint8Array[]) {
  const parts = responses
    .filter((_, index) => /^get-(?:more-)?data$/.test(recording.exchanges[index]?.name ?? ''))
    .map((response) => decodeResponse(response));
  const whole = parts.every(({ sw }, index) => sw === (index < parts.length - 1 ? 0x9100 : 0x9000));
  return whole ? recording.read(parts.map(({ data }) => data)) : null;
}

/** Says those answers, each to a command of the kind to which it belongs. */
function answering({ exchanges }: Recording, answers: readonly Uint8Array[]) {
  const left = exchanges.map(({ command }, index) => ({ command, answer: answers[index] }));
  return async (command: Uint8Array): Promise<Uint8Array> => {
    // The instruction, and of a SELECT the first byte of what is selected.
    const index = left.findIndex(
      (one) =>
        one.command[1] === command[1] && (command[1] !== 0xa4 || one.command[5] === command[5]),
    );
    const [said] = index < 0 ? [] : left.splice(index, 1);
    return said?.answer ?? Uint8Array.of(0x6d, 0x00);
  };
}
