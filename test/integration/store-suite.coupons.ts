import { describe, expect, it } from 'vitest';
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
  findClass as findCouponClass,
  insertClass,
  listClasses as listCouponClasses,
  lockClass,
  updateClass as updateCouponClass,
  voidClass,
} from '../../src/coupons/class-store.ts';
import {
  findCoupon,
  listCoupons,
  type NewCoupon,
  voidIssuedCoupons,
} from '../../src/coupons/coupon-store.ts';
import { expireDueCoupons } from '../../src/coupons/expire.ts';
import type { Coupon } from '../../src/coupons/model.ts';
import {
  findCouponClassView,
  findCouponView,
  listCouponClassViews,
  listCouponViews,
} from '../../src/coupons/offer-view-store.ts';
import { readClass } from '../../src/coupons/read.ts';
import { unknownReferences } from '../../src/coupons/reference-store.ts';
import { withdrawClass } from '../../src/coupons/withdrawal-store.ts';
import { findKey, forgetOldKeys, keepAnswer, takeKey } from '../../src/idempotency/store.ts';
import { newId } from '../../src/platform/ids.ts';
import { beat, leaveBeats, workersAlive } from '../../src/queue/beat-store.ts';
import {
  finishOutbox,
  forgetDoneOutbox,
  outboxBacklog,
  owe,
  takeUndone,
} from '../../src/queue/outbox-store.ts';
import { lockRedemption, saveRedemption } from '../../src/redemptions/store.ts';
import { insertStore } from '../../src/terminals/store.ts';
import { runOn } from '../support/postgres.ts';
import { couponClassOf, couponOf, seedCoupon } from '../support/seed.ts';
import { FIRST, HARD_TEXTS, LATER, type Stage } from './store-stage.ts';

/** A new coupon as it is read. */
function issuedAs(coupon: NewCoupon): Coupon {
  const {
    maxClones: _max,
    clonedBy: _by,
    reservedMinor: _sum,
    noticeDueAt: _due,
    ...rest
  } = coupon;
  return { ...rest, status: 'issued' };
}

