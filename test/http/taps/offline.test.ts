import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nodeSmartTapPrimitives } from '../../../src/platform/smart-tap-primitives.node.ts';
import { createWallet } from '../../../src/smarttap/index.ts';
import type { Screen } from '../../../src/taps/model.ts';
import {
  type OfflineTap,
  offlineWallet,
  type StoredBundle,
} from '../../../src/taps/offline-wallet.ts';
import { valuesOf, wireTerminal } from '../../support/apdu-relay.ts';
import { startTestService, type TestService } from '../../support/service.ts';
import { expectStatus, type Merchant, newKeyPair, World } from '../../support/world.ts';

let service: TestService;
let world: World;
let foo: Merchant;

beforeAll(async () => {
  service = await startTestService({ workers: false });
  world = new World(service);
  foo = await world.merchant();
});
afterAll(() => service.stop());

/** A phone that has synced once and has no network since. */
async function offlinePhone(walletId: string, screen: Screen = { kind: 'home' }) {
  const path = `/v1/wallets/${walletId}/sync`;
  const bundle = expectStatus(await service.root.get<StoredBundle>(path), 200);
  const taps: OfflineTap[] = [];
  const unknownKeys: string[] = [];
  const wallet = createWallet(
    offlineWallet({
      bundle: () => bundle,
      screen: () => screen,
      onTap: (tap) => void taps.push(tap),
      onUnknownKey: (collectorId, version) => void unknownKeys.push(`${collectorId}.${version}`),
      primitives: nodeSmartTapPrimitives,
    }),
  );
  return { wallet, taps, unknownKeys };
}

async function walletWithPass() {
  const walletId = await world.wallet();
  const classId = await world.passClass(foo);
  return { walletId, classId, objectId: await world.pass(foo, classId, walletId) };
}

interface Report {
  readonly results: readonly { outcome: string; tapId?: string; refusal?: string }[];
}

const report = async (walletId: string, taps: readonly unknown[], headers = {}) =>
  service.root.post<Report>(`/v1/wallets/${walletId}/offline-taps`, { taps }, headers);

describe('a phone without a network', () => {
  test('decides as the service would', async () => {
    const { walletId, classId, objectId } = await walletWithPass();
    const terminal = await wireTerminal(foo);
    const one = await offlinePhone(walletId);
    expect(valuesOf(await terminal.tap(one.wallet.handle))).toEqual([`value of ${objectId}`]);
    const other = await world.pass(foo, classId, walletId);
    const two = await offlinePhone(walletId);
    expect((await terminal.tap(two.wallet.handle)).status).toBe('choose');
    const shown = await offlinePhone(walletId, { kind: 'pass', objectId: other });
    expect(valuesOf(await terminal.tap(shown.wallet.handle))).toEqual([`value of ${other}`]);
    const elsewhere = await wireTerminal(await world.merchant());
    const result = await elsewhere.tap((await offlinePhone(walletId)).wallet.handle);
    expect(result).toMatchObject({ status: 'not-authenticated', passes: [] });
  });

  test('knows a new key only after it has synced, and says that it should', async () => {
    const partner = await world.merchant();
    const walletId = await world.wallet();
    const classId = await world.passClass(partner);
    await world.pass(partner, classId, walletId);
    const phone = await offlinePhone(walletId);
    const { publicKey, privateKey } = await newKeyPair();
    const body = {
      smartTapMerchantData: {
        smartTapMerchantId: partner.collectorId,
        authenticationKeys: [{ id: 2, publicKeyPem: publicKey }],
      },
    };
    const path = `/walletobjects/v1/issuer/${partner.issuerId}`;
    expectStatus(await partner.client.patch(path, body), 200);
    const rotated = { terminal: { ...partner.terminal, keyVersion: 2, privateKey } };
    const terminal = await wireTerminal(rotated);
    expect((await terminal.tap(phone.wallet.handle)).status).toBe('not-authenticated');
    expect(phone.unknownKeys).toEqual([`${partner.collectorId}.2`]);
    const synced = await offlinePhone(walletId);
    expect((await terminal.tap(synced.wallet.handle)).status).toBe('passes');
  });
});

