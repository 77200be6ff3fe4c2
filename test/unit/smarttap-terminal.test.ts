import { describe, expect, it } from 'vitest';
import {
  createTerminal,
  decodeSrq,
  encodeResponse,
  encodeSrs,
  type TapStatus,
  type TerminalOptions,
  toHex,
  type WalletOptions,
} from '../../src/smarttap/index.ts';
import { hex, refusalOf } from '../support/smart-tap.ts';
import {
  type Change,
  messagesOf,
  nameOf,
  namesOf,
  saying,
  tapped,
  withWord,
} from '../support/smart-tap-between.ts';
import {
  COLLECTOR,
  CUSTOMER,
  collectorKey,
  KEY_VERSION,
  LONG,
  NO_PASS,
  PASS,
  SENT,
  terminalWith,
  walletWith,
} from '../support/smart-tap-stage.ts';

/** What ends a tap, at whatever command it comes. */
const ENDINGS: readonly [string, TapStatus][] = [
  ['9200', 'try-again'],
  ['9201', 'try-again'],
  ['9203', 'try-again'],
  ['92ff', 'try-again'],
  ['9300', 'locked'],
  ['9302', 'choose'],
  ['9301', 'user-action'],
  ['93ff', 'user-action'],
  ['9400', 'terminal-error'],
  ['9402', 'terminal-error'],
  ['9403', 'terminal-error'],
  ['9404', 'terminal-error'],
  ['9405', 'terminal-error'],
  ['9406', 'terminal-error'],
  ['9407', 'terminal-error'],
  ['9408', 'terminal-error'],
  ['94ff', 'terminal-error'],
  ['9500', 'not-authenticated'],
  ['9502', 'version-unsupported'],
  ['95ff', 'refused'],
  ['6a82', 'no-smart-tap'],
  ['6999', 'not-default-wallet'],
  ['6d00', 'not-understood'],
  ['0000', 'not-understood'],
  ['9600', 'not-understood'],
  ['ffff', 'not-understood'],
];

describe.each(['select-ose', 'select-smart-tap', 'negotiate', 'get-data'] as const)(
  'a status word that answers %s',
  (name) => {
    it.each(ENDINGS)('%s is told as %s', async (sw, status) => {
      const stage = { terminal: { secondSelect: 'always' }, change: saying(name, sw) } as const;
      const result = await tapped(stage);
      expect(result).toMatchObject({ status, statusWord: Number.parseInt(sw, 16), passes: [] });
      expect(result).toMatchObject({ mustNotPay: false, customer: null, fault: null });
      expect(namesOf(result).at(-1)).toBe(name);
    });
  },
);

