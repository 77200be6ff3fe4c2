import { describe, expect, it, vi } from 'vitest';
import { equalBytes } from '../../src/smarttap/bytes.ts';
import { type HandMadeTerminal, inField, KEY_VERSION, SENT } from '../support/smart-tap-stage.ts';

/** Sends recorded commands in that order, and tells each with its answer. */
async function heard(
  terminal: HandMadeTerminal,
  recorded: Readonly<Record<string, Uint8Array>>,
  order: string,
): Promise<string> {
  const told: string[] = [];
  for (const name of order.split(' ')) {
    const { sw } = await terminal.send(recorded[name] ?? new Uint8Array());
    told.push(`${name} ${sw}`);
  }
  return told.join(', ');
}

const OTHER_SESSION = new Uint8Array(8).fill(8);
const OTHER_NONCE = new Uint8Array(32).fill(9);

/** Two negotiations of one collector in one tap, each with a GET DATA, and one that proves nothing. */
async function twoNegotiations(second: { readonly sessionId?: Uint8Array }) {
  const decide = vi.fn(() => SENT);
  const terminal = inField({ decide });
  await terminal.selectOse();
  const recorded = {
    NA: terminal.negotiation(),
    GA: terminal.dataRequest({ sequence: 3 }),
    NB: terminal.negotiation({ ...second, terminalNonce: OTHER_NONCE }),
    GB: terminal.dataRequest({ ...second, sequence: 3 }),
    bad: terminal.negotiation({ keyVersion: 99 }),
    PX: terminal.pushed(0, { sessionId: new Uint8Array(8).fill(7) }),
  };
  return { terminal, recorded, decide };
}

describe('a negotiation that comes again in a tap, byte for byte', () => {
  it.each([
    ['at once', 'NA NA GA', 'NA 9000, NA 9000, GA 9000'],
    ['after its data', 'NA GA NA GA', 'NA 9000, GA 9000, NA 9000, GA 9402'],
    ['after another', 'NA GA NB GB NA GA', 'NA 9000, GA 9000, NB 9000, GB 9000, NA 9000, GA 9402'],
    [
      'after one that proved nothing',
      'NA GA bad NA GA',
      'NA 9000, GA 9000, bad 9500, NA 9000, GA 9402',
    ],
    [
      'after a push of no session',
      'NA GA bad PX NA GA',
      'NA 9000, GA 9000, bad 9500, PX 9000, NA 9000, GA 9402',
    ],
  ])('%s, goes on where its counting ended', async (_name, order, told) => {
    for (const second of [{}, { sessionId: OTHER_SESSION }]) {
      const { terminal, recorded, decide } = await twoNegotiations(second);
      expect(await heard(terminal, recorded, order)).toBe(told);
      expect(decide).toHaveBeenCalledTimes(told.split(/G. 9000/).length - 1);
    }
  });
});

describe('a negotiation with the session id and nonce of one before', () => {
  it('that is live where the first was pre-signed counts anew', async () => {
    const terminal = inField();
    await terminal.begin({ live: false });
    expect((await terminal.getData({ sequence: 3 })).sw).toBe('9001');
    expect((await terminal.negotiate()).sw).toBe('9000');
    expect((await terminal.getData({ sequence: 3 })).sw).toBe('9000');
  });

  it.each<[string, (terminal: HandMadeTerminal) => Uint8Array]>([
    ['another signature', (terminal) => terminal.negotiation()],
    [
      'another ephemeral key',
      (terminal) => terminal.negotiation({ terminalPublicKey: inField().keyPair.publicKey }),
    ],
    ['another number', (terminal) => terminal.negotiation({ sequence: 2 })],
  ])('but %s counts anew, and mends a session that was refused', async (_name, anew) => {
    const terminal = inField();
    await terminal.selectOse();
    const first = terminal.negotiation();
    expect((await terminal.send(first)).sw).toBe('9000');
    expect((await terminal.getData({ sequence: 3 })).sw).toBe('9000');
    expect((await terminal.getData({ sequence: 3 })).sw).toBe('9402');
    const second = anew(terminal);
    expect(equalBytes(second, first)).toBe(false);
    expect((await terminal.send(second)).sw).toBe('9000');
    expect((await terminal.getData({ sequence: 3 })).sw).toBe('9000');
  });
});

describe('a session that is over', () => {
  it.each<[string, (terminal: HandMadeTerminal) => Promise<unknown>]>([
    ['by a number that did not rise', (terminal) => terminal.getData({ sequence: 1 })],
    ['by a negotiation that failed', (terminal) => terminal.negotiate({ keyVersion: 99 })],
  ])('%s, is not told as no pass, and another negotiation helps', async (_name, end) => {
    const terminal = inField();
    await terminal.begin();
    await end(terminal);
    expect(await terminal.getData({ sequence: 9 })).toEqual({ sw: '9203', data: new Uint8Array() });
    await terminal.negotiate();
    expect((await terminal.getData({ sequence: 3 })).sw).toBe('9000');
  });
});

describe('the seventeenth negotiation of a tap', () => {
  it.each([
    ['accepted', KEY_VERSION, '9000'],
    ['refused', KEY_VERSION + 1, '9500'],
  ])('is one too many where the others were %s', async (_name, keyVersion, sw) => {
    const terminal = inField();
    await terminal.selectOse();
    for (let turn = 0; turn < 16; turn++) {
      expect((await terminal.negotiate({ keyVersion })).sw).toBe(sw);
    }
    expect((await terminal.negotiate({ keyVersion })).sw).toBe('9406');
  });
});