/** Coupons, claims and what is written beside them. */
export function couponStores(stage: Stage): void {
  describe('coupons', () => {
    it('reads a class as it was written', async () => {
      const written = couponClassOf(stage.shop.issuerId, {
        id: `${stage.shop.issuerId}.other`,
        description: 'plain',
        validity: {
          kind: 'fixed',
          start: '2026-01-01T00:00:00Z',
          end: '2099-01-01T00:00:00+08:00',
        },
        scope: { kind: 'items', include: HARD_TEXTS, exclude: [] },
        stores: HARD_TEXTS,
      });
      expect(await stage.write((tx) => insertClass(tx, written))).toBe(true);
      expect(await stage.write((tx) => insertClass(tx, written))).toBe(false);
      const found = await findCouponClass(stage.database.reads, written.id);
      const stamps = { createdAt: expect.any(Date), updatedAt: expect.any(Date) };
      const now = expect.any(Date);
      const started = { claimed: 0, committedMinor: 0, voidedAt: null, version: 1 };
      expect(found).toEqual({ ...written, ...started, ...stamps, now });
      expect(Math.abs((found?.now.getTime() ?? 0) - Date.now())).toBeLessThan(5000);
    });

    it('changes, lists by status, counts and voids', async () => {
      const id = stage.shop.couponClassId;
      const { issuerId } = stage.shop;
      await stage.write((tx) =>
        updateCouponClass(tx, id, { stock: 7, claimEnd: LATER, name: 'x' }),
      );
      expect(await stage.write((tx) => lockClass(tx, id))).toMatchObject({
        stock: 7,
        claimEnd: LATER,
        name: 'x',
      });
      const ids = async (status: 'open' | 'voided' | null) =>
        (await listCouponClasses(stage.database.reads, { issuerId, status }, FIRST)).map(
          (c) => c.id,
        );
      expect(await ids('open')).toEqual([id]);
      await stage.write((tx) => voidClass(tx, id));
      expect(await ids('open')).toEqual([]);
      expect(await ids('voided')).toEqual([id]);
      const none = { redeemed: 0, cloned: 0, orderTotalMinor: 0 };
      expect(await readClass(stage.database.reads, { kind: 'root' }, id)).toMatchObject({
        stats: none,
      });
    });

    it('names what a class refers to and nobody has', async () => {
      const { issuerId, passClassId } = stage.shop;
      const store = { id: HARD_TEXTS[1] ?? '', issuerId, name: 'x' };
      await stage.write((tx) => insertStore(tx, store));
      const unknown = await unknownReferences(stage.database.reads, issuerId, {
        redemptionIssuers: [issuerId, '1'],
        memberClasses: [passClassId, '1.gold'],
        stores: [store.id, 'nowhere'],
      });
      expect(unknown).toEqual([
        { field: 'redemptionIssuers', id: '1' },
        { field: 'memberClasses', id: '1.gold' },
        { field: 'stores', id: 'nowhere' },
      ]);
      const foreign = { memberClasses: [passClassId], stores: [store.id] };
      expect(await unknownReferences(stage.database.reads, '2', foreign)).toEqual([
        { field: 'issuerId', id: '2' },
        { field: 'memberClasses', id: passClassId },
        { field: 'stores', id: store.id },
      ]);
    });

    it('withdraws a class, which a redemption of it then knows', async () => {
      const coupon = await stage.write((tx) => seedCoupon(tx, stage.shop));
      const { couponClassId, collectorId, issuerId } = stage.shop;
      const redemption = {
        id: newId('red'),
        redemptionIssuerId: issuerId,
        collectorId,
        terminalId: null,
        storeId: null,
        order: { id: 'o', currency: 'CNY', totalMinor: 500 },
        orderTotalMinor: 500,
        discountMinor: 500,
        payableMinor: 0,
      };
      const asked = { actor: 'root', code: coupon.code, version: 1 };
      await stage.write((tx) => saveRedemption(tx, asked, redemption));
      await stage.write((tx) => withdrawClass(tx, couponClassId));
      const locked = await stage.write((tx) => lockRedemption(tx, redemption.id));
      expect(locked).toMatchObject({ withdrawn: true });
    });

    it('issues, lists, voids and expires coupons', async () => {
      const coupon = await stage.write((tx) => seedCoupon(tx, stage.shop));
      const past = couponOf(stage.shop, { expiresAt: new Date(Date.now() - 1) });
      await stage.write((tx) => seedCoupon(tx, stage.shop, past));
      const shown = issuedAs(coupon);
      expect(await findCoupon(stage.database.reads, coupon.id)).toEqual(shown);
      expect(await findCoupon(stage.database.reads, past.id)).toMatchObject({ status: 'expired' });
      const issued = { issuerId: stage.shop.issuerId, status: 'issued' } as const;
      expect(await listCoupons(stage.database.reads, stage.shop.walletId, issued, FIRST)).toEqual([
        shown,
      ]);
      expect(await expireDueCoupons(stage.database)).toBe(1);
      expect(await stage.write((tx) => voidIssuedCoupons(tx, stage.shop.couponClassId))).toBe(1);
    });

    it('shows classes and coupons to the Wallet face', async () => {
      const coupon = await stage.write((tx) => seedCoupon(tx, stage.shop));
      const { issuerId, couponClassId } = stage.shop;
      const view = await findCouponClassView(stage.database.reads, couponClassId);
      expect(view).toMatchObject({ issuerName: 'Teashop', redemptionIssuers: [issuerId] });
      expect(await listCouponClassViews(stage.database.reads, issuerId, FIRST)).toEqual([view]);
      const shown = await findCouponView(stage.database.reads, issuerId, coupon.id);
      expect(shown).toMatchObject({ expiresAt: coupon.expiresAt, now: expect.any(Date) });
      expect(await listCouponViews(stage.database.reads, couponClassId, FIRST)).toHaveLength(1);
    });
  });

  describe('claims', () => {
    const request = (key: string | null, classId = stage.shop.couponClassId) => ({
      id: newId('clm'),
      classId,
      walletId: stage.shop.walletId,
      tapId: null,
      actor: 'root',
      requestId: newId('req'),
      key: key === null ? null : { scope: stage.shop.issuerId, key, fingerprint: 'f' },
    });

    it('lets in a claim a key and none of an unknown class', async () => {
      const first = request('one');
      const bare = request(null);
      const batch = [first, request('one'), bare, request(null, '1.none')];
      const inserted = await stage.write((tx) => insertPendingClaims(tx, batch));
      expect(inserted).toEqual(new Set([first.id, bare.id]));
      const { id, classId, walletId, requestId } = first;
      const createdAt = expect.any(Date);
      const outcome = { status: 'pending' };
      const claim = { id, classId, walletId, createdAt, requestId, outcome };
      expect(await findClaim(stage.database.reads, first.id)).toEqual(claim);
      expect(await findKey(stage.database.reads, stage.shop.issuerId, 'one')).toEqual({
        fingerprint: 'f',
        claimId: first.id,
        answer: null,
      });
    });

    it('loads what is pending, writes what was decided and finds it again', async () => {
      const [granted, refused] = [request(null), request(null)];
      const lane = laneOf(stage.shop.couponClassId);
      await stage.write((tx) => insertPendingClaims(tx, [granted, refused]));
      expect(await lanesWithOldClaims(stage.database.reads, 0)).toContain(lane);
      const coupon = couponOf(stage.shop);
      await stage.write(async (tx) => {
        const waiting = await lockWaitingClasses(tx, lane, 64);
        const locked = waiting.find(({ id }) => id === stage.shop.couponClassId);
        expect(locked).toMatchObject({ stock: 100, voidedAt: null });
        expect(locked?.claimStart).toBeInstanceOf(Date);
        const pending = await loadPending(tx, lane, [stage.shop.couponClassId], 64);
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
        const rules = { memberLimit: 2, version: 1, storeId: null };
        const decided = { classId, walletId, actor, ...rules, reservedMinor: null };
        await saveDecidedBatch(
          tx,
          pending?.now ?? new Date(),
          [
            { ...decided, id: granted.id, refusal: null, couponId: coupon.id },
            { ...decided, id: refused.id, refusal: 'sold-out', couponId: null },
          ],
          [coupon],
        );
      });
      const found = await findDecidedClaims(stage.database.reads, [
        granted.id,
        refused.id,
        'clm_none',
      ]);
      expect(found.find(({ id }) => id === refused.id)?.outcome).toEqual({
        status: 'refused',
        refusal: 'sold-out',
      });
      expect(found.find(({ id }) => id === granted.id)?.outcome).toEqual({
        status: 'issued',
        coupon: issuedAs(coupon),
      });
      expect(await findCouponClass(stage.database.reads, stage.shop.couponClassId)).toMatchObject({
        claimed: 1,
      });
    });
  });

  it('keeps the first answer under an idempotency key', async () => {
    const use = { scope: stage.shop.issuerId, key: 'k "1"', fingerprint: 'abc' };
    const answer = { status: 201, headers: { 'Content-Type': 'a/b' }, body: '{"é":"茶"}' };
    expect(await stage.write((tx) => takeKey(tx, use))).toBe(true);
    expect(await stage.write((tx) => takeKey(tx, use))).toBe(false);
    await stage.write((tx) => keepAnswer(tx, use, answer));
    const kept = { fingerprint: 'abc', claimId: null, answer };
    expect(await findKey(stage.database.reads, use.scope, use.key)).toEqual(kept);
    expect(await forgetOldKeys(stage.database.single)).toBe(0);
  });

  it('owes, hands out and finishes outbox rows', async () => {
    const payload = { redemptionId: 'red_1', deep: { list: HARD_TEXTS } };
    await stage.write((tx) => owe(tx, 'clones.make', payload));
    const limits = { resendSeconds: 15, mostInFlight: 1 };
    const [row, ...rest] = await stage.write((tx) => takeUndone(tx, limits));
    expect(rest).toEqual([]);
    expect(row).toEqual({ id: expect.any(Number), job: 'clones.make', payload });
    await stage.write((tx) => owe(tx, 'clones.make', {}));
    // As many are sent and not done as may be.
    expect(await stage.write((tx) => takeUndone(tx, limits))).toEqual([]);
    expect(await outboxBacklog(stage.database.reads)).toBe(2);
    expect(await stage.write((tx) => finishOutbox(tx, row?.id ?? 0))).toBe(true);
    expect(await stage.write((tx) => finishOutbox(tx, row?.id ?? 0))).toBe(false);
    const [next] = await stage.write((tx) => takeUndone(tx, limits));
    expect(await stage.write((tx) => finishOutbox(tx, next?.id ?? 0))).toBe(true);
    expect(await outboxBacklog(stage.database.reads)).toBe(0);
    expect(await forgetDoneOutbox(stage.database.single)).toBe(0);
  });

  it('knows whether any worker is alive', async () => {
    expect(await workersAlive(stage.database.reads)).toBe(false);
    await beat(stage.database.single, 'wrk_1');
    await beat(stage.database.single, 'wrk_1');
    expect(await workersAlive(stage.database.reads)).toBe(true);
    await leaveBeats(stage.database.single, 'wrk_1');
    expect(await workersAlive(stage.database.reads)).toBe(false);
  });

  it('writes audit entries with their detail', async () => {
    const entry = { actor: 'root', action: 'test', subject: stage.shop.issuerId, outcome: 'done' };
    const detail = { texts: HARD_TEXTS, nothing: null };
    await stage.write((tx) => audit(tx, { ...entry, detail }, entry));
    const rows = await runOn(
      stage.url,
      `select actor, action, subject, outcome, detail from audit_entries
        where subject = $1 order by seq`,
      [stage.shop.issuerId],
    );
    expect(rows).toEqual([
      { ...entry, detail },
      { ...entry, detail: {} },
    ]);
  });
}
