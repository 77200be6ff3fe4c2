import { describe, expect, it } from 'vitest';
import {
  findLiveKey,
  insertApiKey,
  listApiKeys,
  type NewApiKey,
  revokeApiKey,
} from '../../src/access/store.ts';
import { listTapKeys } from '../../src/issuers/key-store.ts';
import {
  addKeys,
  collectorIdTaken,
  findIssuer,
  giveCollectorId,
  insertIssuerRow,
  issuerExists,
  listIssuers,
  lockIssuer,
  retireKeys,
  updateIssuer,
} from '../../src/issuers/store.ts';
import {
  claimClassId,
  classKind,
  findClass,
  findObject,
  insertObjectRow,
  listClasses,
  listObjects,
  lockObject,
  objectsOf,
  updateClass,
  updateObject,
} from '../../src/passes/store.ts';
import { newId } from '../../src/platform/ids.ts';
import { readFacts } from '../../src/redemptions/facts-store.ts';
import {
  insertStore,
  insertTerminal,
  listStores,
  listTerminals,
} from '../../src/terminals/store.ts';
import {
  addPass,
  bundleIssuers,
  bundlePasses,
  findPassToAdd,
  findWallet,
  insertWallet,
  listPasses,
  updatePlus,
} from '../../src/wallets/store.ts';
import { freshIssuerId, passClassOf, passObjectOf, SPKI, seedWallet } from '../support/seed.ts';
import { FIRST, HARD_TEXTS, LATER, type Stage } from './store-stage.ts';

