import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestService, type TestService } from '../../support/service.ts';
import { told } from '../../support/service-client.ts';
import {
  expectStatus,
  type Merchant,
  malleated,
  newKeyPair,
  signedTap,
  type TapAnswer,
  type Terminal,
  tap,
  World,
} from '../../support/world.ts';

let service: TestService;
let world: World;
let foo: Merchant;
let walletId: string;

beforeAll(async () => {
  service = await startTestService({ instances: 2 });
  world = new World(service);
  foo = await world.merchant();
  walletId = await world.wallet();
  await world.pass(foo, await world.passClass(foo), walletId);
});
afterAll(() => service.stop());

const newToken = async () => (await world.present(walletId)).token;
const send = (payload: string, instance = 0, headers = {}) =>
  service.as(null, instance).post<TapAnswer>('/v1/taps', { payload }, headers);

describe('a captured tap', () => {
  test('is refused when it comes again', async () => {
    const payload = await signedTap(foo.terminal, await newToken());
    expect((await send(payload)).status).toBe(200);
    expect(told(await send(payload))).toBe('409 tap-replayed');
    expect(told(await send(payload, 1))).toBe('409 tap-replayed');
  });

  test('is refused with its other signature too', async () => {
    const payload = await signedTap(foo.terminal, await newToken());
    expect(malleated(payload)).not.toBe(payload);
    expect((await send(payload)).status).toBe(200);
    expect(told(await send(malleated(payload)))).toBe('409 tap-replayed');
  });

  test('and that signature is as good as the first', async () => {
    expect((await send(malleated(await signedTap(foo.terminal, await newToken())))).status).toBe(
      200,
    );
  });

  test('does not use up the presentation of its nonce’s next bearer', async () => {
    const jti = randomUUID();
    await tap(service.nobody, foo.terminal, await newToken(), { jti });
    const token = await newToken();
    const again = await tap(service.nobody, foo.terminal, token, { jti });
    expect(told(again)).toBe('409 tap-replayed');
    expect((await tap(service.nobody, foo.terminal, token)).body.outcome).toBe('transferred');
  });

  test('its nonce is the key’s own: another key may use it', async () => {
    const jti = randomUUID();
    const mocha = await world.merchant();
    for (const { terminal } of [foo, mocha]) {
      expect((await tap(service.nobody, terminal, await newToken(), { jti })).status).toBe(200);
    }
  });

  test('with its Idempotency-Key gives the first answer, with another none', async () => {
    const payload = await signedTap(foo.terminal, await newToken());
    const headers = { 'Idempotency-Key': randomUUID() };
    const first = await send(payload, 0, headers);
    const again = await send(payload, 1, headers);
    expect(first.status).toBe(200);
    expect(again.text).toBe(first.text);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(told(await send(payload, 0, { 'Idempotency-Key': 'another' }))).toBe('409 tap-replayed');
    const other = await signedTap(foo.terminal, await newToken());
    expect(told(await send(other, 0, headers))).toBe('422 idempotency-key-reused');
  });
});

describe('a retry of a tap whose answer was lost', () => {
  /** A tap that was signed so long ago and was answered in time. */
  async function answeredTap(secondsAgo: number, key: string) {
    const iat = Math.floor(Date.now() / 1000) - secondsAgo;
    const payload = await signedTap(foo.terminal, await newToken(), { iat });
    const first = await send(payload, 0, { 'Idempotency-Key': key });
    expect(first.status).toBe(200);
    return { payload, first };
  }

  test('gets the first answer also when the tap would be too old by now', async () => {
    const key = randomUUID();
    const { payload, first } = await answeredTap(58, key);
    await expect
      .poll(async () => told(await send(payload)), { timeout: 5000, interval: 200 })
      .toBe('401 clock-skew');
    const again = await send(payload, 1, { 'Idempotency-Key': key });
    expect([again.status, again.text]).toEqual([200, first.text]);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    const other = { 'Idempotency-Key': 'never used' };
    expect(told(await send(payload, 1, other))).toBe('401 clock-skew');
  });
});

describe('one presentation', () => {
  test('goes to one of 20 terminals that tap at once', async () => {
    const token = await newToken();
    const payloads = await Promise.all(
      Array.from({ length: 20 }, () => signedTap(foo.terminal, token)),
    );
    const answers = await Promise.all(payloads.map((payload, index) => send(payload, index % 2)));
    const count = (what: string) => answers.filter((answer) => told(answer) === what).length;
    expect([count('200'), count('410 presentation-expired')]).toEqual([1, 19]);
  });
});

