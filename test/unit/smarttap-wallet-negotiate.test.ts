import { describe, expect, it, vi } from 'vitest';
import {
  decodeNrs,
  decodeOseAnswer,
  decodeSmartTapAnswer,
  encodeSmartTapCommand,
} from '../../src/smarttap/index.ts';
import { hex } from '../support/smart-tap.ts';
import {
  begun,
  COLLECTOR,
  collectorKey,
  HandMadeTerminal,
  inField,
  KEY_VERSION,
  SENT,
  strangerKey,
  walletWith,
} from '../support/smart-tap-stage.ts';

describe('SELECT', () => {
  it('tells the same nonce and key for the whole tap, and others in the next', async () => {
    const wallet = walletWith();
    const terminal = new HandMadeTerminal(wallet);
    const taps = [];
    for (let i = 0; i < 2; i++) {
      const ose = decodeOseAnswer((await terminal.selectOse()).data);
      const again = decodeOseAnswer((await terminal.selectOse()).data);
      const second = await terminal.send(encodeSmartTapCommand({ name: 'select-smart-tap' }));
      const { dpk } = decodeNrs((await terminal.negotiate()).data);
      expect(again).toEqual(ose);
      expect(decodeSmartTapAnswer(second.data).mdn).toEqual(ose.handsetNonce);
      expect(dpk).toEqual(ose.handsetPublicKey);
      taps.push(ose);
      wallet.reset();
    }
    expect(taps[0]?.handsetNonce).not.toEqual(taps[1]?.handsetNonce);
    expect(taps[0]?.handsetPublicKey).not.toEqual(taps[1]?.handsetPublicKey);
  });

  it.each([
    [true, 3],
    [false, 2],
  ])('second select may be skipped: %s, is told', async (secondSelectMayBeSkipped, bits) => {
    const { data, sw } = await inField({ secondSelectMayBeSkipped }).selectOse();
    expect([sw, decodeOseAnswer(data).capabilities]).toEqual(['9000', bits]);
  });

  it('has the transaction mode that Google’s sample terminal accepts, or one that it is given', async () => {
    const ours = await inField().selectOse();
    const given = await inField({ transactionMode: 0x0c }).selectOse();
    expect(decodeOseAnswer(ours.data).transactionMode).toBe(0xcc);
    expect(decodeOseAnswer(given.data).transactionMode).toBe(0x0c);
  });
});

describe('NEGOTIATE', () => {
  it.each([
    ['a good signature', {}, '9000'],
    ['an unknown collector', { collectorId: COLLECTOR + 1 }, '9500'],
    ['an unknown key version', { keyVersion: KEY_VERSION + 1 }, '9500'],
    ['another key’s signature', { privateKey: strangerKey.privateKey }, '9500'],
    ['a signature without the handset’s nonce', { live: false }, '9002'],
    ['a pre-signed one by another', { live: false, privateKey: strangerKey.privateKey }, '9500'],
    ['version 0.0', { version: 0x0000 }, '9000'],
    ['a version that is too new', { version: 0x0002 }, '9502'],
    ['version 2.0 as number', { version: 0x0200 }, '9502'],
    ['a point off the curve', { terminalPublicKey: hex(`02${'00'.repeat(31)}01`) }, '9403'],
    ['a coordinate out of range', { terminalPublicKey: hex(`02${'ff'.repeat(32)}`) }, '9403'],
    ['a point of no form', { terminalPublicKey: hex(`05${'00'.repeat(32)}`) }, '9403'],
    ['any sequence number', { sequence: 255 }, '9000'],
  ])('%s', async (_name, changes, sw) => {
    const terminal = inField();
    await terminal.selectOse();
    expect((await terminal.negotiate(changes)).sw).toBe(sw);
  });

  it('is refused with the nonce of an earlier tap', async () => {
    const wallet = walletWith();
    const terminal = new HandMadeTerminal(wallet);
    await terminal.selectOse();
    const recorded = terminal.negotiation();
    expect((await terminal.send(recorded)).sw).toBe('9000');
    wallet.reset();
    expect((await terminal.send(recorded)).sw).toBe('9500');
  });

  it('answers an unknown collector, an unknown version and a bad signature all alike', async () => {
    const answers = [];
    for (const changes of [
      { collectorId: 1 },
      { keyVersion: 1 },
      { privateKey: strangerKey.privateKey },
    ]) {
      const terminal = inField();
      await terminal.selectOse();
      answers.push(await terminal.negotiate(changes));
    }
    const refused = { sw: '9500', data: new Uint8Array() };
    expect(answers).toEqual([refused, refused, refused]);
  });

  it('may be tried with key after key in one tap, but not for ever', async () => {
    const terminal = inField();
    await terminal.selectOse();
    for (let version = 100; version < 115; version++) {
      expect((await terminal.negotiate({ keyVersion: version })).sw).toBe('9500');
    }
    expect((await terminal.negotiate()).sw).toBe('9000');
    expect((await terminal.negotiate()).sw).toBe('9406');
  });

  it('is for one collector a tap; one that did not prove itself does not count', async () => {
    const second = COLLECTOR + 1;
    const wallet = walletWith({ collectorKey: () => collectorKey.publicKey });
    const terminal = new HandMadeTerminal(wallet);
    await terminal.selectOse();
    const lie = { collectorId: second, privateKey: strangerKey.privateKey };
    expect((await terminal.negotiate(lie)).sw).toBe('9500');
    expect((await terminal.negotiate()).sw).toBe('9000');
    expect((await terminal.negotiate({ collectorId: second })).sw).toBe('9406');
    expect((await terminal.getData()).sw).toBe('9000');
    wallet.reset();
    await terminal.selectOse();
    expect((await terminal.negotiate({ collectorId: second })).sw).toBe('9000');
  });

  it('that fails ends the session before it', async () => {
    const decide = vi.fn(() => SENT);
    const terminal = await begun({ decide });
    expect((await terminal.negotiate({ keyVersion: 1 })).sw).toBe('9500');
    expect(await terminal.getData()).toEqual({ sw: '9203', data: new Uint8Array() });
    expect(decide).not.toHaveBeenCalled();
  });
});
