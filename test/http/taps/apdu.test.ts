import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SERVICE_TYPE, toHex } from '../../../src/smarttap/index.ts';
import { postApdu, relayFor, valuesOf, wireTerminal } from '../../support/apdu-relay.ts';
import { ROOT_KEY, startTestService, type TestService } from '../../support/service.ts';
import { expectStatus, type Merchant, tap, World } from '../../support/world.ts';

let service: TestService;
let world: World;
let foo: Merchant;

beforeAll(async () => {
  service = await startTestService({ instances: 2 });
  world = new World(service);
  foo = await world.merchant();
});
afterAll(() => service.stop());

const [SELECT_OSE, GET_DATA_OF_NOTHING] = ['00a404000a4f53452e5641532e303100', '9050000000'].map(
  (hex) => new Uint8Array(Buffer.from(hex, 'hex')),
) as [Uint8Array, Uint8Array];

const relay = (walletId: string) => relayFor(service.urls, ROOT_KEY, walletId);

async function walletWithPass() {
  const walletId = await world.wallet();
  const classId = await world.passClass(foo);
  return { walletId, classId, objectId: await world.pass(foo, classId, walletId) };
}

describe('a terminal on the wire gets what one over HTTP would get', () => {
  test('the one pass that matches, through two API processes by turns', async () => {
    const { walletId, objectId } = await walletWithPass();
    const phone = relay(walletId);
    const result = await (await wireTerminal(foo)).tap(phone.transceive);
    expect(result).toMatchObject({ status: 'passes', statusWord: 0x9000 });
    expect(valuesOf(result)).toEqual([`value of ${objectId}`]);
    expect(result.passes[0]?.type).toBe('ly');
    const presentationId = phone.presentationId();
    const shown = await service.root.get(`/v1/presentations/${presentationId}`);
    expect(shown.body).toMatchObject({ status: 'transferred' });
  });

  test('the customer is the wallet as this collector knows it', async () => {
    const { walletId } = await walletWithPass();
    const { token } = await world.present(walletId);
    const { walletRef } = expectStatus(await tap(service.nobody, foo.terminal, token), 200);
    const { customer } = await (await wireTerminal(foo)).tap(relay(walletId).transceive);
    expect(toHex(customer?.id ?? new Uint8Array())).toBe(walletRef.slice(4, 36));
  });

  test('coupons go along as offers', async () => {
    const { walletId, objectId } = await walletWithPass();
    const { code } = await world.coupon(foo, await world.couponClass(foo), walletId);
    const result = await (await wireTerminal(foo)).tap(relay(walletId).transceive);
    expect(result.passes.map(({ type, value }) => [type, value])).toEqual([
      ['ly', `value of ${objectId}`],
      ['of', code],
    ]);
  });

  test('nothing where no pass is listed, and where another type is asked', async () => {
    const { walletId } = await walletWithPass();
    const elsewhere = await wireTerminal(await world.merchant());
    expect(await elsewhere.tap(relay(walletId).transceive)).toMatchObject({
      status: 'no-pass',
      passes: [],
    });
    const asking = await wireTerminal(foo, { serviceTypes: [SERVICE_TYPE.giftCard] });
    expect((await asking.tap(relay(walletId).transceive)).status).toBe('no-pass');
  });

  test('of several the wallet picks one, and the second tap gets it', async () => {
    const { walletId, classId, objectId } = await walletWithPass();
    const other = await world.pass(foo, classId, walletId);
    const first = relay(walletId);
    const terminal = await wireTerminal(foo);
    expect(await terminal.tap(first.transceive)).toMatchObject({
      status: 'choose',
      statusWord: 0x9302,
      passes: [],
    });
    const presentation = `/v1/presentations/${first.presentationId()}`;
    const { choices } = expectStatus(
      await service.root.get<{ choices: { objectId: string }[] }>(presentation),
      200,
    );
    expect(choices.map((choice) => choice.objectId).sort()).toEqual([objectId, other].sort());
    expectStatus(await service.root.post(`${presentation}/selection`, { objectId: other }), 200);
    expect(valuesOf(await terminal.tap(relay(walletId).transceive))).toEqual([`value of ${other}`]);
  });

  test('the pass on the screen and no other', async () => {
    const { walletId, classId } = await walletWithPass();
    const shown = await world.pass(foo, classId, walletId);
    await world.present(walletId, { screen: 'pass', objectId: shown });
    const result = await (await wireTerminal(foo)).tap(relay(walletId).transceive);
    expect(valuesOf(result)).toEqual([`value of ${shown}`]);
  });

  test('a terminal with another key, or of no known collector, gets nothing', async () => {
    const { walletId } = await walletWithPass();
    const stranger = await world.merchant();
    const wrongKey = { terminal: { ...stranger.terminal, collectorId: foo.collectorId } };
    const unknown = { terminal: { ...foo.terminal, collectorId: '99999999' } };
    const retired = { terminal: { ...foo.terminal, keyVersion: 2 } };
    for (const terminal of [wrongKey, unknown, retired]) {
      const result = await (await wireTerminal(terminal)).tap(relay(walletId).transceive);
      expect(result).toMatchObject({ status: 'not-authenticated', statusWord: 0x9500, passes: [] });
    }
  });

  test('one that signed before it met the phone gets nothing', async () => {
    const { walletId } = await walletWithPass();
    const early = await wireTerminal(foo, { live: false });
    expect(await early.tap(relay(walletId).transceive)).toMatchObject({ passes: [] });
  });
});

