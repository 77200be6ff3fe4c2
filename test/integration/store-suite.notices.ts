import { describe, expect, it } from 'vitest';
import {
  markDelivered,
  markFailed,
  markGivenUp,
  takeDeliveries,
} from '../../src/notices/delivery-store.ts';
import {
  countEndpoints,
  deleteEndpoint,
  disableEndpoint,
  findEndpoint,
  insertEndpoint,
  listEndpoints,
  lockEndpoint,
  updateSecret,
} from '../../src/notices/endpoint-store.ts';
import {
  findEmail,
  lockUnnoticedCoupons,
  noticeRules,
  saveNotices,
  settleNotices,
  takeDueCoupons,
} from '../../src/notices/notice-store.ts';
import { newId } from '../../src/platform/ids.ts';
import { seedCoupon } from '../support/seed.ts';
import { FIRST, type Stage } from './store-stage.ts';

/** Notices, their deliveries and where they go. */
export function noticeStores(stage: Stage): void {
  const endpointOf = (issuerId: string) => ({
    id: newId('whk'),
    issuerId,
    url: 'https://hooks.example.com/茶',
    sealed: 'v1.sealed',
  });

  describe('webhook endpoints', () => {
    it('are written, listed, changed and removed', async () => {
      const { reads } = stage.database;
      const { issuerId } = stage.shop;
      const endpoint = endpointOf(issuerId);
      expect(await stage.write((tx) => countEndpoints(tx, issuerId))).toBe(0);
      expect(await stage.write((tx) => countEndpoints(tx, '1'))).toBeNull();
      const made = await stage.write((tx) => insertEndpoint(tx, endpoint));
      const { sealed, ...shown } = endpoint;
      expect(made).toEqual({ ...shown, createdAt: expect.any(Date), disabledAt: null });
      expect(await stage.write((tx) => countEndpoints(tx, issuerId))).toBe(1);
      expect(await listEndpoints(reads, issuerId, FIRST)).toEqual([made]);
      expect(await listEndpoints(reads, '1', FIRST)).toEqual([]);
      expect(await findEndpoint(reads, made.id)).toEqual({ ...made, sealed });
      await stage.write(async (tx) => {
        const locked = await lockEndpoint(tx, made.id);
        expect(locked).toEqual({ endpoint: { ...made, sealed }, now: expect.any(Date) });
        await updateSecret(tx, made.id, 'v1.other');
      });
      expect(await stage.write((tx) => disableEndpoint(tx, made.id))).toBe(true);
      expect(await stage.write((tx) => disableEndpoint(tx, made.id))).toBe(false);
      const changed = { sealed: 'v1.other', disabledAt: expect.any(Date) };
      expect(await findEndpoint(reads, made.id)).toMatchObject(changed);
      expect(await stage.write((tx) => deleteEndpoint(tx, made.id, '1'))).toBe(false);
      expect(await stage.write((tx) => deleteEndpoint(tx, made.id, issuerId))).toBe(true);
      expect(await findEndpoint(reads, made.id)).toBeNull();
      expect(await stage.write((tx) => lockEndpoint(tx, made.id))).toBeNull();
    });
  });

  describe('notices', () => {
    it('of a coupon are due, told once and delivered', async () => {
      const { issuerId, walletId, couponClassId: classId } = stage.shop;
      const endpoint = await stage.write((tx) => insertEndpoint(tx, endpointOf(issuerId)));
      const noticeDueAt = new Date(Date.now() - 1000);
      const { id, expiresAt } = await stage.write((tx) =>
        seedCoupon(tx, stage.shop, { noticeDueAt }),
      );
      const body = {
        couponId: id,
        classId,
        walletId,
        name: '茶 "tea" \\',
        expiresAt: expiresAt.toISOString(),
        timeZone: 'Asia/Shanghai',
      };
      const notice = {
        issuerId,
        kind: 'coupon-expiring',
        subject: id,
        body,
        byMail: true,
      } as const;
      await stage.write(async (tx) => {
        const due = await takeDueCoupons(tx, 10);
        expect(due?.coupons).toEqual([
          {
            id,
            classId,
            issuerId,
            walletId,
            status: 'issued',
            expiresAt,
            noticedAt: null,
            withdrawn: false,
            name: { 'zh-CN': '午餐立减5元', en: 'Lunch 5 off' },
            timeZone: 'Asia/Shanghai',
            expiryNoticeDays: -1,
            version: 1,
            reachableByMail: false,
          },
        ]);
        expect(await saveNotices(tx, [{ ...notice, id: 'ntc_1' }])).toBe(1);
        expect(await saveNotices(tx, [{ ...notice, id: 'ntc_2' }])).toBe(0);
        await settleNotices(tx, [{ couponId: id, dueAt: null, told: true }]);
        expect(await takeDueCoupons(tx, 10)).toBeNull();
      });
      const taken = await takeDeliveries(stage.database.single, ['smtp', 'webhook'], 10, 60);
      expect(taken.map(({ channel, target }) => [channel, target]).sort()).toEqual([
        ['smtp', ''],
        ['webhook', endpoint.id],
      ]);
      for (const delivery of taken) {
        const { byMail: _, ...told } = notice;
        const times = { createdAt: expect.any(Date), attemptedAt: expect.any(Date) };
        expect(delivery).toMatchObject({ attempts: 1, notice: { ...told, id: 'ntc_1', ...times } });
      }
      const [one, two] = taken;
      if (one === undefined || two === undefined) throw new Error('too few deliveries');
      await stage.write((tx) => markFailed(tx, one, -1, 'status-500'));
      await stage.write((tx) => markDelivered(tx, two.id));
      const [again] = await takeDeliveries(stage.database.single, ['smtp', 'webhook'], 10, 60);
      expect(again).toMatchObject({ id: one.id, attempts: 2 });
      await stage.write((tx) => markGivenUp(tx, { ...one, attempts: 2 }, 'status-410'));
      const [log] = await takeDeliveries(stage.database.single, ['log'], 10, 60);
      await stage.write((tx) => markDelivered(tx, log?.id ?? ''));
    });

    it('of a class are put off, and go to an address', async () => {
      const { couponClassId, walletId } = stage.shop;
      const { id, expiresAt } = await stage.write((tx) => seedCoupon(tx, stage.shop));
      await stage.write(async (tx) => {
        expect(await lockUnnoticedCoupons(tx, couponClassId, '', 10)).toEqual([{ id, expiresAt }]);
        expect(await lockUnnoticedCoupons(tx, couponClassId, id, 10)).toEqual([]);
        await settleNotices(tx, [{ couponId: id, dueAt: expiresAt, told: false }]);
      });
      const { reads } = stage.database;
      expect(await noticeRules(reads, couponClassId)).toEqual({
        days: -1,
        timeZone: 'Asia/Shanghai',
      });
      expect(await noticeRules(reads, '1.none')).toBeNull();
      expect(await findEmail(reads, walletId)).toBeNull();
    });
  });
}