describe('taps that are reported later', () => {
  test('are recorded once each, however often they are reported, and can be explained', async () => {
    const { walletId, objectId } = await walletWithPass();
    const { wallet, taps } = await offlinePhone(walletId);
    const terminal = await wireTerminal(foo, { merchant: { terminalId: 'till-7' } });
    for (let turn = 0; turn < 3; turn++) {
      await terminal.tap(wallet.handle);
      wallet.reset();
    }
    expect(taps).toHaveLength(3);
    const first = expectStatus(await report(walletId, taps.slice(0, 2)), 200).results;
    expect(first.map(({ outcome }) => outcome)).toEqual(['recorded', 'recorded']);
    const reports = await Promise.all(Array.from({ length: 8 }, () => report(walletId, taps)));
    const outcomes = reports.flatMap((answer) => expectStatus(answer, 200).results);
    expect(outcomes.filter(({ outcome }) => outcome === 'recorded')).toHaveLength(1);
    expect(outcomes.filter(({ outcome }) => outcome === 'known')).toHaveLength(23);
    const rows = await service.sql('select id from taps where wallet_id = $1', [walletId]);
    expect(rows).toHaveLength(3);
    const explained = await foo.client.get(`/v1/taps/${first[0]?.tapId}/explanation`);
    expect(explained.body).toMatchObject({
      collectorKey: `${foo.collectorId}.1`,
      terminal: 'till-7',
      tappedAt: taps[0]?.tappedAt,
      outcome: 'transferred',
      passes: [{ objectId, sent: true }],
    });
  });

  test('stay true when the key was retired since, and not when it was before', async () => {
    const partner = await world.merchant();
    const walletId = await world.wallet();
    await world.pass(partner, await world.passClass(partner), walletId);
    const { wallet, taps } = await offlinePhone(walletId);
    const terminal = await wireTerminal(partner);
    await terminal.tap(wallet.handle);
    await service.sql(
      `update issuer_keys set retired_at = clock_timestamp() + interval '1 second'
        where issuer_id = $1`,
      [partner.issuerId],
    );
    const { results } = expectStatus(await report(walletId, taps), 200);
    expect(results[0]?.outcome).toBe('recorded');
    wallet.reset();
    await terminal.tap(wallet.handle);
    await service.sql(
      `update issuer_keys set retired_at = clock_timestamp() - interval '1 hour'
        where issuer_id = $1`,
      [partner.issuerId],
    );
    const late = expectStatus(await report(walletId, taps.slice(1)), 200).results;
    expect(late).toEqual([{ outcome: 'refused', refusal: 'not-authentic' }]);
  });

  test('are refused one by one when they cannot be true', async () => {
    const { walletId, objectId } = await walletWithPass();
    const { wallet, taps } = await offlinePhone(walletId);
    await (await wireTerminal(foo)).tap(wallet.handle);
    const [good] = taps as [OfflineTap];
    const [scheme, signed = '', signature = ''] = good.evidence.split('.');
    const bytes = Buffer.from(signed, 'base64url');
    const forged = bytes.map((byte, index) => (index === 40 ? byte ^ 1 : byte));
    const evidenceOf = (blob: Uint8Array) =>
      [scheme, Buffer.from(blob).toString('base64url'), signature].join('.');
    const another = await walletWithPass();
    const { results } = expectStatus(
      await report(walletId, [
        { ...good, evidence: evidenceOf(forged) },
        { ...good, evidence: evidenceOf(bytes.subarray(1)) },
        { ...good, keyVersion: 2 },
        { ...good, objectIds: [another.objectId] },
        { ...good, tappedAt: '2026-01-01T00:00:00Z' },
        { ...good, tappedAt: '2199-01-01T00:00:00Z' },
        good,
      ]),
      200,
    );
    expect(results.map(({ outcome, refusal }) => refusal ?? outcome)).toEqual([
      'not-authentic',
      'not-authentic',
      'not-authentic',
      'pass-unknown',
      'time-implausible',
      'time-implausible',
      'recorded',
    ]);
    // The tap of this wallet reported as one of another tells nothing of it.
    const stolen = [{ ...good, objectIds: [] }];
    const told = expectStatus(await report(another.walletId, stolen), 200).results;
    expect(told).toEqual([{ outcome: 'refused', refusal: 'not-authentic' }]);
    expect(objectId).not.toBe(another.objectId);
  });

  test('need a body that says what they are', async () => {
    const { walletId } = await walletWithPass();
    for (const taps of [[], [{}], [{ evidence: 'x' }], Array.from({ length: 101 }, () => ({}))]) {
      expect((await report(walletId, taps)).status).toBe(422);
    }
    expect((await report('wal_00000000000000000000000000', [])).status).toBe(422);
  });
});
