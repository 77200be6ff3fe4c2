import { describe, expect, it, vi } from 'vitest';
import {
  decodePsr,
  decodeSrs,
  type PassDecision,
  type PassRequest,
  type Pcr,
  type WalletCustomer,
  type WalletOptions,
} from '../../src/smarttap/index.ts';
import {
  begun,
  COLLECTOR,
  CUSTOMER,
  HandMadeTerminal,
  inField,
  KEY_VERSION,
  NO_PASS,
  PASS,
  SENT,
  SESSION_ID,
  walletWith,
} from '../support/smart-tap-stage.ts';

const PCR_ZLIB = {
  system: 0x40,
  userInterface: 0,
  checkout: 0,
  cardholderVerification: 0,
  tapMode: 1,
};

const BROKEN = { ...PASS, objectId: new Uint8Array() };

/** Every row of protocol §9.3 that is about what a handset decides. */
const BEHAVIOURS: readonly [string, Partial<WalletOptions>, string][] = [
  ['a pass is sent', {}, '9000'],
  ['several passes are sent', { decide: () => ({ ...SENT, passes: [PASS, PASS] }) }, '9000'],
  ['a pass is sent, not ready to pay', { readyToPay: () => false }, '9101'],
  ['no pass matches', { decide: () => NO_PASS }, '9001'],
  ['no pass, not ready to pay', { decide: () => NO_PASS, readyToPay: () => false }, '9102'],
  ['no pass, but a customer', { decide: () => ({ ...NO_PASS, customer: CUSTOMER }) }, '9001'],
  ['the user has to choose', { decide: () => ({ outcome: 'choose' }) }, '9302'],
  ['it cannot be said now', { decide: () => ({ outcome: 'retry' }) }, '9200'],
  ['the device is locked', { locked: () => true }, '9300'],
  ['the decision fails', { decide: () => Promise.reject(new Error('no database')) }, '9203'],
  ['a pass cannot be sent', { decide: () => ({ ...SENT, passes: [BROKEN] }) }, '9203'],
];

describe('GET DATA', () => {
  it.each(BEHAVIOURS)('%s', async (_name, options, sw) => {
    const heard = await (await begun(options)).getData();
    expect(heard.sw).toBe(sw);
    const hasBody = sw === '9000' || sw === '9101' || _name.endsWith('customer');
    expect(heard.data.length > 0).toBe(hasBody);
  });

  it.each([
    ['another session', { sessionId: new Uint8Array(8) }, '9500'],
    ['another collector', { collectorId: COLLECTOR + 1 }, '9406'],
    ['a version that is too new', { version: 0x0002 }, '9502'],
  ])('for %s gets nothing, and the session goes on', async (_name, changes, sw) => {
    const terminal = await begun();
    expect(await terminal.getData(changes)).toEqual({ sw, data: new Uint8Array() });
    expect((await terminal.getData()).sw).toBe('9000');
  });

  it('without NEGOTIATE gets nothing', async () => {
    const decide = vi.fn(() => SENT);
    const heard = await inField({ decide }).getData();
    expect(heard).toEqual({ sw: '9001', data: new Uint8Array() });
    expect(decide).not.toHaveBeenCalled();
  });

  it.each([
    [false, '9001', 0],
    [true, '9000', 1],
  ])('pre-signed, trusted: %s', async (trustPreSigned, sw, asked) => {
    const decide = vi.fn((_request: PassRequest) => SENT);
    const terminal = inField({ decide, trustPreSigned });
    await terminal.begin({ live: false });
    expect((await terminal.getData()).sw).toBe(sw);
    expect(decide.mock.calls.map(([request]) => request.authentication)).toEqual(
      Array(asked).fill('pre-signed'),
    );
  });

  it('tells what the terminal asks for and how it has proved itself', async () => {
    const decide = vi.fn((_request: PassRequest) => SENT);
    const terminal = await begun({ decide });
    await terminal.getData({ serviceTypes: [3, 0x99], pcr: PCR_ZLIB });
    const request = decide.mock.calls[0]?.[0];
    expect(request).toMatchObject({
      collectorId: COLLECTOR,
      keyVersion: KEY_VERSION,
      authentication: 'live',
      serviceTypes: [3, 0x99],
      merchant: { cld: COLLECTOR, tid: null },
      capabilities: PCR_ZLIB,
      negotiation: { collectorId: COLLECTOR, terminalPublicKey: terminal.keyPair.publicKey },
    });
  });

  it.each([
    [null, false],
    [{ ...PCR_ZLIB, system: 0xbf }, false],
    [PCR_ZLIB, true],
  ])('is compressed only if the terminal can take it: %o', async (pcr, compressed) => {
    const { data } = await (await begun()).getData({ pcr });
    expect(decodeSrs(data).reb).toMatchObject({ encrypted: true, compressed });
  });

  const told = (length: number, customer: WalletCustomer | null): PassDecision => ({
    outcome: 'send',
    passes: [{ ...PASS, value: 'v'.repeat(length) }],
    customer,
  });
  // All else of the answer has 116 bytes without a customer.
  const MOST_IN_ONE_PART = 249 - 116;

  it.each<[string, number, Pcr | null, boolean]>([
    ['that may be Google’s sample, where all fits', 40, null, true],
    ['that may be Google’s sample, where it costs a part', MOST_IN_ONE_PART, null, false],
    ['that may be Google’s sample, where the pass has to be cut', MOST_IN_ONE_PART + 1, null, true],
    ['that says what it can do', MOST_IN_ONE_PART, { ...PCR_ZLIB, system: 0 }, true],
  ])('to a terminal %s, tells the customer: %#', async (_name, length, pcr, isTold) => {
    const answered = async (customer: WalletCustomer | null) => {
      const terminal = await begun({ decide: () => told(length, customer) });
      const heard = [await terminal.getData({ pcr })];
      while (heard.at(-1)?.sw === '9100') heard.push(await terminal.getMoreData());
      return { parts: heard.length, bytes: heard.reduce((sum, { data }) => sum + data.length, 0) };
    };
    const [alone, whole] = [await answered(null), await answered(CUSTOMER)];
    expect(alone.parts).toBe(length > MOST_IN_ONE_PART ? 2 : 1);
    expect(whole.bytes > alone.bytes).toBe(isTold);
    if (!isTold) expect(whole).toEqual({ parts: 1, bytes: 249 });
  });

  it('tells the customer alone in parts where it has to', async () => {
    const decide = () => ({ ...NO_PASS, customer: CUSTOMER });
    const terminal = await begun({ decide, maxResponseBytes: 40 });
    expect((await terminal.getData()).sw).toBe('9100');
  });

  it('tells a fault to whoever listens, even one that throws itself', async () => {
    const onFault = vi.fn(() => {
      throw new Error('the listener too');
    });
    const fault = new Error('no database');
    const terminal = await begun({ decide: () => Promise.reject(fault), onFault });
    expect((await terminal.getData()).sw).toBe('9203');
    expect(onFault).toHaveBeenCalledWith(fault);
  });

  it('answers a fault of the key’s lookup, of a lock and of a push alike', async () => {
    const broken = () => {
      throw new Error('broken');
    };
    const unlocked = inField({ collectorKey: broken });
    await unlocked.selectOse();
    expect((await unlocked.negotiate()).sw).toBe('9203');
    expect((await (await begun({ locked: broken })).getData()).sw).toBe('9203');
    expect((await inField({ onPush: broken }).push(1)).sw).toBe('9203');
  });
});