describe('GET DATA', () => {
  it.each([
    ['9000', false],
    ['9001', false],
    ['9003', false],
    ['90ff', false],
    ['9101', true],
    ['9102', true],
    ['91ff', true],
  ])('%s: the passes are read, must not pay: %s', async (sw, mustNotPay) => {
    const result = await tapped({ change: withWord('get-data', sw) });
    expect(result).toMatchObject({ status: 'passes', mustNotPay });
    expect(result).toMatchObject({ statusWord: Number.parseInt(sw, 16) });
  });

  it.each<[string, Partial<WalletOptions>, boolean]>([
    ['no body', { decide: () => NO_PASS }, false],
    ['a customer alone', { decide: () => ({ ...NO_PASS, customer: CUSTOMER }) }, true],
  ])('without a pass, %s', async (_name, wallet, known) => {
    const result = await tapped({ wallet });
    expect(result).toMatchObject({ status: 'no-pass', statusWord: 0x9001, passes: [] });
    expect(result.customer !== null).toBe(known);
  });

  it('without a pass, a session alone', async () => {
    const result = await tapped({
      change: (name, response) => {
        if (name !== 'get-data') return null;
        const { ses } = readSes(response);
        return encodeResponse({ data: encodeSrs({ ses, reb: null }), sw: 0x9001 });
      },
    });
    expect(result).toMatchObject({ status: 'no-pass', statusWord: 0x9001, fault: null });
  });

  /** The answer without its bundle, as one flipped bit of the name `reb` leaves it. */
  const withoutBundle = (sw: number, status = 1): Change => {
    return (name, response) => {
      if (name !== 'get-data') return null;
      const { ses } = readSes(response);
      return encodeResponse({ data: encodeSrs({ ses: { ...ses, status }, reb: null }), sw });
    };
  };
  const renamed: Change = (name, response) => {
    if (name !== 'get-data') return null;
    const at = response.findIndex(
      (_, index) => toHex(response.subarray(index, index + 3)) === '726562',
    );
    return response.with(at, 0x73);
  };

  it.each<[string, Change, string]>([
    ['9000 alone', saying('get-data', '9000'), 'srs[0]/header'],
    ['9101 alone', saying('get-data', '9101'), 'srs[0]/header'],
    ['9003 alone', saying('get-data', '9003'), 'srs[0]/header'],
    ['9000 without a bundle', withoutBundle(0x9000), 'srs/reb'],
    ['9000 without a bundle, status 04', withoutBundle(0x9000, 4), 'srs/reb'],
    ['9101 without a bundle', withoutBundle(0x9101), 'srs/reb'],
    ['a bundle of another name', renamed, 'srs/reb'],
  ])('%s does not say that there is no pass', async (_name, change, field) => {
    const result = await tapped({ change });
    expect(result).toMatchObject({ status: 'malformed', passes: [], fault: { field } });
  });

  it.each([0x9001, 0x9102])('%i without a bundle says so', async (sw) => {
    expect((await tapped({ change: withoutBundle(sw) })).status).toBe('no-pass');
  });

  it('reads all passes, with their issuers and further fields, and the customer', async () => {
    const fields = { p: { language: '', text: '1234' } };
    const card = { ...PASS, type: 'gc', objectId: hex('aa'), value: '碰一碰', fields } as const;
    const wallet = {
      decide: () => ({ ...SENT, passes: [PASS, card] as const, customer: CUSTOMER }),
    };
    const result = await tapped({ wallet });
    expect(result.passes).toMatchObject([
      { type: 'ly', objectId: PASS.objectId, value: '2018', issuer: PASS.issuer },
      { type: 'gc', objectId: hex('aa'), value: '碰一碰', object: { fields } },
    ]);
    expect(result.customer).toMatchObject({ ...CUSTOMER, deviceId: null });
    expect(result.customer?.tapId).toHaveLength(16);
  });

  it('knows the customer again, and each tap apart', async () => {
    const wallet = { decide: () => ({ ...SENT, customer: CUSTOMER }) };
    const [first, second] = [await tapped({ wallet }), await tapped({ wallet })];
    expect(first.customer?.id).toEqual(second.customer?.id);
    expect(first.customer?.tapId).not.toEqual(second.customer?.tapId);
  });

  it('asks for what it is set to', async () => {
    const merchant = { locationId: 'S1', terminalId: 'T1', name: '店', categoryCode: '5814' };
    const terminal = { merchant, serviceTypes: [3, 4], tapMode: 'passOverPayment' } as const;
    const [message = hex('')] = messagesOf(await tapped({ terminal }), 'get-data');
    expect(decodeSrq(message)).toMatchObject({
      version: 1,
      mer: { cld: COLLECTOR, mnr: { language: '', text: '店' }, mcr: { format: 1 } },
      slr: [3, 4],
      pcr: { system: 0x40, tapMode: 8 },
    });
  });

  it.each([
    [true, true],
    [false, false],
  ])('zlib %s: says so, and the answer is', async (zlib, compressed) => {
    const result = await tapped({ terminal: { zlib }, wallet: { decide: () => LONG } });
    expect(result.passes[0]?.value).toBe('v'.repeat(1000));
    expect(result.exchanges.length > 5).toBe(!compressed);
  });
});

function readSes(response: Uint8Array) {
  // The answer is srs { ses, reb }: a header of 6 bytes or of 9, then the session of 16.
  const start = (response[0] ?? 0) & 0x10 ? 6 : 9;
  const ses = response.subarray(start + 6, start + 16);
  const [sequence = 0, status = 0] = ses.subarray(8);
  return { ses: { sessionId: ses.subarray(0, 8), sequence, status } };
}

