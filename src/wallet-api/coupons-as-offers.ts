import type { CouponStatus, LocalizedText, Scene } from '../coupons/model.ts';
import {
  type CouponClassView,
  type CouponView,
  readCouponClassView,
  readCouponClassViews,
  readCouponView,
  readCouponViews,
  type ViewRange,
} from '../coupons/offer-view.ts';
import { issuerOf, type PassState, type ReviewStatus } from '../passes/model.ts';
import type { Db } from '../platform/database.ts';
import { idPattern } from '../platform/ids.ts';
import type { Keyed } from './paging.ts';
import type { Shown } from './resource.ts';

/** The coupon behind an offer object's id `issuerId.couponId`; null for an id of no coupon. */
export function couponIdOf(objectId: string): string | null {
  const suffix = objectId.slice(issuerOf(objectId).length + 1);
  return idPattern('cpn').test(suffix) ? suffix : null;
}

export async function couponClassAsOffer(db: Db, id: string): Promise<Shown | null> {
  const view = await readCouponClassView(db, id);
  return view === null ? null : offerClass(view);
}

export async function couponClassesAsOffers(
  db: Db,
  issuerId: string,
  range: ViewRange,
): Promise<Keyed<Shown>[]> {
  const views = await readCouponClassViews(db, issuerId, range);
  return views.map((view) => ({ id: view.id, item: offerClass(view) }));
}

export async function couponAsOffer(db: Db, objectId: string): Promise<Shown | null> {
  const couponId = couponIdOf(objectId);
  if (couponId === null) return null;
  const view = await readCouponView(db, issuerOf(objectId), couponId);
  return view === null ? null : offerObject(view);
}

export async function couponsAsOffers(
  db: Db,
  classId: string,
  range: ViewRange,
): Promise<Keyed<Shown>[]> {
  const views = await readCouponViews(db, classId, range);
  return views.map((view) => ({ id: view.id, item: offerObject(view) }));
}

const CHANNELS: Readonly<Record<Scene, string>> = {
  all: 'BOTH',
  in_store: 'INSTORE',
  online: 'ONLINE',
};

function offerClass(view: CouponClassView): Shown {
  const { id, issuerName, name, description, scene, redemptionIssuers } = view;
  return {
    kind: 'walletobjects#offerClass',
    id,
    issuerName,
    provider: issuerName,
    ...localized('title', 'localizedTitle', name),
    ...(description !== null && localized('details', 'localizedDetails', description)),
    redemptionChannel: CHANNELS[scene],
    reviewStatus: reviewStatusOf(view),
    enableSmartTap: true,
    redemptionIssuers,
    multipleDevicesAndHoldersAllowedStatus: 'ONE_USER_ALL_DEVICES',
  };
}

function reviewStatusOf({ draft, voidedAt }: CouponClassView): ReviewStatus {
  if (voidedAt !== null) return 'REJECTED';
  return draft ? 'DRAFT' : 'APPROVED';
}

/** The plain field and the one with its translations. */
function localized(plain: string, translated: string, text: LocalizedText): Shown {
  if (typeof text === 'string') return { [plain]: text };
  const values = Object.entries(text).map(([language, value]) => ({ language, value }));
  const defaultValue = values.find(({ language }) => language === 'en') ?? values[0];
  if (defaultValue === undefined) return { [plain]: '' };
  const translatedValues = values.filter((value) => value !== defaultValue);
  return { [plain]: defaultValue.value, [translated]: { defaultValue, translatedValues } };
}

const STATES: Readonly<Record<CouponStatus, PassState>> = {
  issued: 'ACTIVE',
  redeemed: 'COMPLETED',
  transferred: 'COMPLETED',
  expired: 'EXPIRED',
  voided: 'INACTIVE',
};

function offerObject(view: CouponView): Shown {
  return {
    kind: 'walletobjects#offerObject',
    id: `${view.issuerId}.${view.id}`,
    classId: view.classId,
    state: STATES[view.status],
    smartTapRedemptionValue: view.code,
    validTimeInterval: {
      start: { date: view.availableAt.toISOString() },
      end: { date: view.expiresAt.toISOString() },
    },
  };
}