/** Issuers and their keys, API keys, passes, wallets, terminals. */
export function holderStores(stage: Stage): void {
  describe('issuers', () => {
    it('keeps names, bodies and keys as they were written', async () => {
      const id = freshIssuerId();
      const issuer = { id, name: 'O\'Hara "茶"', collectorId: null, body: { deep: [{ a: 1.5 }] } };
      expect(await stage.write((tx) => insertIssuerRow(tx, issuer))).toBe(true);
      expect(await stage.write((tx) => insertIssuerRow(tx, issuer))).toBe(false);
      expect(await findIssuer(stage.database.reads, id)).toEqual({ ...issuer, keys: [] });
      await stage.write((tx) => updateIssuer(tx, id, { name: 'New', body: { x: null } }));
      expect(await stage.write((tx) => lockIssuer(tx, id))).toMatchObject({ name: 'New' });
      expect(await issuerExists(stage.database.reads, id)).toBe(true);
      expect(await listIssuers(stage.database.reads, id, 5)).toHaveLength(1);
      expect(await findIssuer(stage.database.reads, '1')).toBeNull();
    });

    it('gives a collector ID once and no two issuers the same', async () => {
      const id = freshIssuerId();
      await stage.write((tx) =>
        insertIssuerRow(tx, { id, name: 'B', collectorId: null, body: {} }),
      );
      expect(await stage.write((tx) => giveCollectorId(tx, id, stage.shop.collectorId))).toBe(
        false,
      );
      expect(await stage.write((tx) => giveCollectorId(tx, id, id))).toBe(true);
      expect(await collectorIdTaken(stage.database.reads, id)).toBe(true);
    });

    it('lists live keys with numbers as versions', async () => {
      await stage.write((tx) => addKeys(tx, stage.shop.issuerId, [{ version: 2, spki: SPKI }]));
      await stage.write((tx) => retireKeys(tx, stage.shop.issuerId, [1]));
      expect(await listTapKeys(stage.database.reads, stage.shop.collectorId)).toEqual([
        { collectorId: stage.shop.collectorId, version: 2, spki: SPKI },
      ]);
      const issuer = await findIssuer(stage.database.reads, stage.shop.issuerId);
      expect(issuer?.keys).toEqual([{ version: 2, spki: SPKI }]);
      expect((await listTapKeys(stage.database.reads, null)).length).toBeGreaterThan(1);
    });
  });

  describe('access', () => {
    const key = (changes: Partial<NewApiKey> = {}): NewApiKey => ({
      id: newId('key').slice(-16),
      issuerId: stage.shop.issuerId,
      mode: 'live',
      scopes: HARD_TEXTS,
      lastFour: 'abcd',
      expiresAt: LATER,
      secretSha256: 'f'.repeat(64),
      ...changes,
    });

    it('keeps scopes as an array and times as dates', async () => {
      const { secretSha256, ...shown } = key();
      await stage.write((tx) => insertApiKey(tx, { ...shown, secretSha256 }));
      const createdAt = expect.any(Date);
      expect(await listApiKeys(stage.database.reads, stage.shop.issuerId, FIRST)).toEqual([
        { ...shown, createdAt },
      ]);
      expect(await findLiveKey(stage.database.reads, shown.id)).toEqual({
        caller: {
          kind: 'key',
          keyId: shown.id,
          issuerId: stage.shop.issuerId,
          mode: 'live',
          scopes: HARD_TEXTS,
        },
        secretSha256,
      });
    });

    it('finds no key that is revoked or past its end', async () => {
      const [old, gone] = [key({ expiresAt: new Date(Date.now() - 1) }), key({ expiresAt: null })];
      await stage.write((tx) => insertApiKey(tx, old));
      await stage.write((tx) => insertApiKey(tx, gone));
      expect(await findLiveKey(stage.database.reads, old.id)).toBeNull();
      expect(await findLiveKey(stage.database.reads, gone.id)).not.toBeNull();
      expect(await stage.write((tx) => revokeApiKey(tx, gone.id, stage.shop.issuerId))).toBe(true);
      expect(await stage.write((tx) => revokeApiKey(tx, gone.id, null))).toBe(false);
      expect(await findLiveKey(stage.database.reads, gone.id)).toBeNull();
    });
  });

  describe('passes', () => {
    it('reads a class as it was written', async () => {
      const written = passClassOf(stage.shop.issuerId);
      expect(await findClass(stage.database.reads, written.id)).toEqual(written);
      const changed = { ...written, redemptionIssuers: HARD_TEXTS, version: 2 ** 40 };
      await stage.write((tx) => updateClass(tx, changed));
      expect(await findClass(stage.database.reads, written.id)).toEqual(changed);
      expect(
        await listClasses(stage.database.reads, stage.shop.issuerId, 'loyalty', FIRST),
      ).toEqual([changed]);
    });

    it('reads an object as it was written, to the millisecond', async () => {
      const written = passObjectOf(passClassOf(stage.shop.issuerId));
      expect(await findObject(stage.database.reads, written.id)).toEqual(written);
      const changed = { ...written, validFrom: null, validUntil: LATER, body: { a: [] } };
      await stage.write((tx) => updateObject(tx, changed));
      expect(await stage.write((tx) => lockObject(tx, written.id))).toEqual(changed);
      expect(await listObjects(stage.database.reads, written.classId, FIRST)).toEqual([changed]);
      expect(await stage.write((tx) => insertObjectRow(tx, written))).toBeNull();
      const asked = [written.id, `${stage.shop.issuerId}.none`];
      expect(await objectsOf(stage.database.reads, stage.shop.issuerId, asked, 'loyalty')).toEqual(
        new Set([written.id]),
      );
    });

    it('gives a class id to one kind of class only', async () => {
      const id = `${stage.shop.issuerId}.taken`;
      expect(await classKind(stage.database.reads, id)).toBeNull();
      expect(await stage.write((tx) => claimClassId(tx, id))).toBe(true);
      expect(await stage.write((tx) => claimClassId(tx, id))).toBe(false);
      expect(await classKind(stage.database.reads, id)).toBe('pass');
      expect(await classKind(stage.database.reads, stage.shop.couponClassId)).toBe('coupon');
    });
  });

  describe('wallets', () => {
    it('keeps one wallet an external id', async () => {
      const wallet = {
        issuerId: stage.shop.issuerId,
        displayName: '小明',
        externalId: 'ext-1',
        email: null,
        plus: true,
      };
      const secret = { pairwiseSecret: 'x' };
      const id = newId('wal');
      const expected = { id, ...wallet, createdAt: expect.any(Date) };
      expect(await stage.write((tx) => insertWallet(tx, { id, ...wallet, ...secret }))).toEqual(
        expected,
      );
      const second = { id: newId('wal'), ...wallet, ...secret };
      expect(await stage.write((tx) => insertWallet(tx, second))).toBeNull();
      await stage.write((tx) => updatePlus(tx, id, false));
      expect(await findWallet(stage.database.reads, id)).toEqual({ ...expected, plus: false });
    });

    it('keeps a pass of one holder with its holder', async () => {
      const other = await stage.write(seedWallet);
      expect(
        await stage.write((tx) => addPass(tx, stage.shop.walletId, stage.shop.objectId, true)),
      ).toBe(true);
      expect(await stage.write((tx) => addPass(tx, other, stage.shop.objectId, true))).toBe(false);
      expect(await stage.write((tx) => addPass(tx, other, stage.shop.objectId, false))).toBe(true);
      expect(await findPassToAdd(stage.database.reads, stage.shop.objectId)).toEqual({
        id: stage.shop.objectId,
        issuerId: stage.shop.issuerId,
        severalHolders: true,
      });
    });

    it('bundles passes and redemption issuers for the phone', async () => {
      const pass = {
        objectId: stage.shop.objectId,
        classId: stage.shop.passClassId,
        issuerId: stage.shop.issuerId,
        type: 'loyalty',
        state: 'ACTIVE',
      };
      expect(await listPasses(stage.database.reads, stage.shop.walletId, null, FIRST)).toEqual([
        { ...pass, addedAt: expect.any(Date) },
      ]);
      expect(await bundlePasses(stage.database.reads, stage.shop.walletId)).toEqual([
        {
          ...pass,
          redemptionValue: 'ADA-1',
          validFrom: new Date('2026-01-02T03:04:05.678Z'),
          validUntil: null,
          enableSmartTap: true,
          redemptionIssuers: [stage.shop.issuerId],
        },
      ]);
      const { issuerId, collectorId } = stage.shop;
      expect(await bundleIssuers(stage.database.reads, [issuerId, '1'])).toEqual([
        { issuerId, collectorId, keys: [{ version: 1, spki: SPKI }] },
      ]);
    });
  });

  it('keeps stores and terminals by issuer', async () => {
    const { issuerId } = stage.shop;
    const store = { id: 's1', issuerId, name: '一号店' };
    const terminal = { id: 't1', issuerId, storeId: 's1', name: 'Till 1' };
    expect(await stage.write((tx) => insertStore(tx, store))).toBe(true);
    expect(await stage.write((tx) => insertStore(tx, store))).toBe(false);
    expect(await stage.write((tx) => insertTerminal(tx, terminal))).toBe(true);
    expect(await listStores(stage.database.reads, issuerId, FIRST)).toEqual([store]);
    expect(await listTerminals(stage.database.reads, issuerId, FIRST)).toEqual([terminal]);
    const { collectorId } = stage.shop;
    const till = { collectorId, terminalId: 't1', code: '' };
    expect((await readFacts(stage.database.reads, till)).till).toEqual({ issuerId, storeId: 's1' });
  });
}