describe('what is recorded', () => {
  test('is the decision, once, with its evidence, and can be explained', async () => {
    const { walletId, objectId } = await walletWithPass();
    await (await wireTerminal(foo)).tap(relay(walletId).transceive);
    const rows = await service.sql<{ id: string; payload: string; outcome: string }>(
      'select id, payload, outcome from taps where wallet_id = $1',
      [walletId],
    );
    expect(rows).toEqual([
      expect.objectContaining({
        outcome: 'transferred',
        payload: expect.stringMatching(/^smart-tap\.[\w-]{135}\.[\w-]+$/),
      }),
    ]);
    const explained = await foo.client.get(`/v1/taps/${rows[0]?.id}/explanation`);
    expect(explained.body).toMatchObject({
      collectorKey: `${foo.collectorId}.1`,
      passes: [{ objectId, sent: true, step: 'sent' }],
    });
  });

  test('keeps no key of a tap that can be read from the database', async () => {
    const { walletId } = await walletWithPass();
    const phone = relay(walletId);
    await (await wireTerminal(foo)).tap(phone.transceive);
    const [row] = await service.sql<{ token_sha256: string; state: string }>(
      'select * from tap_sessions where wallet_id = $1',
      [walletId],
    );
    expect(row?.state).toMatch(/^v1\.[\w-]+$/);
    expect(JSON.stringify(row)).not.toContain(phone.session());
  });
});

describe('a tap that comes again', () => {
  test('is a tap of its own: a recording of the last one opens nothing', async () => {
    const { walletId } = await walletWithPass();
    const terminal = await wireTerminal(foo);
    const { exchanges } = await terminal.tap(relay(walletId).transceive);
    const again = relay(walletId);
    const answers: string[] = [];
    for (const { command } of exchanges) {
      answers.push(toHex((await again.transceive(command)).slice(-2)));
    }
    expect(answers.slice(1)).not.toContain('9000');
  });

  test('of two at once the second is to try again, and its next tap gets the pass', async () => {
    const { walletId, objectId } = await walletWithPass();
    const terminal = await wireTerminal(foo);
    const [slow, fast] = [relay(walletId), relay(walletId)];
    let turn = 0;
    const late = await terminal.tap(async (command) => {
      const heard = await slow.transceive(command);
      // Both taps have begun by then, with the same presentation.
      if (turn++ === 0) await terminal.tap(fast.transceive);
      return heard;
    });
    expect(slow.presentationId()).toBe(fast.presentationId());
    expect(late).toMatchObject({ status: 'try-again', statusWord: 0x9200, passes: [] });
    expect(valuesOf(await terminal.tap(relay(walletId).transceive))).toEqual([
      `value of ${objectId}`,
    ]);
    const rows = await service.sql('select outcome from taps where wallet_id = $1 order by id', [
      walletId,
    ]);
    const outcomes = rows.map(({ outcome }) => outcome);
    expect(outcomes.sort()).toEqual(['presentation-expired', 'transferred', 'transferred']);
  });

  test('gets the same answer for the same key, once', async () => {
    const { walletId } = await walletWithPass();
    const url = service.urls[0] ?? '';
    const headers = { 'Idempotency-Key': `select ${walletId}` };
    const send = () => postApdu(url, ROOT_KEY, walletId, SELECT_OSE, null, headers);
    const [first, second] = [await send(), await send()];
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    expect(second.headers.get('tap-session')).toBe(first.headers.get('tap-session'));
    expect(await second.arrayBuffer()).toEqual(await first.arrayBuffer());
    const other = await postApdu(url, ROOT_KEY, walletId, GET_DATA_OF_NOTHING, null, headers);
    expect(other.status).toBe(422);
  });
});

