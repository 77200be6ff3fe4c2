import { describe, expect, it } from 'vitest';
import { concatBytes } from '../../src/smarttap/bytes.ts';
import {
  decodeNgr,
  decodeSpr,
  decodeSrq,
  decodeSrs,
  encodeNrs,
  encodeOseAnswer,
  encodeResponse,
  encodeSmartTapAnswer,
  encodeSrs,
  encodeTlv,
  type OseAnswer,
  type Primitives,
  type PushResult,
  SmartTapError,
  type WalletPush,
} from '../../src/smarttap/index.ts';
import { hex, refusalOf } from '../support/smart-tap.ts';
import {
  type Change,
  messagesOf,
  type Name,
  namesOf,
  type Stage,
  saying,
  tapped,
  withData,
  withWord,
  word,
} from '../support/smart-tap-between.ts';
import {
  COLLECTOR,
  collectorKey,
  KEY_VERSION,
  openssl,
  PASS,
  strangerKey,
  terminalWith,
} from '../support/smart-tap-stage.ts';

describe('92xx', () => {
  it.each([
    ['S', [1, 3, 5], [7, 9, 11]],
    ['K', [0, 1, 2], [3, 4, 5]],
  ] as const)('is tried twice again with a new number, stream %s', async (...row) => {
    const [commandStream, negotiations, requests] = row;
    const change: Change = (name, _response, turn) =>
      (name === 'negotiate' || name === 'get-data') && turn < 2 ? word('9200') : null;
    const result = await tapped({ terminal: { commandStream }, change });
    expect(result.status).toBe('passes');
    expect(messagesOf(result, 'negotiate').map((one) => decodeNgr(one).ses.sequence)).toEqual(
      negotiations,
    );
    expect(messagesOf(result, 'get-data').map((one) => decodeSrq(one).ses.sequence)).toEqual(
      requests,
    );
  });

  it('is told when it does not end', async () => {
    const result = await tapped({ change: saying('get-data', '9203') });
    expect(result).toMatchObject({ status: 'try-again', statusWord: 0x9203 });
    expect(messagesOf(result, 'get-data')).toHaveLength(3);
  });
});

describe('the select', () => {
  const ose = (changes: Partial<OseAnswer>): Change => {
    const answer: OseAnswer = {
      applicationVersion: 1,
      transactionMode: 0xcc,
      minimumVersion: 0,
      maximumVersion: 1,
      capabilities: 3,
      handsetNonce: new Uint8Array(32),
      handsetPublicKey: strangerKey.publicKey,
      ...changes,
    };
    const data = encodeOseAnswer(answer);
    return withData('select-ose', data);
  };

  it.each([
    ['when-needed', 3, false],
    ['when-needed', 2, true],
    ['always', 3, true],
  ] as const)('%s with capabilities %i: a second one %s', async (...row) => {
    const [secondSelect, capabilities, second] = row;
    const wallet = { secondSelectMayBeSkipped: capabilities === 3 };
    const result = await tapped({ terminal: { secondSelect }, wallet });
    expect(result.status).toBe('passes');
    expect(namesOf(result).includes('select-smart-tap')).toBe(second);
  });

  it('comes twice when the first tells no nonce, and the second’s nonce counts', async () => {
    const untold = await tapped({ change: ose({ handsetNonce: null, handsetPublicKey: null }) });
    const another = await tapped({ terminal: { secondSelect: 'always' }, change: ose({}) });
    const wrong = await tapped({ change: ose({}) });
    expect([untold.status, another.status]).toEqual(['passes', 'passes']);
    expect(wrong.status).toBe('not-authenticated');
  });

  it.each([
    [0, 0, 'version-unsupported'],
    [2, 3, 'version-unsupported'],
    [1, 1, 'passes'],
    [0, 9, 'passes'],
  ] as const)('of versions %i to %i: %s', async (minimumVersion, maximumVersion, status) => {
    const range = { minimumVersion, maximumVersion };
    const told = await tapped({ change: ose({ ...range, handsetNonce: null }) });
    expect(told.status).toBe(status);
    const data = encodeSmartTapAnswer({ ...range, mdn: new Uint8Array(32) });
    const second = await tapped({
      terminal: { secondSelect: 'always' },
      change: withData('select-smart-tap', data),
    });
    // With that nonce nobody is authenticated, but it is talked about.
    expect(second.status === 'version-unsupported').toBe(status === 'version-unsupported');
  });

  const label = (text: string) => encodeTlv(0x50, new TextEncoder().encode(text));
  const directory = (...entries: Uint8Array[]) =>
    encodeTlv(0xa5, encodeTlv(0xbf0c, ...entries.map((entry) => encodeTlv(0x61, entry))));
  const payment = encodeTlv(0x4f, hex('a0000000041010'));

  it.each([
    ['an iPhone', encodeTlv(0x6f, label('ApplePay')), 'no-smart-tap'],
    [
      'a directory without entries',
      encodeTlv(0x6f, label('AndroidPay'), directory()),
      'no-smart-tap',
    ],
    [
      'one for payment alone',
      encodeTlv(0x6f, label('AndroidPay'), directory(payment)),
      'no-smart-tap',
    ],
    ['a template that ends too early', hex('6f0a5008'), 'malformed'],
    ['nothing', hex(''), 'malformed'],
  ] as const)('of %s: %s', async (_name, data, status) => {
    expect((await tapped({ change: withData('select-ose', data) })).status).toBe(status);
  });
});

