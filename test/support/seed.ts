import { insertClass } from '../../src/coupons/class-store.ts';
import { insertCoupons, type NewCoupon } from '../../src/coupons/coupon-store.ts';
import type { ClassInput } from '../../src/coupons/model.ts';
import { addKeys, insertIssuerRow } from '../../src/issuers/store.ts';
import type { PassClass, PassObject } from '../../src/passes/model.ts';
import { claimClassId, insertClassRow, insertObjectRow } from '../../src/passes/store.ts';
import type { Tx } from '../../src/platform/database.ts';
import { newCouponCode, newId } from '../../src/platform/ids.ts';
import { addPass, insertWallet } from '../../src/wallets/store.ts';

/** A P-256 public key, the base point itself. */
export const SPKI =
  'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==';

/** Rows that a store test starts from: an issuer with a pass in a wallet and a coupon class. */
export interface Shop {
  readonly issuerId: string;
  readonly collectorId: string;
  readonly passClassId: string;
  readonly objectId: string;
  readonly walletId: string;
  readonly couponClassId: string;
}

let issued = 0;

/** An issuer id beyond what a double holds, another each time. */
export function freshIssuerId(): string {
  issued += 1;
  return `90071992547409${String(issued).padStart(5, '0')}`;
}

export async function seedShop(tx: Tx): Promise<Shop> {
  const issuerId = freshIssuerId();
  const collectorId = issuerId.slice(-8).replace(/^0/, '9');
  await insertIssuerRow(tx, { id: issuerId, name: 'Teashop', collectorId, body: {} });
  await addKeys(tx, issuerId, [{ version: 1, spki: SPKI }]);
  const passClass = passClassOf(issuerId);
  await claimClassId(tx, passClass.id);
  await insertClassRow(tx, passClass);
  const object = passObjectOf(passClass);
  await insertObjectRow(tx, object);
  const walletId = await seedWallet(tx);
  await addPass(tx, walletId, object.id, false);
  const couponClass = couponClassOf(issuerId);
  await insertClass(tx, couponClass);
  return {
    issuerId,
    collectorId,
    passClassId: passClass.id,
    objectId: object.id,
    walletId,
    couponClassId: couponClass.id,
  };
}

export async function seedWallet(tx: Tx): Promise<string> {
  const id = newId('wal');
  const nobody = { issuerId: null, displayName: null, externalId: null, email: null };
  await insertWallet(tx, { id, ...nobody, plus: false, pairwiseSecret: 'a secret' });
  return id;
}

export function passClassOf(issuerId: string, suffix = 'loyalty'): PassClass {
  return {
    id: `${issuerId}.${suffix}`,
    issuerId,
    vertical: 'loyalty',
    body: { programName: '茶 "tea" \\ O\'Hara', nested: { list: [1, 2.5, null, true] } },
    reviewStatus: 'APPROVED',
    enableSmartTap: true,
    redemptionIssuers: [issuerId],
    severalHolders: true,
    version: 1,
  };
}

export function passObjectOf(passClass: PassClass, suffix = 'member-1'): PassObject {
  const { issuerId, vertical } = passClass;
  return {
    id: `${issuerId}.${suffix}`,
    issuerId,
    classId: passClass.id,
    vertical,
    body: { accountName: 'Ada' },
    state: 'ACTIVE',
    redemptionValue: 'ADA-1',
    validFrom: new Date('2026-01-02T03:04:05.678Z'),
    validUntil: null,
    version: 1,
  };
}

export function couponClassOf(issuerId: string, changes: Partial<ClassInput> = {}): ClassInput {
  return {
    id: `${issuerId}.lunch-5-off`,
    issuerId,
    name: { 'zh-CN': '午餐立减5元', en: 'Lunch 5 off' },
    description: null,
    issueType: 'manual',
    scene: 'all',
    claimStart: new Date(Date.now() - 3_600_000),
    claimEnd: new Date(Date.now() + 3_600_000),
    perMemberLimit: 2,
    stock: 100,
    validity: { kind: 'relative', availableAfterHours: 0, validDays: 7 },
    discount: { kind: 'amount', amountMinor: 500, currency: 'CNY' },
    minSpendMinor: 5_000_000_000,
    scope: { kind: 'all' },
    regularPriceOnly: false,
    memberClasses: [],
    plusOnly: false,
    stores: [],
    redemptionIssuers: [issuerId],
    maxClones: 3,
    cloneClassId: null,
    cloneAfterHours: 0,
    timeZone: 'Asia/Shanghai',
    claimHours: [],
    useHours: [],
    perMemberDayLimit: null,
    perMemberWeekLimit: null,
    stackingGroup: null,
    exclusive: false,
    budgetMinor: null,
    expiryNoticeDays: -1,
    transferable: false,
    draft: false,
    ...changes,
  };
}

export function couponOf(shop: Shop, changes: Partial<NewCoupon> = {}): NewCoupon {
  const id = newId('cpn');
  return {
    id,
    issuerId: shop.issuerId,
    classId: shop.couponClassId,
    walletId: shop.walletId,
    code: newCouponCode(),
    availableAt: new Date('2026-01-01T00:00:00.001Z'),
    expiresAt: new Date('2099-12-31T23:59:59.999Z'),
    generation: 0,
    lineageId: id,
    clonedFrom: null,
    clonedBy: null,
    maxClones: null,
    reservedMinor: null,
    noticeDueAt: null,
    ...changes,
  };
}

export async function seedCoupon(
  tx: Tx,
  shop: Shop,
  changes: Partial<NewCoupon> = {},
): Promise<NewCoupon> {
  const coupon = couponOf(shop, changes);
  await insertCoupons(tx, [coupon]);
  return coupon;
}