describe('an answer in parts', () => {
  it.each([249, 100, 10])('of %i bytes is put together', async (maxResponseBytes) => {
    const wallet = { decide: () => LONG, maxResponseBytes };
    const result = await tapped({ wallet, terminal: { zlib: false } });
    expect(result.passes[0]?.value).toBe('v'.repeat(1000));
    expect(namesOf(result).filter((name) => name === 'get-more-data').length).toBeGreaterThan(3);
  });

  it('that never ends is given up', async () => {
    const result = await tapped({
      change: saying('get-more-data', '9100'),
      wallet: { decide: () => LONG },
      terminal: { zlib: false },
    });
    expect(result).toMatchObject({ status: 'malformed', fault: { code: 'too-long' } });
    expect(result.exchanges.length).toBeLessThan(3000);
  });

  it('that fails in the middle is asked for anew, with a new number', async () => {
    const result = await tapped({
      wallet: { decide: () => LONG },
      terminal: { zlib: false },
      change: saying('get-more-data', '9200', 1),
    });
    expect(result.status).toBe('passes');
    expect(messagesOf(result, 'get-data').map((one) => decodeSrq(one).ses.sequence)).toEqual([
      3, 5,
    ]);
  });

  it('may wait for GET RESPONSE at every command', async () => {
    let waiting: Uint8Array = hex('');
    const handset = walletWith({ decide: () => LONG });
    const result = await terminalWith({ zlib: false, secondSelect: 'always' }).tap(
      async (command) => {
        if (nameOf(command) === 'get-response') return waiting;
        waiting = await handset.handle(command);
        const more = waiting.length - 2;
        return more === 0 ? waiting : Uint8Array.of(0x61, more);
      },
    );
    expect(result.passes[0]?.value).toBe('v'.repeat(1000));
    const lengths = result.exchanges
      .filter(({ name }) => name === 'get-response')
      .map(({ command, response }) => [command[4], response.length - 2]);
    expect(lengths.every(([le, length]) => le === length)).toBe(true);
    expect(lengths.length).toBeGreaterThan(6);
  });
});

describe('options', () => {
  const ORDER = 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551';
  const long = 'x'.repeat(250);

  it.each<[string, Partial<TerminalOptions>, string]>([
    ['no key', { keys: [] }, 'missing terminal/keys'],
    [
      'a key that is none',
      { keys: [{ version: 1, privateKey: hex('01') }] },
      'bad-key collector/privateKey',
    ],
    [
      'a key of the order',
      { keys: [{ version: 1, privateKey: hex(ORDER) }] },
      'bad-key collector/privateKey',
    ],
    [
      'a key of zero',
      { keys: [{ version: 1, privateKey: new Uint8Array(32) }] },
      'bad-key collector/privateKey',
    ],
    [
      'a version that is none',
      { keys: [{ version: -1, privateKey: collectorKey.privateKey }] },
      'wrong-value terminal/keys/version',
    ],
    ['a collector that is too long', { collectorId: 2 ** 32 }, 'wrong-value cld/collectorId'],
    ['no service type', { serviceTypes: [] }, 'missing slr/str'],
    ['a service type that is no byte', { serviceTypes: [256] }, 'wrong-value slr/str'],
    ['more than fits in a command', { merchant: { name: long } }, 'too-long command/data'],
  ])('that cannot be used are refused before any tap: %s', (_name, options, refusal) => {
    expect(refusalOf(() => terminalWith(options))).toBe(refusal);
  });

  it('need no more than collector and keys', async () => {
    const handset = walletWith();
    const keys = [{ version: KEY_VERSION, privateKey: collectorKey.privateKey }];
    const terminal = createTerminal({ collectorId: COLLECTOR, keys });
    const result = await terminal.tap((command) => handset.handle(command));
    expect(result).toMatchObject({ status: 'passes', passes: [{ value: '2018' }] });
  });
});