describe('a key', () => {
  const setKeys = async (merchant: Merchant, keys: Record<number, string>) => {
    const authenticationKeys = Object.entries(keys).map(([id, publicKeyPem]) => ({
      id: Number(id),
      publicKeyPem,
    }));
    const body = { smartTapMerchantData: { authenticationKeys } };
    expectStatus(
      await service.root.patch(`/walletobjects/v1/issuer/${merchant.issuerId}`, body),
      200,
    );
  };
  const tapsWith = async (terminal: Terminal, instance: number) =>
    told(await tap(service.as(null, instance), terminal, await newToken()));

  test('rotates without a good tap refused, and once retired is refused at once', async () => {
    const shop = await world.merchant();
    const [one, two] = [await newKeyPair(), await newKeyPair()];
    const first = { ...shop.terminal, privateKey: one.privateKey };
    const second = { ...first, keyVersion: 2, privateKey: two.privateKey };
    await setKeys(shop, { 1: one.publicKey });
    const outcomes: string[] = [];
    let terminal: Terminal = first;
    let rotating = true;
    const loader = (async () => {
      for (let instance = 0; rotating; instance = 1 - instance) {
        outcomes.push(await tapsWith(terminal, instance));
      }
    })();
    const tapped = (more: number) => {
      const enough = outcomes.length + more;
      const options = { timeout: 30_000, interval: 5 };
      return expect.poll(() => outcomes.length, options).toBeGreaterThanOrEqual(enough);
    };
    await setKeys(shop, { 1: one.publicKey, 2: two.publicKey });
    await tapped(5);
    terminal = second;
    // With the next tap the one that was signed with version 1 before that has gone through.
    await tapped(5);
    await setKeys(shop, { 2: two.publicKey });
    await tapped(5);
    rotating = false;
    await loader;
    expect(new Set(outcomes)).toEqual(new Set(['200']));
    for (const instance of [0, 1]) {
      expect(await tapsWith(first, instance)).toBe('401 tap-not-authenticated');
    }
  });

  test('replaced under its version is another key', async () => {
    const shop = await world.merchant();
    const next = await newKeyPair();
    await setKeys(shop, { 1: next.publicKey });
    expect(await tapsWith(shop.terminal, 0)).toBe('401 tap-not-authenticated');
    expect(await tapsWith({ ...shop.terminal, privateKey: next.privateKey }, 1)).toBe('200');
  });

  test('that is retired stays as the evidence behind its taps', async () => {
    const shop = await world.merchant();
    const { body } = await tap(service.nobody, shop.terminal, await newToken());
    await setKeys(shop, {});
    const [row] = await service.sql<{ spki: string; payload: string }>(
      'select spki, payload from taps join issuer_keys on issuer_keys.id = key_id where taps.id = $1',
      [body.id],
    );
    expect(row?.payload.split('.')).toHaveLength(3);
    expect(row?.spki).toMatch(/^MFkw/);
  });
});

describe('what a terminal and other issuers never learn', () => {
  test('an answer of nothing is the same, whatever the wallet holds', async () => {
    const mocha = await world.merchant();
    const empty = await world.wallet();
    const full = await world.wallet();
    await world.pass(foo, await world.passClass(foo), full);
    await world.coupon(foo, await world.couponClass(foo), full);
    const shapes = [];
    for (const holder of [empty, full]) {
      const { token } = await world.present(holder);
      const { body, text } = await tap(service.nobody, mocha.terminal, token);
      expect(text).not.toContain(foo.issuerId);
      shapes.push({ ...body, id: '', walletRef: '' });
    }
    const nothing = { outcome: 'nothing', passes: [], coupons: [], id: '', walletRef: '' };
    expect(shapes).toEqual([nothing, nothing]);
  });

  test('an explanation shows each issuer its own passes, and strangers nothing', async () => {
    const [aggregator, till, stranger] = [
      await world.merchant(),
      await world.merchant(),
      await world.merchant(),
    ];
    const holder = await world.wallet();
    const redemptionIssuers = [till.issuerId];
    const theirs = await world.passClass(aggregator, { redemptionIssuers });
    const objectId = await world.pass(aggregator, theirs, holder);
    await world.pass(foo, await world.passClass(foo), holder);
    const { token } = await world.present(holder);
    const { id } = expectStatus(await tap(service.nobody, till.terminal, token), 200);
    const explained = async (merchant: Merchant) =>
      merchant.client.get<{ passes: { objectId: string; step: string }[] }>(
        `/v1/taps/${id}/explanation`,
      );
    expect((await explained(aggregator)).body.passes).toEqual([
      { objectId, classId: theirs, sent: true, step: 'sent' },
    ]);
    const toFoo = (await explained(foo)).body.passes;
    expect(toFoo.map(({ step }) => step)).toEqual(['collector-not-listed']);
    expect((await explained(till)).body.passes).toEqual([]);
    expect(told(await explained(stranger))).toBe('404 not-found');
  });

  test('the token of a presentation is not kept', async () => {
    const { id, token } = await world.present(walletId);
    const rows = await service.sql<{ row: string }>(
      'select p::text as row from presentations p where id = $1',
      [id],
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.row).not.toContain(token);
  });
});
