import { describe, expect, it } from 'vitest';
import {
  findStandingCoupon,
  lockStandingCoupon,
  saveCouponVoid,
} from '../../src/coupons/coupon-in-hand-store.ts';
import { findCoupon } from '../../src/coupons/coupon-store.ts';
import { newCouponCode, newId } from '../../src/platform/ids.ts';
import {
  findLink,
  findOfferedCoupon,
  forgetOldLinks,
  insertLink,
  revokeOpenLink,
  saveAcceptance,
} from '../../src/transfers/store.ts';
import { runOn } from '../support/postgres.ts';
import { seedCoupon, seedWallet } from '../support/seed.ts';
import type { Stage } from './store-stage.ts';

/** Coupons that change hands, and single ones that are voided. */
export function transferStores(stage: Stage): void {
  const link = (couponId: string) => ({ id: newId('trf'), couponId, tokenSha256: newId('req') });
  const hours = (from: Date, until: Date) => (until.getTime() - from.getTime()) / 3_600_000;

  describe('a single coupon', () => {
    it('is found with what decides about it, and locked', async () => {
      const coupon = await stage.write((tx) => seedCoupon(tx, stage.shop));
      const standing = await findStandingCoupon(stage.database.reads, coupon.id);
      expect(standing).toEqual({
        now: expect.any(Date),
        id: coupon.id,
        issuerId: stage.shop.issuerId,
        classId: coupon.classId,
        version: 1,
        transferable: false,
        walletId: coupon.walletId,
        keeperId: null,
        status: 'issued',
        expiresAt: coupon.expiresAt,
        held: false,
      });
      const locked = await stage.write((tx) => lockStandingCoupon(tx, coupon.id));
      expect(locked).toEqual({ ...standing, now: expect.any(Date) });
      expect(await stage.write((tx) => lockStandingCoupon(tx, newId('cpn')))).toBeNull();
    });

    it('is voided once', async () => {
      const coupon = await stage.write((tx) => seedCoupon(tx, stage.shop));
      await stage.write((tx) => saveCouponVoid(tx, coupon.id));
      expect(await findCoupon(stage.database.reads, coupon.id)).toMatchObject({ status: 'voided' });
      const twice = stage.write((tx) => saveCouponVoid(tx, coupon.id));
      await expect(twice).rejects.toThrow('a locked coupon changed');
    });
  });

  describe('transfers', () => {
    it('keep one open link a coupon', async () => {
      const { id: couponId, classId } = await stage.write((tx) => seedCoupon(tx, stage.shop));
      const [one, two] = [link(couponId), link(couponId)];
      const expiresAt = await stage.write((tx) => insertLink(tx, one, 72));
      expect(hours(new Date(), expiresAt)).toBeCloseTo(72, 1);
      const open = { couponId, classId, revokedAt: null, acceptedAt: null };
      const found = () => findLink(stage.database.reads, one.tokenSha256);
      expect(await found()).toEqual({ id: one.id, expiresAt, ...open });
      await expect(stage.write((tx) => insertLink(tx, two, 1))).rejects.toThrow();
      expect(await stage.write((tx) => revokeOpenLink(tx, couponId))).toBe(one.id);
      expect(await stage.write((tx) => revokeOpenLink(tx, couponId))).toBeNull();
      expect(await found()).toMatchObject({ revokedAt: expect.any(Date) });
      await stage.write((tx) => insertLink(tx, two, 1));
      expect(await findLink(stage.database.reads, 'unknown')).toBeNull();
    });

    it('make a successor of the same worth, once', async () => {
      const coupon = await stage.write((tx) => seedCoupon(tx, stage.shop));
      const open = link(coupon.id);
      await stage.write((tx) => insertLink(tx, open, 1));
      const found = await findLink(stage.database.reads, open.tokenSha256);
      if (found === null) throw new Error('the link is gone');
      const walletId = await stage.write(seedWallet);
      const successor = { id: newId('cpn'), walletId, code: newCouponCode() };
      const decidedAt = new Date();
      await stage.write((tx) => saveAcceptance(tx, found, successor, decidedAt));
      const before = await findCoupon(stage.database.reads, coupon.id);
      const after = await findCoupon(stage.database.reads, successor.id);
      expect(before).toMatchObject({ status: 'transferred' });
      expect(after).toEqual({ ...before, ...successor, status: 'issued' });
      expect(await findLink(stage.database.reads, open.tokenSha256)).toMatchObject({
        acceptedAt: decidedAt,
        revokedAt: null,
      });
      const again = { ...successor, id: newId('cpn'), code: newCouponCode() };
      const twice = stage.write((tx) => saveAcceptance(tx, found, again, decidedAt));
      await expect(twice).rejects.toThrow('a locked coupon changed');
    });

    it('are forgotten 60 days after they were made, not before', async () => {
      const { id: couponId } = await stage.write((tx) => seedCoupon(tx, stage.shop));
      const made = link(couponId);
      await stage.write((tx) => insertLink(tx, made, 720));
      const makeOld = (days: number) =>
        runOn(
          stage.url,
          `update transfers set created_at = clock_timestamp() - $2 * interval '1 day' where id = $1`,
          [made.id, days],
        );
      const found = () => findLink(stage.database.reads, made.tokenSha256);
      for (const [days, isKept] of [
        [59.9, true],
        [60.1, false],
      ] as const) {
        await makeOld(days);
        expect(await stage.write(forgetOldLinks)).toBe(isKept ? 0 : 1);
        expect((await found()) !== null).toBe(isKept);
      }
    });

    it('show what they offer', async () => {
      const coupon = await stage.write((tx) => seedCoupon(tx, stage.shop));
      const { classId, issuerId, availableAt, expiresAt } = coupon;
      expect(await findOfferedCoupon(stage.database.reads, coupon.id)).toEqual({
        classId,
        issuerId,
        name: { 'zh-CN': '午餐立减5元', en: 'Lunch 5 off' },
        description: null,
        availableAt,
        expiresAt,
      });
    });
  });
}