describe('what is refused', () => {
  const send = (walletId: string, apdu: Uint8Array, session: string | null = null, headers = {}) =>
    postApdu(service.urls[0] ?? '', ROOT_KEY, walletId, apdu, session, headers);
  const codeOf = async (response: Response) => ((await response.json()) as { code: string }).code;

  test('is told by its status word when the terminal is at fault', async () => {
    const walletId = await world.wallet();
    for (const [apdu, word] of [
      [new Uint8Array(), '9402'],
      [new Uint8Array([0x90]), '9402'],
      [Uint8Array.of(0x90, 0x77, 0, 0, 0), '9400'],
      [GET_DATA_OF_NOTHING, '9402'],
    ] as const) {
      const response = await send(walletId, apdu);
      expect(response.status).toBe(200);
      expect(toHex(new Uint8Array(await response.arrayBuffer()))).toBe(word);
    }
  });

  test('is a problem when the phone is', async () => {
    const walletId = await world.wallet();
    const known = (await send(walletId, SELECT_OSE)).headers.get('tap-session') ?? '';
    const json = await send(walletId, SELECT_OSE, null, { 'Content-Type': 'application/json' });
    expect([json.status, await codeOf(json)]).toEqual([415, 'unsupported-media-type']);
    const large = await send(walletId, new Uint8Array(262));
    expect([large.status, await codeOf(large)]).toEqual([413, 'body-too-large']);
    const crooked = await send(walletId, SELECT_OSE, 'no-session');
    expect([crooked.status, await codeOf(crooked)]).toEqual([422, 'invalid-request']);
    const unknown = await send(walletId, SELECT_OSE, known.split('').reverse().join(''));
    expect([unknown.status, await codeOf(unknown)]).toEqual([410, 'presentation-expired']);
    const other = await send(await world.wallet(), SELECT_OSE, known);
    expect([other.status, await codeOf(other)]).toEqual([410, 'presentation-expired']);
  });

  test('is a session of more than a minute ago', async () => {
    const { walletId } = await walletWithPass();
    const session = (await send(walletId, SELECT_OSE)).headers.get('tap-session');
    await service.sql("update tap_sessions set expires_at = now() - interval '1 second'");
    const late = await send(walletId, SELECT_OSE, session);
    expect([late.status, await codeOf(late)]).toEqual([410, 'presentation-expired']);
  });

  test('is a wallet of somebody else', async () => {
    const { walletId } = await walletWithPass();
    const stranger = await world.merchant();
    const url = service.urls[0] ?? '';
    const response = await postApdu(url, stranger.apiKey, walletId, SELECT_OSE);
    expect(response.status).toBe(404);
    const narrow = await world.keyFor(foo.issuerId, ['wallets:read']);
    expect((await postApdu(url, narrow, walletId, SELECT_OSE)).status).toBe(403);
    const nobody = await postApdu(url, 'tk_live_none', walletId, SELECT_OSE);
    expect(nobody.status).toBe(401);
  });
});