describe('the carousel', () => {
  it('asks the user, and gives the chosen pass at the second tap', async () => {
    let chosen: PassDecision = { outcome: 'choose' };
    const wallet = walletWith({ decide: () => chosen });
    const terminal = new HandMadeTerminal(wallet);
    await terminal.begin();
    expect((await terminal.getData()).sw).toBe('9302');
    chosen = SENT;
    wallet.reset();
    await terminal.begin();
    expect((await terminal.getData()).sw).toBe('9000');
  });
});

describe('PUSH DATA', () => {
  const service = { kind: 1, nst: { language: '', text: 'Receipt' }, nsu: 'https://example.com/r' };

  it.each<[string, boolean, number | null]>([
    ['before a session', false, null],
    ['in a session', true, COLLECTOR],
  ])('%s is told on and acknowledged', async (_name, negotiated, collectorId) => {
    const onPush = vi.fn();
    const terminal = inField({ onPush });
    if (negotiated) await terminal.begin();
    const { sw, data } = await terminal.push(3, { nsr: [service] });
    expect(sw).toBe('9000');
    expect(decodePsr(data).ses).toEqual({ sessionId: SESSION_ID, sequence: 4, status: 1 });
    expect(onPush).toHaveBeenCalledExactlyOnceWith({
      collectorId,
      bpr: null,
      nsr: [service],
      ssr: [],
    });
  });

  it.each([
    ['a replay', 3, {}, '9402'],
    ['another session', 5, { sessionId: new Uint8Array(8) }, '9500'],
    ['a version that is too new', 5, { version: 0x0002 }, '9502'],
    ['a URI that is none', 5, { nsr: [{ ...service, nsu: 'no uri' }] }, '9408'],
  ])('%s is refused', async (_name, sequence, changes, sw) => {
    const onPush = vi.fn();
    const terminal = await begun({ onPush });
    await terminal.push(3);
    onPush.mockClear();
    expect((await terminal.push(sequence, changes)).sw).toBe(sw);
    expect(onPush).not.toHaveBeenCalled();
  });

  it('is refused while the device is locked', async () => {
    expect((await inField({ locked: () => true }).push(1)).sw).toBe('9300');
  });
});
