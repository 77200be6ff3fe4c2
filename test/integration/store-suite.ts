import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  findLiveKey,
  insertApiKey,
  listApiKeys,
  type NewApiKey,
  revokeApiKey,
} from '../../src/access/store.ts';
import { audit } from '../../src/audit/store.ts';
import { laneOf } from '../../src/claims/model.ts';
import {
  findClaim,
  findDecidedClaims,
  insertPendingClaims,
  lanesWithOldClaims,
  loadPending,
  lockWaitingClasses,
  saveDecidedBatch,
} from '../../src/claims/store.ts';
import {
  classStats,
  countMissingIssuers,
  findClass as findCouponClass,
  insertClass,
  listClasses as listCouponClasses,
  lockClass,
  updateClass as updateCouponClass,
  voidClass,
} from '../../src/coupons/class-store.ts';
import {
  expireCoupons,
  findCoupon,
  listCoupons,
  voidIssuedCoupons,
} from '../../src/coupons/coupon-store.ts';
import {
  findCouponClassView,
  findCouponView,
  listCouponClassViews,
  listCouponViews,
} from '../../src/coupons/offer-view-store.ts';
import { findKey, forgetOldKeys, keepAnswer, takeKey } from '../../src/idempotency/store.ts';
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
import type { Database } from '../../src/platform/database.ts';
import { newId } from '../../src/platform/ids.ts';
import { violatedConstraint } from '../../src/platform/transact.ts';
import { beat, leaveBeats, workersAlive } from '../../src/queue/beat-store.ts';
import {
  finishOutbox,
  forgetDoneOutbox,
  outboxBacklog,
  owe,
  takeUndone,
} from '../../src/queue/outbox-store.ts';
import {
  couponExpiry,
  findByCode,
  findRedemption,
  findTill,
  insertRedemption,
  lineageOf,
  lockByCode,
  lockRedemption,
  saveReversal,
} from '../../src/redemptions/store.ts';
import {
  findPresentation,
  findTap,
  insertPresentation,
  loadTapFacts,
  type NewTap,
  recordChoice,
  recordTap,
  recordTransfer,
  selectPass,
  walletHolds,
} from '../../src/taps/store.ts';
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
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { runOn } from '../support/postgres.ts';
import {
  couponClassOf,
  couponOf,
  freshIssuerId,
  passClassOf,
  passObjectOf,
  type Shop,
  SPKI,
  seedCoupon,
  seedShop,
  seedWallet,
} from '../support/seed.ts';

/** Texts that break arrays and JSON which are put together by hand. */
const HARD_TEXTS = ['a,b', 'with "quotes"', 'back\\slash', '{brace}', '', 'NULL', "O'Hara", '茶'];
const FIRST = { after: null, limit: 10 };
const LATER = new Date('2031-07-08T09:10:11.123Z');

