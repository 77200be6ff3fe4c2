import { describe, expect, it } from 'vitest';
import { findCoupon } from '../../src/coupons/coupon-store.ts';
import { readClass } from '../../src/coupons/read.ts';
import { newId } from '../../src/platform/ids.ts';
import { violatedConstraint } from '../../src/platform/transact.ts';
import { readFacts, readSomeFacts } from '../../src/redemptions/facts-store.ts';
import { lineageOf } from '../../src/redemptions/lineage-store.ts';
import {
  findRedemption,
  lockRedemption,
  saveRedemption,
  saveReversal,
} from '../../src/redemptions/store.ts';
import { loadTapFacts } from '../../src/taps/facts-store.ts';
import {
  findPresentation,
  findTap,
  insertPresentation,
  type NewTap,
  recordChoice,
  recordTap,
  recordTransfer,
  selectPass,
  walletHolds,
} from '../../src/taps/store.ts';
import { SPKI, seedCoupon } from '../support/seed.ts';
import type { Stage } from './store-stage.ts';

/** What happens at the counter: taps and redemptions. */
export function counterStores(stage: Stage): void {
  describe('taps', () => {
    const present = async () => {
      const presentation = {
        id: newId('prs'),
        walletId: stage.shop.walletId,
        tokenSha256: newId('prs'),
      };
      const expiresAt = await stage.write((tx) =>
        insertPresentation(tx, { ...presentation, screen: 'home', objectId: null }),
      );
      expect(expiresAt.getTime() - Date.now()).toBeGreaterThan(50_000);
      return presentation;
    };
    const facts = (token: string) =>
      loadTapFacts(stage.database.reads, {
        collectorId: stage.shop.collectorId,
        keyVersion: 1,
        tokenSha256: token,
        terminalId: 'till-1',
      });
    const tapOf = (keyId: number, presentationId: string, jti = newId('req')): NewTap => ({
      id: newId('tap'),
      keyId,
      issuerId: stage.shop.issuerId,
      jti,
      kid: `${stage.shop.collectorId}.1`,
      walletId: stage.shop.walletId,
      presentationId,
      terminalId: null,
      outcome: 'transferred',
      verdicts: [
        {
          objectId: stage.shop.objectId,
          classId: stage.shop.passClassId,
          issuerId: stage.shop.issuerId,
          step: 'sent',
        },
      ],
      payload: 'a.b.c',
    });

    it('loads all facts in one row', async () => {
      const coupon = await stage.write((tx) => seedCoupon(tx, stage.shop));
      const { id, tokenSha256 } = await present();
      expect(await facts(tokenSha256)).toEqual({
        now: expect.any(Date),
        key: { id: expect.any(Number), issuerId: stage.shop.issuerId, spki: SPKI },
        storeId: null,
        tillListens: false,
        presentation: {
          id,
          walletId: stage.shop.walletId,
          screen: 'home',
          objectId: null,
          live: true,
          pairwiseSecret: 'a secret',
          plus: false,
        },
        passes: [
          {
            objectId: stage.shop.objectId,
            classId: stage.shop.passClassId,
            issuerId: stage.shop.issuerId,
            type: 'loyalty',
            state: 'ACTIVE',
            redemptionValue: 'ADA-1',
            validFrom: new Date('2026-01-02T03:04:05.678Z'),
            validUntil: null,
            enableSmartTap: true,
            classApproved: true,
            redemptionIssuers: [stage.shop.issuerId],
          },
        ],
        coupons: [
          {
            id: coupon.id,
            classId: coupon.classId,
            issuerId: stage.shop.issuerId,
            redemptionValue: coupon.code,
            availableAt: coupon.availableAt,
            expiresAt: coupon.expiresAt,
            redemptionIssuers: [stage.shop.issuerId],
            stores: [],
            scene: 'all',
            timeZone: 'Asia/Shanghai',
            useHours: [],
            memberClasses: [],
            plusOnly: false,
          },
        ],
      });
      expect(await facts('unknown')).toMatchObject({ presentation: null, passes: [], coupons: [] });
      expect(
        await walletHolds(stage.database.reads, stage.shop.walletId, stage.shop.objectId),
      ).toBe(true);
    });

    it('hands a presentation over once and names the constraint of a used nonce', async () => {
      const { id, tokenSha256 } = await present();
      const { key } = await facts(tokenSha256);
      const tap = tapOf(key?.id ?? 0, id);
      expect(await recordTransfer(stage.database.single, tap)).toBe(true);
      const again = { ...tapOf(key?.id ?? 0, id), outcome: 'presentation-expired' };
      expect(await recordTransfer(stage.database.single, again)).toBe(false);
      await recordTap(stage.database.single, again);
      const replay = recordTap(stage.database.single, { ...again, id: newId('tap') });
      expect(violatedConstraint(await replay.catch((error: unknown) => error))).toBe('taps_nonce');
      const { id: tapId, issuerId, kid, terminalId, outcome, verdicts } = tap;
      const tappedAt = expect.any(Date);
      const recorded = { id: tapId, issuerId, kid, terminalId, outcome, verdicts, tappedAt };
      expect(await findTap(stage.database.reads, tap.id)).toEqual({ ...recorded, stand: null });
    });

    it('offers a choice and takes the selection', async () => {
      const { id, tokenSha256 } = await present();
      const { key } = await facts(tokenSha256);
      const choices = [{ objectId: stage.shop.objectId, classId: stage.shop.passClassId }];
      const tap = { ...tapOf(key?.id ?? 0, id), outcome: 'choose' };
      expect(await recordChoice(stage.database.single, tap, choices)).toBe(true);
      const state = {
        id,
        walletId: stage.shop.walletId,
        expiresAt: expect.any(Date),
        expired: false,
      };
      expect(await findPresentation(stage.database.reads, id, { lock: false })).toEqual({
        ...state,
        status: 'choose',
        choices,
      });
      await stage.write((tx) => selectPass(tx, id, stage.shop.objectId));
      expect(await stage.write((tx) => findPresentation(tx, id, { lock: true }))).toEqual({
        ...state,
        status: 'open',
        choices: [],
      });
    });
  });

  it('redeems with amounts beyond 32 bits, and takes it back', async () => {
    const coupon = await stage.write((tx) => seedCoupon(tx, stage.shop));
    const { code } = coupon;
    const { issuerId, collectorId, couponClassId, walletId } = stage.shop;
    const named = { code, collectorId, terminalId: null };
    const asked = { actor: 'root', code, version: 1 };
    const now = expect.any(Date);
    expect(await readFacts(stage.database.reads, named)).toMatchObject({
      till: { issuerId, storeId: null },
      found: {
        now,
        coupon: { id: coupon.id, status: 'issued', expiresAt: coupon.expiresAt },
        terms: { minSpendMinor: 5_000_000_000, scope: { kind: 'all' } },
        member: { plus: false, passClasses: [] },
      },
    });
    const redemption = {
      id: newId('red'),
      redemptionIssuerId: issuerId,
      collectorId,
      terminalId: null,
      storeId: null,
      order: {
        id: 'o-1',
        currency: 'CNY',
        lines: [{ sku: '茶', quantity: 0.5, unitPriceMinor: 9 }],
      },
      orderTotalMinor: 9_000_000_000_000,
      discountMinor: 500,
      payableMinor: 8_999_999_999_500,
    };
    const redeemedAt = await stage.write((tx) => saveRedemption(tx, asked, redemption));
    expect(redeemedAt).toBeInstanceOf(Date);
    const twice = { ...redemption, id: newId('red') };
    expect(await stage.write((tx) => saveRedemption(tx, asked, twice))).toBeNull();
    const ids = { couponId: coupon.id, classId: couponClassId, issuerId, walletId };
    const kept = { state: 'confirmed', heldUntil: null, basketId: null };
    const open = { ...kept, reversalId: null, reversedAt: null, clone: null };
    const stored = { ...redemption, ...ids, redeemedAt, ...open };
    expect(await findRedemption(stage.database.reads, redemption.id)).toEqual(stored);
    expect(await readClass(stage.database.reads, { kind: 'root' }, couponClassId)).toMatchObject({
      stats: { redeemed: 1, orderTotalMinor: 9_000_000_000_000 },
    });
    expect(await lineageOf(stage.database.reads, coupon.id)).toMatchObject({
      clones: 0,
      maxClones: 3,
    });
    await stage.write(async (tx) => {
      const locked = await lockRedemption(tx, redemption.id);
      if (locked === null) throw new Error('the redemption is gone');
      const { expiresAt: couponExpiresAt } = coupon;
      expect(locked).toMatchObject({ redemption: stored, couponExpiresAt, withdrawn: false, now });
      expect(await saveReversal(tx, locked.redemption, newId('rev'), 'issued')).toBeInstanceOf(
        Date,
      );
    });
    expect(await findCoupon(stage.database.reads, coupon.id)).toMatchObject({ status: 'issued' });
  });

  it('finds neither a till nor a coupon that are not there', async () => {
    const nowhere = { code: 'NONE', collectorId: '1', terminalId: 't1' };
    expect(await readFacts(stage.database.reads, nowhere)).toEqual({ till: null, found: null });
    expect(await readSomeFacts(stage.database.reads, ['NONE', 'NOR'], nowhere)).toEqual({
      now: expect.any(Date),
      till: null,
      found: [null, null],
    });
  });

  it('finds the coupons of several codes in the order of the codes', async () => {
    const seed = () => stage.write((tx) => seedCoupon(tx, stage.shop));
    const [one, two] = [await seed(), await seed()];
    const { collectorId, issuerId } = stage.shop;
    const till = { collectorId, terminalId: null };
    for (const codes of [
      [one.code, 'NONE', two.code],
      [two.code, one.code],
    ]) {
      const facts = await readSomeFacts(stage.database.reads, codes, till);
      expect(facts.till).toEqual({ issuerId, storeId: null });
      const alone = codes.map(async (code) => {
        const { found } = await readFacts(stage.database.reads, { ...till, code });
        return found === null ? null : { ...found, now: expect.any(Date) };
      });
      expect(facts.found).toEqual(await Promise.all(alone));
    }
  });
}
