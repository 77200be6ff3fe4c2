import { audit } from '../audit/store.ts';
import { noticeDue } from '../coupons/notice-due.ts';
import type { Database, Tx } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import { decideNotice } from './decide.ts';
import type { NoticeChannels } from './model.ts';
import {
  type DueCoupon,
  type NewNotice,
  type SettledNotice,
  saveNotices,
  settleNotices,
  takeDueCoupons,
} from './notice-store.ts';

/** How many coupons one transaction looks at. */
export const NOTICE_BATCH = 500;

/**
 * Tells the holders of some coupons that they expire: a notice and its deliveries, the coupon's mark
 * that it was told and the audit entry are one transaction, and a notice about a coupon is unique,
 * so that it does not matter how often, how late or in how many workers this runs. Gives how many
 * coupons it looked at; fewer than `NOTICE_BATCH` means that no more are due.
 */
export function raiseDueNotices(
  database: Database,
  channels: NoticeChannels,
): Promise<{ readonly seen: number; readonly told: number }> {
  return database.transact(async (tx) => {
    const due = await takeDueCoupons(tx, NOTICE_BATCH);
    if (due === null) return { seen: 0, told: 0 };
    const told = await tell(tx, due.coupons, due.now, channels.smtp !== undefined);
    return { seen: due.coupons.length, told };
  });
}

async function tell(
  tx: Tx,
  coupons: readonly DueCoupon[],
  now: Date,
  mailIsSent: boolean,
): Promise<number> {
  const settled: SettledNotice[] = [];
  const told: DueCoupon[] = [];
  for (const coupon of coupons) {
    const { id: couponId, expiresAt, expiryNoticeDays, timeZone } = coupon;
    const dueAt = noticeDue(expiresAt, expiryNoticeDays, timeZone);
    const decision = decideNotice({ ...coupon, dueAt }, now);
    const tells = decision.kind === 'tell';
    if (tells) told.push(coupon);
    settled.push({
      couponId,
      dueAt: decision.kind === 'later' ? decision.dueAt : null,
      told: tells,
    });
  }
  await saveNotices(
    tx,
    told.map((coupon) => noticeOf(coupon, mailIsSent)),
  );
  await settleNotices(tx, settled);
  await audit(tx, ...entriesFor(told));
  return told.length;
}

function noticeOf(coupon: DueCoupon, mailIsSent: boolean): NewNotice {
  const { id: couponId, issuerId, classId, walletId, name, expiresAt, timeZone } = coupon;
  const told = { couponId, classId, walletId, name, timeZone };
  return {
    id: newId('ntc'),
    issuerId,
    kind: 'coupon-expiring',
    subject: couponId,
    body: { ...told, expiresAt: expiresAt.toISOString() },
    byMail: mailIsSent && coupon.reachableByMail,
  };
}

/** One entry a class, so that a day on which many expire does not drown the audit. */
function entriesFor(told: readonly DueCoupon[]) {
  const classes = new Map(told.map(({ classId, version }) => [classId, version]));
  return [...classes].map(([classId, version]) => {
    const count = told.filter((coupon) => coupon.classId === classId).length;
    const detail = { classId, rule: 'coupon-expiring', version, count };
    return { actor: 'worker', action: 'notice', subject: classId, outcome: 'told', detail };
  });
}