describe('NEGOTIATE', () => {
  const keys = [
    { version: 1, privateKey: strangerKey.privateKey },
    { version: 2, privateKey: collectorKey.privateKey },
    { version: KEY_VERSION, privateKey: collectorKey.privateKey },
  ];

  it('tries key after key in one tap, each with the first number', async () => {
    const result = await tapped({ terminal: { keys } });
    expect(result).toMatchObject({
      status: 'passes',
      session: { keyVersion: KEY_VERSION, authentication: 'live' },
    });
    const sent = messagesOf(result, 'negotiate').map((message) => decodeNgr(message));
    expect(sent.map(({ cpr }) => cpr.keyVersion)).toEqual([1, 2, KEY_VERSION]);
    expect(sent.map(({ ses }) => ses.sequence)).toEqual([1, 1, 1]);
  });

  it('tells that none was known', async () => {
    const result = await tapped({ terminal: { keys: keys.slice(0, 2) } });
    expect(result).toMatchObject({ status: 'not-authenticated', session: null });
    expect(messagesOf(result, 'negotiate')).toHaveLength(2);
  });

  it('tries no further key after another refusal', async () => {
    const result = await tapped({ terminal: { keys }, change: saying('negotiate', '9502') });
    expect(messagesOf(result, 'negotiate')).toHaveLength(1);
  });

  it('that a handset takes for pre-signed though it is live is told as both', async () => {
    const { session } = await tapped({ change: withWord('negotiate', '9002') });
    expect(session).toEqual({
      keyVersion: KEY_VERSION,
      signed: 'live',
      authentication: 'pre-signed',
    });
  });

  it.each([
    [false, 'no-pass'],
    [true, 'passes'],
  ])('pre-signed, the wallet trusts it: %s', async (trustPreSigned, status) => {
    const result = await tapped({ terminal: { live: false }, wallet: { trustPreSigned } });
    expect(result).toMatchObject({ status, session: { authentication: 'pre-signed' } });
  });

  it('pre-signed, reads what a handset has sealed with no nonce at all', async () => {
    const result = await tapped({
      terminal: { live: false },
      wallet: { trustPreSigned: true, primitives: withoutNonce },
    });
    expect(result).toMatchObject({ status: 'passes', fault: null });
  });

  /** Derives as some terminals expect it of a pre-signed session: with zeros for the nonce (§12). */
  const withoutNonce: Primitives = {
    ...openssl,
    hkdfSha256: (secret, salt, info, length) => {
      const zeroed = concatBytes(info.subarray(0, 32), new Uint8Array(32), info.subarray(64));
      return openssl.hkdfSha256(secret, salt, zeroed, length);
    },
  };

  it.each<[string, Change, string]>([
    [
      'a key off the curve',
      withData('negotiate', nrs({ dpk: hex(`02${'00'.repeat(31)}01`) })),
      'bad-key nrs/dpk',
    ],
    ['another session', withData('negotiate', nrs({})), 'wrong-value ses/sessionId'],
    ['no record', withData('negotiate', hex('')), 'truncated nrs[0]/header'],
    [
      'another handset’s key',
      (name, response) =>
        name === 'negotiate'
          ? concatBytes(response.subarray(0, -35), strangerKey.publicKey, response.subarray(-2))
          : null,
      'bad-mac reb/mac',
    ],
  ])('an answer with %s is malformed', async (_name, change, fault) => {
    const fixed = {
      ...openssl,
      randomBytes: (length: number) => new Uint8Array(length).fill(length),
    };
    const result = await tapped({ change, terminal: { primitives: fixed } });
    expect(result).toMatchObject({ status: 'malformed', passes: [] });
    expect(
      refusalOf(() => {
        throw result.fault;
      }),
    ).toBe(fault);
  });
});

/** An answer to NEGOTIATE; of a session that nobody has, unless it says so. */
function nrs({ dpk = collectorKey.publicKey }: { readonly dpk?: Uint8Array }): Uint8Array {
  const sessionId = dpk === collectorKey.publicKey ? new Uint8Array(8) : new Uint8Array(8).fill(8);
  return encodeNrs({ ses: { sessionId, sequence: 2, status: 1 }, dpk });
}