/** What every store must do alike, whichever driver it stands on. */
export function storeSuite(
  open: (url: string) => Database,
  prepare: (url: string) => Promise<void> = async () => {},
): void {
  let server: TestDatabase;
  let database: Database;
  let shop: Shop;

  beforeAll(async () => {
    server = await createTestDatabase();
    await prepare(server.url);
    database = open(server.url);
  });
  beforeEach(async () => {
    shop = await database.transact(seedShop);
  });
  afterAll(async () => {
    await database.close();
    await server.drop();
  });

  const write: Database['transact'] = (work) => database.transact(work);

  describe('issuers', () => {
    it('keeps names, bodies and keys as they were written', async () => {
      const id = freshIssuerId();
      const issuer = { id, name: 'O\'Hara "茶"', collectorId: null, body: { deep: [{ a: 1.5 }] } };
      expect(await write((tx) => insertIssuerRow(tx, issuer))).toBe(true);
      expect(await write((tx) => insertIssuerRow(tx, issuer))).toBe(false);
      expect(await findIssuer(database.reads, id)).toEqual({ ...issuer, keys: [] });
      await write((tx) => updateIssuer(tx, id, { name: 'New', body: { x: null } }));
      expect(await write((tx) => lockIssuer(tx, id))).toMatchObject({ name: 'New' });
      expect(await issuerExists(database.reads, id)).toBe(true);
      expect(await listIssuers(database.reads, id, 5)).toHaveLength(1);
      expect(await findIssuer(database.reads, '1')).toBeNull();
    });

    it('gives a collector ID once and no two issuers the same', async () => {
      const id = freshIssuerId();
      await write((tx) => insertIssuerRow(tx, { id, name: 'B', collectorId: null, body: {} }));
      expect(await write((tx) => giveCollectorId(tx, id, shop.collectorId))).toBe(false);
      expect(await write((tx) => giveCollectorId(tx, id, id))).toBe(true);
      expect(await collectorIdTaken(database.reads, id)).toBe(true);
    });

    it('lists live keys with numbers as versions', async () => {
      await write((tx) => addKeys(tx, shop.issuerId, [{ version: 2, spki: SPKI }]));
      await write((tx) => retireKeys(tx, shop.issuerId, [1]));
      expect(await listTapKeys(database.reads, shop.collectorId)).toEqual([
        { collectorId: shop.collectorId, version: 2, spki: SPKI },
      ]);
      const issuer = await findIssuer(database.reads, shop.issuerId);
      expect(issuer?.keys).toEqual([{ version: 2, spki: SPKI }]);
      expect((await listTapKeys(database.reads, null)).length).toBeGreaterThan(1);
    });
  });

  describe('access', () => {
    const key = (changes: Partial<NewApiKey> = {}): NewApiKey => ({
      id: newId('key').slice(-16),
      issuerId: shop.issuerId,
      mode: 'live',
      scopes: HARD_TEXTS,
      lastFour: 'abcd',
      expiresAt: LATER,
      secretSha256: 'f'.repeat(64),
      ...changes,
    });

    it('keeps scopes as an array and times as dates', async () => {
      const { secretSha256, ...shown } = key();
      await write((tx) => insertApiKey(tx, { ...shown, secretSha256 }));
      const createdAt = expect.any(Date);
      expect(await listApiKeys(database.reads, shop.issuerId, FIRST)).toEqual([
        { ...shown, createdAt },
      ]);
      expect(await findLiveKey(database.reads, shown.id)).toEqual({
        caller: {
          kind: 'key',
          keyId: shown.id,
          issuerId: shop.issuerId,
          mode: 'live',
          scopes: HARD_TEXTS,
        },
        secretSha256,
      });
    });

    it('finds no key that is revoked or past its end', async () => {
      const [old, gone] = [key({ expiresAt: new Date(Date.now() - 1) }), key({ expiresAt: null })];
      await write((tx) => insertApiKey(tx, old));
      await write((tx) => insertApiKey(tx, gone));
      expect(await findLiveKey(database.reads, old.id)).toBeNull();
      expect(await findLiveKey(database.reads, gone.id)).not.toBeNull();
      expect(await write((tx) => revokeApiKey(tx, gone.id, shop.issuerId))).toBe(true);
      expect(await write((tx) => revokeApiKey(tx, gone.id, null))).toBe(false);
      expect(await findLiveKey(database.reads, gone.id)).toBeNull();
    });
  });

  describe('passes', () => {
    it('reads a class as it was written', async () => {
      const written = passClassOf(shop.issuerId);
      expect(await findClass(database.reads, written.id)).toEqual(written);
      const changed = { ...written, redemptionIssuers: HARD_TEXTS, version: 2 ** 40 };
      await write((tx) => updateClass(tx, changed));
      expect(await findClass(database.reads, written.id)).toEqual(changed);
      expect(await listClasses(database.reads, shop.issuerId, 'loyalty', FIRST)).toEqual([changed]);
    });

    it('reads an object as it was written, to the millisecond', async () => {
      const written = passObjectOf(passClassOf(shop.issuerId));
      expect(await findObject(database.reads, written.id)).toEqual(written);
      const changed = { ...written, validFrom: null, validUntil: LATER, body: { a: [] } };
      await write((tx) => updateObject(tx, changed));
      expect(await write((tx) => lockObject(tx, written.id))).toEqual(changed);
      expect(await listObjects(database.reads, written.classId, FIRST)).toEqual([changed]);
      expect(await write((tx) => insertObjectRow(tx, written))).toBeNull();
      const asked = [written.id, `${shop.issuerId}.none`];
      expect(await objectsOf(database.reads, shop.issuerId, asked, 'loyalty')).toEqual(
        new Set([written.id]),
      );
    });

    it('gives a class id to one kind of class only', async () => {
      const id = `${shop.issuerId}.taken`;
      expect(await classKind(database.reads, id)).toBeNull();
      expect(await write((tx) => claimClassId(tx, id))).toBe(true);
      expect(await write((tx) => claimClassId(tx, id))).toBe(false);
      expect(await classKind(database.reads, id)).toBe('pass');
      expect(await classKind(database.reads, shop.couponClassId)).toBe('coupon');
    });
  });

  describe('wallets', () => {
    it('keeps one wallet an external id', async () => {
      const wallet = {
        issuerId: shop.issuerId,
        displayName: '小明',
        externalId: 'ext-1',
        plus: true,
      };
      const secret = { pairwiseSecret: 'x' };
      const id = newId('wal');
      const expected = { id, ...wallet, createdAt: expect.any(Date) };
      expect(await write((tx) => insertWallet(tx, { id, ...wallet, ...secret }))).toEqual(expected);
      const second = { id: newId('wal'), ...wallet, ...secret };
      expect(await write((tx) => insertWallet(tx, second))).toBeNull();
      await write((tx) => updatePlus(tx, id, false));
      expect(await findWallet(database.reads, id)).toEqual({ ...expected, plus: false });
    });

    it('keeps a pass of one holder with its holder', async () => {
      const other = await write(seedWallet);
      expect(await write((tx) => addPass(tx, shop.walletId, shop.objectId, true))).toBe(true);
      expect(await write((tx) => addPass(tx, other, shop.objectId, true))).toBe(false);
      expect(await write((tx) => addPass(tx, other, shop.objectId, false))).toBe(true);
      expect(await findPassToAdd(database.reads, shop.objectId)).toEqual({
        id: shop.objectId,
        issuerId: shop.issuerId,
        severalHolders: true,
      });
    });

    it('bundles passes and redemption issuers for the phone', async () => {
      const pass = {
        objectId: shop.objectId,
        classId: shop.passClassId,
        issuerId: shop.issuerId,
        type: 'loyalty',
        state: 'ACTIVE',
      };
      expect(await listPasses(database.reads, shop.walletId, null, FIRST)).toEqual([
        { ...pass, addedAt: expect.any(Date) },
      ]);
      expect(await bundlePasses(database.reads, shop.walletId)).toEqual([
        {
          ...pass,
          redemptionValue: 'ADA-1',
          validFrom: new Date('2026-01-02T03:04:05.678Z'),
          validUntil: null,
          enableSmartTap: true,
          redemptionIssuers: [shop.issuerId],
        },
      ]);
      const { issuerId, collectorId } = shop;
      expect(await bundleIssuers(database.reads, [issuerId, '1'])).toEqual([
        { issuerId, collectorId, keys: [{ version: 1, spki: SPKI }] },
      ]);
    });
  });

  it('keeps stores and terminals by issuer', async () => {
    const { issuerId } = shop;
    const store = { id: 's1', issuerId, name: '一号店' };
    const terminal = { id: 't1', issuerId, storeId: 's1', name: 'Till 1' };
    expect(await write((tx) => insertStore(tx, store))).toBe(true);
    expect(await write((tx) => insertStore(tx, store))).toBe(false);
    expect(await write((tx) => insertTerminal(tx, terminal))).toBe(true);
    expect(await listStores(database.reads, issuerId, FIRST)).toEqual([store]);
    expect(await listTerminals(database.reads, issuerId, FIRST)).toEqual([terminal]);
    expect(await findTill(database.reads, shop.collectorId, 't1')).toEqual({
      issuerId,
      storeId: 's1',
    });
  });

  describe('coupons', () => {
    it('reads a class as it was written', async () => {
      const written = couponClassOf(shop.issuerId, {
        id: `${shop.issuerId}.other`,
        description: 'plain',
        validity: {
          kind: 'fixed',
          start: '2026-01-01T00:00:00Z',
          end: '2099-01-01T00:00:00+08:00',
        },
        scope: { kind: 'items', include: HARD_TEXTS, exclude: [] },
        stores: HARD_TEXTS,
      });
      expect(await write((tx) => insertClass(tx, written))).toBe(true);
      expect(await write((tx) => insertClass(tx, written))).toBe(false);
      const found = await findCouponClass(database.reads, written.id);
      const stamps = { createdAt: expect.any(Date), updatedAt: expect.any(Date) };
      const now = expect.any(Date);
      expect(found).toEqual({ ...written, claimed: 0, voidedAt: null, ...stamps, now });
      expect(Math.abs((found?.now.getTime() ?? 0) - Date.now())).toBeLessThan(5000);
    });

    it('changes, lists by status, counts and voids', async () => {
      const id = shop.couponClassId;
      const { issuerId } = shop;
      await write((tx) => updateCouponClass(tx, id, { stock: 7, claimEnd: LATER, name: 'x' }));
      expect(await write((tx) => lockClass(tx, id))).toMatchObject({
        stock: 7,
        claimEnd: LATER,
        name: 'x',
      });
      const ids = async (status: 'open' | 'voided' | null) =>
        (await listCouponClasses(database.reads, { issuerId, status }, FIRST)).map((c) => c.id);
      expect(await ids('open')).toEqual([id]);
      await write((tx) => voidClass(tx, id));
      expect(await ids('open')).toEqual([]);
      expect(await ids('voided')).toEqual([id]);
      const none = { claimed: 0, redeemed: 0, cloned: 0, orderTotalMinor: 0 };
      expect(await classStats(database.reads, [id])).toEqual(new Map([[id, none]]));
      expect(await countMissingIssuers(database.reads, [issuerId, '1', '2'])).toBe(2);
    });

    it('issues, lists, voids and expires coupons', async () => {
      const {
        maxClones: _max,
        clonedBy: _by,
        ...coupon
      } = await write((tx) => seedCoupon(tx, shop));
      const past = couponOf(shop, { expiresAt: new Date(Date.now() - 1) });
      await write((tx) => seedCoupon(tx, shop, past));
      const shown = { ...coupon, status: 'issued' };
      expect(await findCoupon(database.reads, coupon.id)).toEqual(shown);
      expect(await findCoupon(database.reads, past.id)).toMatchObject({ status: 'expired' });
      const issued = { issuerId: shop.issuerId, status: 'issued' } as const;
      expect(await listCoupons(database.reads, shop.walletId, issued, FIRST)).toEqual([shown]);
      expect(await expireCoupons(database.single)).toBe(1);
      expect(await write((tx) => voidIssuedCoupons(tx, shop.couponClassId))).toBe(1);
    });

    it('shows classes and coupons to the Wallet face', async () => {
      const coupon = await write((tx) => seedCoupon(tx, shop));
      const { issuerId, couponClassId } = shop;
      const view = await findCouponClassView(database.reads, couponClassId);
      expect(view).toMatchObject({ issuerName: 'Teashop', redemptionIssuers: [issuerId] });
      expect(await listCouponClassViews(database.reads, issuerId, FIRST)).toEqual([view]);
      const shown = await findCouponView(database.reads, issuerId, coupon.id);
      expect(shown).toMatchObject({ expiresAt: coupon.expiresAt, now: expect.any(Date) });
      expect(await listCouponViews(database.reads, couponClassId, FIRST)).toHaveLength(1);
    });
  });

  describe('claims', () => {
    const request = (key: string | null, classId = shop.couponClassId) => ({
      id: newId('clm'),
      classId,
      walletId: shop.walletId,
      tapId: null,
      actor: 'root',
      requestId: newId('req'),
      key: key === null ? null : { scope: shop.issuerId, key, fingerprint: 'f' },
    });

    it('lets in a claim a key and none of an unknown class', async () => {
      const first = request('one');
      const bare = request(null);
      const batch = [first, request('one'), bare, request(null, '1.none')];
      const inserted = await write((tx) => insertPendingClaims(tx, batch));
      expect(inserted).toEqual(new Set([first.id, bare.id]));
      const { id, classId, walletId, requestId } = first;
      const createdAt = expect.any(Date);
      const outcome = { status: 'pending' };
      const claim = { id, classId, walletId, createdAt, requestId, outcome };
      expect(await findClaim(database.reads, first.id)).toEqual(claim);
      expect(await findKey(database.reads, shop.issuerId, 'one')).toEqual({
        fingerprint: 'f',
        claimId: first.id,
        answer: null,
      });
    });

    it('loads what is pending, writes what was decided and finds it again', async () => {
      const [granted, refused] = [request(null), request(null)];
      const lane = laneOf(shop.couponClassId);
      await write((tx) => insertPendingClaims(tx, [granted, refused]));
      expect(await lanesWithOldClaims(database.reads, 0)).toContain(lane);
      const coupon = couponOf(shop);
      await write(async (tx) => {
        expect(await lockWaitingClasses(tx, lane, 64)).toContain(shop.couponClassId);
        const pending = await loadPending(tx, lane, [shop.couponClassId], 64);
        expect(pending?.now).toBeInstanceOf(Date);
        expect(pending?.claims.map(({ id }) => id)).toEqual([granted.id, refused.id]);
        expect(pending?.claims[0]?.claimant).toEqual({
          known: true,
          plus: false,
          passClasses: [],
          claimed: 0,
          tap: null,
        });
        const { classId, walletId, actor } = granted;
        const decided = { classId, walletId, actor, memberLimit: 2 };
        await saveDecidedBatch(
          tx,
          [
            { ...decided, id: granted.id, refusal: null, couponId: coupon.id },
            { ...decided, id: refused.id, refusal: 'sold-out', couponId: null },
          ],
          [coupon],
        );
      });
      const found = await findDecidedClaims(database.reads, [granted.id, refused.id, 'clm_none']);
      expect(found.find(({ id }) => id === refused.id)?.outcome).toEqual({
        status: 'refused',
        refusal: 'sold-out',
      });
      const { maxClones: _max, clonedBy: _by, ...shown } = coupon;
      expect(found.find(({ id }) => id === granted.id)?.outcome).toEqual({
        status: 'issued',
        coupon: { ...shown, status: 'issued' },
      });
      expect(await findCouponClass(database.reads, shop.couponClassId)).toMatchObject({
        claimed: 1,
      });
    });
  });

  it('keeps the first answer under an idempotency key', async () => {
    const use = { scope: shop.issuerId, key: 'k "1"', fingerprint: 'abc' };
    const answer = { status: 201, headers: { 'Content-Type': 'a/b' }, body: '{"é":"茶"}' };
    expect(await write((tx) => takeKey(tx, use))).toBe(true);
    expect(await write((tx) => takeKey(tx, use))).toBe(false);
    await write((tx) => keepAnswer(tx, use, answer));
    const kept = { fingerprint: 'abc', claimId: null, answer };
    expect(await findKey(database.reads, use.scope, use.key)).toEqual(kept);
    expect(await forgetOldKeys(database.single)).toBe(0);
  });

  it('owes, hands out and finishes outbox rows', async () => {
    const payload = { redemptionId: 'red_1', deep: { list: HARD_TEXTS } };
    await write((tx) => owe(tx, 'clones.make', payload));
    const [row, ...rest] = await write((tx) => takeUndone(tx, 15));
    expect(rest).toEqual([]);
    expect(row).toEqual({ id: expect.any(Number), job: 'clones.make', payload, attempts: 1 });
    expect(await write((tx) => takeUndone(tx, 15))).toEqual([]);
    expect(await outboxBacklog(database.reads)).toBe(1);
    expect(await write((tx) => finishOutbox(tx, row?.id ?? 0))).toBe(true);
    expect(await write((tx) => finishOutbox(tx, row?.id ?? 0))).toBe(false);
    expect(await outboxBacklog(database.reads)).toBe(0);
    expect(await forgetDoneOutbox(database.single)).toBe(0);
  });

  it('knows whether any worker is alive', async () => {
    expect(await workersAlive(database.reads)).toBe(false);
    await beat(database.single, 'wrk_1');
    await beat(database.single, 'wrk_1');
    expect(await workersAlive(database.reads)).toBe(true);
    await leaveBeats(database.single, 'wrk_1');
    expect(await workersAlive(database.reads)).toBe(false);
  });

  it('writes audit entries with their detail', async () => {
    const entry = { actor: 'root', action: 'test', subject: shop.issuerId, outcome: 'done' };
    const detail = { texts: HARD_TEXTS, nothing: null };
    await write((tx) => audit(tx, { ...entry, detail }, entry));
    const rows = await runOn(
      server.url,
      'select actor, action, subject, outcome, detail from audit_entries where subject = $1 order by seq',
      [shop.issuerId],
    );
    expect(rows).toEqual([
      { ...entry, detail },
      { ...entry, detail: {} },
    ]);
  });

  describe('taps', () => {
    const present = async () => {
      const presentation = { id: newId('prs'), walletId: shop.walletId, tokenSha256: newId('prs') };
      const expiresAt = await write((tx) =>
        insertPresentation(tx, { ...presentation, screen: 'home', objectId: null }),
      );
      expect(expiresAt.getTime() - Date.now()).toBeGreaterThan(50_000);
      return presentation;
    };
    const facts = (token: string) => loadTapFacts(database.reads, shop.collectorId, 1, token);
    const tapOf = (keyId: number, presentationId: string, jti = newId('req')): NewTap => ({
      id: newId('tap'),
      keyId,
      issuerId: shop.issuerId,
      jti,
      kid: `${shop.collectorId}.1`,
      walletId: shop.walletId,
      presentationId,
      terminalId: null,
      outcome: 'transferred',
      verdicts: [
        {
          objectId: shop.objectId,
          classId: shop.passClassId,
          issuerId: shop.issuerId,
          step: 'sent',
        },
      ],
      payload: 'a.b.c',
    });

    it('loads all facts in one row', async () => {
      const coupon = await write((tx) => seedCoupon(tx, shop));
      const { id, tokenSha256 } = await present();
      expect(await facts(tokenSha256)).toEqual({
        now: expect.any(Date),
        key: { id: expect.any(Number), issuerId: shop.issuerId, spki: SPKI },
        presentation: {
          id,
          walletId: shop.walletId,
          screen: 'home',
          objectId: null,
          live: true,
          pairwiseSecret: 'a secret',
        },
        passes: [
          {
            objectId: shop.objectId,
            classId: shop.passClassId,
            issuerId: shop.issuerId,
            type: 'loyalty',
            state: 'ACTIVE',
            redemptionValue: 'ADA-1',
            validFrom: new Date('2026-01-02T03:04:05.678Z'),
            validUntil: null,
            enableSmartTap: true,
            classApproved: true,
            redemptionIssuers: [shop.issuerId],
          },
        ],
        coupons: [
          {
            id: coupon.id,
            classId: coupon.classId,
            issuerId: shop.issuerId,
            redemptionValue: coupon.code,
            availableAt: coupon.availableAt,
            expiresAt: coupon.expiresAt,
            redemptionIssuers: [shop.issuerId],
          },
        ],
      });
      expect(await facts('unknown')).toMatchObject({ presentation: null, passes: [], coupons: [] });
      expect(await walletHolds(database.reads, shop.walletId, shop.objectId)).toBe(true);
    });

    it('hands a presentation over once and names the constraint of a used nonce', async () => {
      const { id, tokenSha256 } = await present();
      const { key } = await facts(tokenSha256);
      const tap = tapOf(key?.id ?? 0, id);
      expect(await recordTransfer(database.single, tap)).toBe(true);
      const again = { ...tapOf(key?.id ?? 0, id), outcome: 'presentation-expired' };
      expect(await recordTransfer(database.single, again)).toBe(false);
      await recordTap(database.single, again);
      const replay = recordTap(database.single, { ...again, id: newId('tap') });
      expect(violatedConstraint(await replay.catch((error: unknown) => error))).toBe('taps_nonce');
      const { id: tapId, issuerId, kid, terminalId, outcome, verdicts } = tap;
      const tappedAt = expect.any(Date);
      const recorded = { id: tapId, issuerId, kid, terminalId, outcome, verdicts, tappedAt };
      expect(await findTap(database.reads, tap.id)).toEqual(recorded);
    });

    it('offers a choice and takes the selection', async () => {
      const { id, tokenSha256 } = await present();
      const { key } = await facts(tokenSha256);
      const choices = [{ objectId: shop.objectId, classId: shop.passClassId }];
      const tap = { ...tapOf(key?.id ?? 0, id), outcome: 'choose' };
      expect(await recordChoice(database.single, tap, choices)).toBe(true);
      const state = { id, walletId: shop.walletId, expiresAt: expect.any(Date), expired: false };
      expect(await findPresentation(database.reads, id, { lock: false })).toEqual({
        ...state,
        status: 'choose',
        choices,
      });
      await write((tx) => selectPass(tx, id, shop.objectId));
      expect(await write((tx) => findPresentation(tx, id, { lock: true }))).toEqual({
        ...state,
        status: 'open',
        choices: [],
      });
    });
  });

  it('redeems with amounts beyond 32 bits, and takes it back', async () => {
    const coupon = await write((tx) => seedCoupon(tx, shop));
    const { issuerId, collectorId, couponClassId, walletId } = shop;
    const redeemable = await write((tx) => lockByCode(tx, coupon.code));
    expect(redeemable).toEqual(
      await findByCode(database.reads, coupon.code).then((found) => ({
        ...found,
        now: expect.any(Date),
      })),
    );
    expect(redeemable?.terms).toMatchObject({
      minSpendMinor: 5_000_000_000,
      scope: { kind: 'all' },
    });
    const redemption = {
      id: newId('red'),
      couponId: coupon.id,
      classId: couponClassId,
      issuerId,
      redemptionIssuerId: issuerId,
      collectorId,
      terminalId: null,
      order: {
        id: 'o-1',
        currency: 'CNY',
        lines: [{ sku: '茶', quantity: 0.5, unitPriceMinor: 9 }],
      },
      orderTotalMinor: 9_000_000_000_000,
      discountMinor: 500,
      payableMinor: 8_999_999_999_500,
    };
    const redeemedAt = await write((tx) => insertRedemption(tx, redemption));
    expect(redeemedAt).toBeInstanceOf(Date);
    const twice = { ...redemption, id: newId('red') };
    expect(await write((tx) => insertRedemption(tx, twice))).toBeNull();
    const open = { reversalId: null, reversedAt: null, clone: null };
    const found = { ...redemption, walletId, redeemedAt, ...open };
    expect(await findRedemption(database.reads, redemption.id)).toEqual(found);
    expect((await classStats(database.reads, [couponClassId])).get(couponClassId)).toMatchObject({
      redeemed: 1,
      orderTotalMinor: 9_000_000_000_000,
    });
    expect(await lineageOf(database.reads, coupon.id)).toMatchObject({ clones: 0, maxClones: 3 });
    await write(async (tx) => {
      const locked = await lockRedemption(tx, redemption.id);
      if (locked === null) throw new Error('the redemption is gone');
      expect(await couponExpiry(tx, coupon.id)).toMatchObject({ expiresAt: coupon.expiresAt });
      expect(await saveReversal(tx, locked, newId('rev'), 'issued')).toBeInstanceOf(Date);
    });
    expect(await findCoupon(database.reads, coupon.id)).toMatchObject({ status: 'issued' });
  });
}
