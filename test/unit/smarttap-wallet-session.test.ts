import { describe, expect, it, vi } from 'vitest';
import { concatBytes, equalBytes, toHex } from '../../src/smarttap/bytes.ts';
import {
  createWallet,
  decodeSrs,
  encodeSmartTapCommand,
  handleCommand,
  openTap,
  type PassDecision,
  SmartTapError,
  type Wallet,
  type WalletOptions,
  type WalletTap,
} from '../../src/smarttap/index.ts';
import { hex, refusalOf } from '../support/smart-tap.ts';
import {
  begun,
  collectorKey,
  HandMadeTerminal,
  inField,
  LONG,
  NO_PASS,
  openssl,
  SENT,
  SESSION_ID,
  walletWith,
} from '../support/smart-tap-stage.ts';

/** Numbers of NEGOTIATE and of the commands after it, each with whether it is taken. */
const STREAMS: readonly [string, number, readonly [number, boolean][]][] = [
  [
    'S: 1 3 5',
    1,
    [
      [3, true],
      [5, true],
    ],
  ],
  [
    'K, G: 0 1 2',
    0,
    [
      [1, true],
      [2, true],
    ],
  ],
  [
    'U, P: retries by two',
    3,
    [
      [7, true],
      [9, true],
      [11, true],
    ],
  ],
  [
    'any greater number',
    1,
    [
      [2, true],
      [200, true],
      [255, true],
    ],
  ],
  ['early U: the same again', 0, [[0, false]]],
  [
    'a replay',
    1,
    [
      [3, true],
      [3, false],
    ],
  ],
  [
    'a number that goes back',
    1,
    [
      [9, true],
      [8, false],
    ],
  ],
  [
    'a number that begins anew',
    254,
    [
      [255, true],
      [0, false],
    ],
  ],
];

describe('sequence numbers', () => {
  it.each(STREAMS)('%s', async (_name, first, commands) => {
    const terminal = inField();
    await terminal.begin({ sequence: first });
    for (const [sequence, taken] of commands) {
      const { sw, data } = await terminal.getData({ sequence });
      expect([sequence, sw]).toEqual([sequence, taken ? '9000' : '9402']);
      const { ses, reb } = decodeSrs(data);
      const answered = { sequence: (sequence + 1) % 256, status: taken ? 1 : 4 };
      expect(ses).toEqual({ sessionId: SESSION_ID, ...answered });
      expect(reb !== null).toBe(taken);
    }
  });

  it('a number that was refused ends the session', async () => {
    const terminal = await begun();
    await terminal.getData({ sequence: 3 });
    expect((await terminal.getData({ sequence: 3 })).sw).toBe('9402');
    expect((await terminal.getData({ sequence: 5 })).sw).toBe('9203');
  });

  it('a whole session sent once more yields nothing once more', async () => {
    const decide = vi.fn(() => SENT);
    const terminal = inField({ decide });
    await terminal.selectOse();
    const recorded = [terminal.negotiation(), terminal.dataRequest({ sequence: 3 })];
    const heard = [];
    for (const apdu of [...recorded, ...recorded]) heard.push((await terminal.send(apdu)).sw);
    expect(heard).toEqual(['9000', '9000', '9000', '9402']);
    expect(decide).toHaveBeenCalledTimes(1);
  });

  it('a new negotiation counts anew, with the same session id too', async () => {
    const terminal = await begun();
    expect((await terminal.getData({ sequence: 3 })).sw).toBe('9000');
    await terminal.negotiate({ sequence: 0, terminalNonce: new Uint8Array(32).fill(4) });
    expect((await terminal.getData({ sequence: 1 })).sw).toBe('9000');
  });

  it('a terminal that is to try again does so with a greater number', async () => {
    const outcomes: PassDecision[] = [{ outcome: 'retry' }, SENT];
    const terminal = await begun({ decide: () => outcomes.shift() ?? NO_PASS });
    expect((await terminal.getData({ sequence: 3 })).sw).toBe('9200');
    expect((await terminal.getData({ sequence: 5 })).sw).toBe('9000');
  });
});

