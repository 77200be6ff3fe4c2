import { actorOf, type Caller, mayActFor } from '../access/model.ts';
import { audit } from '../audit/store.ts';
import type { Tx } from '../platform/database.ts';
import {
  classStats,
  countMissingIssuers,
  findClass,
  insertClass,
  lockClass,
  updateClass,
  voidClass,
} from './class-store.ts';
import { voidIssuedCoupons } from './coupon-store.ts';
import type { ClassStats, CouponClass, StoredClass } from './model.ts';
import {
  type ClassChange,
  type ClassChangeRefusal,
  decideClassChange,
  MAX_STOCK,
} from './rules.ts';

export type ClassOutcome =
  | { readonly ok: true; readonly couponClass: StoredClass; readonly stats: ClassStats | undefined }
  | {
      readonly ok: false;
      readonly refusal:
        | ClassChangeRefusal
        | 'not-found'
        | 'already-exists'
        | 'unknown-issuer'
        | 'window-empty'
        | 'stock-too-large';
    };

export type ClassInput = Omit<CouponClass, 'claimed' | 'voidedAt'>;

/** Makes a coupon class. */
export async function createClass(
  tx: Tx,
  caller: Caller,
  input: ClassInput,
): Promise<ClassOutcome> {
  if (!mayActFor(caller, input.issuerId)) return { ok: false, refusal: 'not-found' };
  const named = [input.issuerId, ...input.redemptionIssuers];
  if ((await countMissingIssuers(tx, named)) > 0) return { ok: false, refusal: 'unknown-issuer' };
  if (!(await insertClass(tx, input))) return { ok: false, refusal: 'already-exists' };
  return recorded(tx, caller, input.id, 'create', { stock: input.stock });
}

/** Changes a coupon class as far as its promise to members allows. */
export async function changeClass(
  tx: Tx,
  caller: Caller,
  id: string,
  change: ClassChange,
): Promise<ClassOutcome> {
  const current = await lockClass(tx, id);
  if (current === null || !mayActFor(caller, current.issuerId)) {
    return { ok: false, refusal: 'not-found' };
  }
  const refusal = decideClassChange(current, change);
  if (refusal !== null) return { ok: false, refusal };
  const { claimStart = current.claimStart, claimEnd = current.claimEnd } = change;
  if (claimStart >= claimEnd) return { ok: false, refusal: 'window-empty' };
  if ((await countMissingIssuers(tx, change.redemptionIssuers ?? [])) > 0) {
    return { ok: false, refusal: 'unknown-issuer' };
  }
  await updateClass(tx, id, change);
  return recorded(tx, caller, id, 'change', { fields: Object.keys(change) });
}

/** Adds stock to a coupon class that is not voided. */
export async function addStock(
  tx: Tx,
  caller: Caller,
  id: string,
  pieces: number,
): Promise<ClassOutcome> {
  const current = await lockClass(tx, id);
  if (current === null || !mayActFor(caller, current.issuerId)) {
    return { ok: false, refusal: 'not-found' };
  }
  const stock = current.stock + pieces;
  if (stock > MAX_STOCK) return { ok: false, refusal: 'stock-too-large' };
  return changeClass(tx, caller, id, { stock });
}

/** Stops claims for good; with `issuedToo` also the coupons in members' hands. Twice is once. */
export async function voidCouponClass(
  tx: Tx,
  caller: Caller,
  id: string,
  issuedToo: boolean,
): Promise<ClassOutcome> {
  const current = await lockClass(tx, id);
  if (current === null || !mayActFor(caller, current.issuerId)) {
    return { ok: false, refusal: 'not-found' };
  }
  if (current.voidedAt === null) await voidClass(tx, id);
  const voidedCoupons = issuedToo ? await voidIssuedCoupons(tx, id) : 0;
  return recorded(tx, caller, id, 'void', { voidedCoupons });
}

async function recorded(
  tx: Tx,
  caller: Caller,
  id: string,
  verb: string,
  detail: Record<string, unknown>,
): Promise<ClassOutcome> {
  const action = `coupon-class.${verb}`;
  await audit(tx, { actor: actorOf(caller), action, subject: id, outcome: 'done', detail });
  const couponClass = await findClass(tx, id);
  if (couponClass === null) return { ok: false, refusal: 'not-found' };
  return { ok: true, couponClass, stats: (await classStats(tx, [id])).get(id) };
}
