import { actorOf, type Caller, mayActFor } from '../access/model.ts';
import { audit } from '../audit/store.ts';
import { only, type Tx } from '../platform/database.ts';
import { findClass, insertClass, lockClass, updateClass, voidClass } from './class-store.ts';
import { voidIssuedCoupons } from './coupon-store.ts';
import type { ClassInput, StoredClass } from './model.ts';
import { type CountedClass, counted } from './read.ts';
import { type References, unknownReferences } from './reference-store.ts';
import { rescheduleNotices } from './reschedule-notices.ts';
import {
  type ClassChange,
  type ClassChangeRefusal,
  type ClassFlaw,
  changed,
  decideClassChange,
  flawsOf,
  MAX_STOCK,
} from './rules.ts';
import { withdrawClass } from './withdrawal-store.ts';

export type ClassOutcome =
  | ({ readonly ok: true } & CountedClass)
  | { readonly ok: false; readonly refusal: ClassChangeRefusal | 'not-found' | 'already-exists' }
  | { readonly ok: false; readonly refusal: 'invalid'; readonly flaws: readonly ClassFlaw[] };

/** Makes a coupon class that somebody can use. */
export async function createClass(
  tx: Tx,
  caller: Caller,
  input: ClassInput,
): Promise<ClassOutcome> {
  if (!mayActFor(caller, input.issuerId)) return { ok: false, refusal: 'not-found' };
  const flaws = await flawsIn(tx, input, input);
  if (flaws.length > 0) return { ok: false, refusal: 'invalid', flaws };
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
  const current = await lockClassFor(tx, caller, id);
  if (current === null) return { ok: false, refusal: 'not-found' };
  const refusal = decideClassChange(current, change);
  if (refusal !== null) return refused(tx, caller, current, refusal);
  const flaws = await flawsIn(tx, changed(current, change), change);
  if (flaws.length > 0) return { ok: false, refusal: 'invalid', flaws };
  await updateClass(tx, id, change);
  if (movesNotices(current, change)) await rescheduleNotices(tx, id);
  return recorded(tx, caller, id, 'change', { fields: Object.keys(change) });
}

/** Whether coupons in hand are to be told of their end at another time. */
function movesNotices(current: StoredClass, change: ClassChange): boolean {
  const { expiryNoticeDays = current.expiryNoticeDays, timeZone = current.timeZone } = change;
  return expiryNoticeDays !== current.expiryNoticeDays || timeZone !== current.timeZone;
}

/** What is wrong with a class, and with the names that are new in it. */
async function flawsIn(tx: Tx, input: ClassInput, named: References): Promise<ClassFlaw[]> {
  const unknown = await unknownReferences(tx, input.issuerId, named);
  const missing = unknown.map(({ field, id }) => ({ field, message: `${id} does not exist` }));
  return [...flawsOf(input), ...missing];
}

/** Adds stock to a coupon class that is not voided. */
export async function addStock(
  tx: Tx,
  caller: Caller,
  id: string,
  pieces: number,
): Promise<ClassOutcome> {
  const current = await lockClassFor(tx, caller, id);
  if (current === null) return { ok: false, refusal: 'not-found' };
  const stock = current.stock + pieces;
  if (stock > MAX_STOCK) {
    const flaws = [{ field: 'add', message: `the stock would be larger than ${MAX_STOCK}` }];
    return { ok: false, refusal: 'invalid', flaws };
  }
  return changeClass(tx, caller, id, { stock });
}

/** Stops claims for good; with `issuedToo` also the coupons in members' hands. Twice is once. */
export async function voidCouponClass(
  tx: Tx,
  caller: Caller,
  id: string,
  issuedToo: boolean,
): Promise<ClassOutcome> {
  const current = await lockClassFor(tx, caller, id);
  if (current === null) return { ok: false, refusal: 'not-found' };
  if (current.voidedAt === null) await voidClass(tx, id);
  if (issuedToo) await withdrawClass(tx, id);
  const voidedCoupons = issuedToo ? await voidIssuedCoupons(tx, id) : 0;
  return recorded(tx, caller, id, 'void', { voidedCoupons });
}

/** The class, locked; null when there is none for the caller. */
async function lockClassFor(tx: Tx, caller: Caller, id: string): Promise<StoredClass | null> {
  const locked = await lockClass(tx, id);
  return locked !== null && mayActFor(caller, locked.issuerId) ? locked : null;
}

async function refused(
  tx: Tx,
  caller: Caller,
  { id, version }: StoredClass,
  refusal: ClassChangeRefusal,
): Promise<ClassOutcome> {
  const entry = { actor: actorOf(caller), action: 'coupon-class.change', subject: id };
  await audit(tx, { ...entry, outcome: refusal, detail: { classId: id, rule: refusal, version } });
  return { ok: false, refusal };
}

/** How the audit says what each verb did. */
const DONE = { create: 'created', change: 'changed', void: 'voided' } as const;

async function recorded(
  tx: Tx,
  caller: Caller,
  id: string,
  verb: keyof typeof DONE,
  detail: Record<string, unknown>,
): Promise<ClassOutcome> {
  const couponClass = await findClass(tx, id);
  if (couponClass === null) return { ok: false, refusal: 'not-found' };
  const entry = { actor: actorOf(caller), action: `coupon-class.${verb}`, subject: id };
  const { version } = couponClass;
  const told = { classId: id, rule: DONE[verb], version, ...detail };
  await audit(tx, { ...entry, outcome: 'done', detail: told });
  return { ok: true, ...only(await counted(tx, [couponClass])) };
}