describe('parts', () => {
  async function fetchAll(terminal: HandMadeTerminal) {
    const parts = [await terminal.getData()];
    while (parts.at(-1)?.sw === '9100') parts.push(await terminal.getMoreData());
    return parts;
  }

  it.each([249, 100, 1])('of at most %i bytes are one message together', async (bytes) => {
    const terminal = await begun({ decide: () => LONG, maxResponseBytes: bytes });
    const parts = await fetchAll(terminal);
    const whole = concatBytes(...parts.map(({ data }) => data));
    expect(parts.slice(0, -1).every(({ data }) => data.length === bytes)).toBe(true);
    expect(parts).toHaveLength(Math.ceil(whole.length / bytes));
    expect(parts.at(-1)?.sw).toBe('9000');
    expect(decodeSrs(whole).reb).not.toBeNull();
    expect((await terminal.getMoreData()).sw).toBe('9405');
    expect((await terminal.getMoreData()).sw).toBe('9405');
  });

  it('keep the last word for the last part', async () => {
    const parts = await fetchAll(await begun({ decide: () => LONG, readyToPay: () => false }));
    expect(parts.map(({ sw }) => sw)).toEqual(['9100', '9100', '9100', '9100', '9101']);
  });

  it.each<[string, (terminal: HandMadeTerminal) => Promise<unknown>]>([
    ['nothing', async () => undefined],
    ['a negotiation', (terminal) => terminal.negotiate()],
    ['an answer without data', (terminal) => terminal.getData({ sessionId: new Uint8Array(8) })],
  ])('there are none after %s', async (_name, before) => {
    const terminal = await begun();
    await before(terminal);
    expect((await terminal.getMoreData()).sw).toBe('9404');
  });

  it('that fit in one answer were all sent', async () => {
    const terminal = await begun();
    expect((await terminal.getData()).sw).toBe('9000');
    expect((await terminal.getMoreData()).sw).toBe('9405');
  });

  it.each<[string, (terminal: HandMadeTerminal) => Promise<unknown>]>([
    ['SELECT', (terminal) => terminal.selectOse()],
    ['PUSH DATA', (terminal) => terminal.push(9)],
    ['a command that is none', (terminal) => terminal.send(hex('90'))],
  ])('are given up when %s comes between', async (_name, between) => {
    const terminal = await begun({ decide: () => LONG });
    expect((await terminal.getData()).sw).toBe('9100');
    await between(terminal);
    expect((await terminal.getMoreData()).sw).toBe('9404');
  });

  it.each([0, 250, 256, 1.5])('cannot be of %d bytes', (maxResponseBytes) => {
    expect(refusalOf(() => walletWith({ maxResponseBytes }))).toBe(
      'wrong-value wallet/maxResponseBytes',
    );
  });
});

describe('a tap that somebody keeps between two commands', () => {
  const options: WalletOptions = {
    primitives: openssl,
    collectorKey: () => collectorKey.publicKey,
    decide: () => LONG,
  };

  /** A wallet whose tap is text after every command. */
  function throughText(): Wallet {
    let kept = JSON.stringify(openTap(openssl), bytesAsHex);
    return {
      handle: async (apdu) => {
        const before = JSON.parse(kept, hexAsBytes) as WalletTap;
        const { tap, response } = await handleCommand(options, before, apdu);
        kept = JSON.stringify(tap, bytesAsHex);
        return response;
      },
      reset: () => undefined,
    };
  }

  const bytesAsHex = (_name: string, value: unknown) =>
    value instanceof Uint8Array ? { hex: toHex(value) } : value;
  const hexAsBytes = (_name: string, value: { readonly hex?: string } | null) =>
    value?.hex === undefined ? value : hex(value.hex);

  it('is plain data: a session goes on from text', async () => {
    const terminal = new HandMadeTerminal(throughText());
    await terminal.begin();
    const heard = [await terminal.getData(), await terminal.getMoreData()];
    expect(heard.map(({ sw }) => sw)).toEqual(['9100', '9100']);
    expect((await terminal.getData({ sequence: 3 })).sw).toBe('9402');
  });

  it('is not changed by a command: the same one gets the same answer', async () => {
    const tap = openTap(openssl);
    const select = encodeSmartTapCommand({ name: 'select-ose' });
    const before = JSON.stringify(tap, bytesAsHex);
    const [first, second] = [
      await handleCommand(options, tap, select),
      await handleCommand(options, tap, select),
    ];
    expect(equalBytes(first.response, second.response)).toBe(true);
    expect(JSON.stringify(tap, bytesAsHex)).toBe(before);
  });
});

describe('a wallet in memory', () => {
  it('answers commands that come at once one after the other', async () => {
    const wallet = walletWith({
      decide: async () => {
        await new Promise((resolve) => setImmediate(resolve));
        return LONG;
      },
    });
    const terminal = new HandMadeTerminal(wallet);
    await terminal.begin();
    const heard = await Promise.all([
      terminal.getData({ sequence: 3 }),
      terminal.getMoreData(),
      terminal.getData({ sequence: 3 }),
      terminal.getMoreData(),
    ]);
    expect(heard.map(({ sw }) => sw)).toEqual(['9100', '9100', '9402', '9404']);
  });

  it('forgets the tap when the phone leaves, also one that is being answered', async () => {
    const wallet = walletWith();
    const terminal = new HandMadeTerminal(wallet);
    await terminal.begin();
    const late = terminal.getData();
    wallet.reset();
    expect((await late).sw).toBe('9000');
    expect((await terminal.getData({ sequence: 5 })).sw).toBe('9001');
  });

  it('needs no primitives to be given', async () => {
    const wallet = createWallet({
      collectorKey: () => collectorKey.publicKey,
      decide: () => SENT,
    });
    const terminal = new HandMadeTerminal(wallet);
    await terminal.begin();
    expect((await terminal.getData()).sw).toBe('9000');
  });

  it('throws for options alone, and then its own error', () => {
    expect(() => walletWith({ maxResponseBytes: 0 })).toThrow(SmartTapError);
  });
});