describe('the answer’s session record', () => {
  /** Writes number and status into the answer to one command. */
  const numbered =
    (name: Name, sequence: number): Change =>
    (asked, response) => {
      if (asked !== name) return null;
      const changed = new Uint8Array(response);
      // The answer, then ses: six bytes of header each, and eight of the session's id.
      changed.set([sequence, 0x77], 20);
      return changed;
    };

  it.each<[Name, number]>([
    ['negotiate', 2],
    ['get-data', 4],
    ['push-data', 6],
  ])('of %s has the number %i, and any status', async (name, sequence) => {
    const terminal = { push: () => ({}) };
    const result = await tapped({ terminal, change: numbered(name, sequence) });
    expect(result).toMatchObject({ status: 'passes', push: { acknowledged: true } });
  });

  it.each<[Name, number, string]>([
    ['negotiate', 1, 'is 1, not 2'],
    ['negotiate', 0, 'is 0, not 2'],
    ['get-data', 3, 'is 3, not 4'],
    ['get-data', 255, 'is 255, not 4'],
  ])('of %s with the number %i is malformed', async (name, sequence, reason) => {
    const { status, fault, passes } = await tapped({ change: numbered(name, sequence) });
    expect({ status, passes }).toEqual({ status: 'malformed', passes: [] });
    expect(fault).toMatchObject({
      field: 'ses/sequence',
      message: expect.stringContaining(reason),
    });
  });

  it('of PUSH DATA with another number acknowledges nothing', async () => {
    const terminal = { push: () => ({}) };
    const { push } = await tapped({ terminal, change: numbered('push-data', 5) });
    expect(push).toMatchObject({ acknowledged: false, fault: { field: 'ses/sequence' } });
  });

  it('of another session makes the answer malformed', async () => {
    const change: Change = (name, response) => {
      if (name !== 'get-data') return null;
      const { ses, reb } = decodeSrs(response.subarray(0, -2));
      const data = encodeSrs({ ses: { ...ses, sessionId: new Uint8Array(8) }, reb });
      return encodeResponse({ data, sw: 0x9000 });
    };
    const result = await tapped({ change });
    expect(result).toMatchObject({ status: 'malformed', fault: { field: 'ses/sessionId' } });
  });
});

describe('PUSH DATA', () => {
  const service = { kind: 2, nst: { language: '', text: 'Receipt' }, nsu: 'https://example.com/r' };

  it('goes out with the next number when the passes are known', async () => {
    const heard: WalletPush[] = [];
    const result = await tapped({
      wallet: { onPush: (push) => void heard.push(push) },
      terminal: {
        push: ({ passes }) => ({
          nsr: [service],
          ssr: passes.map(({ objectId }) => ({ oid: objectId, sug: null, sup: null })),
        }),
      },
    });
    expect(result.push).toEqual({ acknowledged: true, statusWord: 0x9000, fault: null });
    expect(heard).toEqual([
      {
        collectorId: COLLECTOR,
        bpr: null,
        nsr: [service],
        ssr: [{ oid: PASS.objectId, sug: null, sup: null }],
      },
    ]);
    const [message = hex('')] = messagesOf(result, 'push-data');
    expect(decodeSpr(message).ses.sequence).toBe(5);
  });

  it.each<[string, Stage, Partial<PushResult>]>([
    ['a refusal', { change: saying('push-data', '9408') }, { statusWord: 0x9408, fault: null }],
    ['an answer that is none', { change: withData('push-data', hex('')) }, { statusWord: null }],
    ['a lost field', { change: lost('push-data') }, { statusWord: null }],
    [
      'something that fits in no command',
      {
        terminal: {
          push: () => ({ nsr: [{ ...service, nsu: `https://a.b/${'c'.repeat(300)}` }] }),
        },
      },
      { statusWord: null },
    ],
  ])('after %s the passes are still read', async (_name, stage, push) => {
    const terminal = { push: () => ({ nsr: [service] }), ...stage.terminal };
    const result = await tapped({ ...stage, terminal });
    expect(result.status).toBe('passes');
    expect(result.push).toMatchObject({ acknowledged: false, ...push });
  });

  it.each<[string, Stage]>([
    ['has nothing to push', { terminal: { push: () => null } }],
    ['has no session', { terminal: { push: () => ({}) }, change: saying('negotiate', '9500') }],
  ])('is not sent when the terminal %s', async (_name, stage) => {
    const result = await tapped(stage);
    expect(result.push).toBeNull();
    expect(namesOf(result)).not.toContain('push-data');
  });
});

describe('a lost field', () => {
  it.each(['select-ose', 'select-smart-tap', 'negotiate', 'get-data'] as const)(
    'at %s is told, with what was said before',
    async (name) => {
      const result = await tapped({ terminal: { secondSelect: 'always' }, change: lost(name) });
      expect(result).toMatchObject({ status: 'field-lost', statusWord: null, passes: [] });
      expect(result.fault).toEqual(new Error('the field is lost'));
      expect(namesOf(result)).not.toContain(name);
    },
  );

  it('is told too of a link that throws before it sends', async () => {
    const fault = new Error('no reader');
    const result = await terminalWith().tap(() => {
      throw fault;
    });
    expect(result).toMatchObject({ status: 'field-lost', fault, exchanges: [] });
  });

  it.each(['', '90', '00'.repeat(260)])(
    'is not the same as an answer that is none',
    async (answer) => {
      const result = await tapped({ change: () => hex(answer) });
      expect(result).toMatchObject({ status: 'malformed', fault: expect.any(SmartTapError) });
    },
  );
});

/** The phone is gone before it could answer. */
function lost(name: Name): Change {
  return (asked) => {
    if (asked === name) throw new Error('the field is lost');
    return null;
  };
}
