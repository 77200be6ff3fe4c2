import type { CouponClass } from './model.ts';

/** Whether a coupon is for this member: PLUS where it asks for it, and a pass of a class it names. */
export function isForMember(
  terms: Pick<CouponClass, 'plusOnly' | 'memberClasses'>,
  member: { readonly plus: boolean; readonly passClasses: readonly string[] },
): boolean {
  const { plusOnly, memberClasses } = terms;
  const named = memberClasses.some((id) => member.passClasses.includes(id));
  return (!plusOnly || member.plus) && (memberClasses.length === 0 || named);
}

export type ClassChangeRefusal =
  | 'locked-after-first-claim'
  | 'already-published'
  | 'coupon-class-voided';

/** What a stock may rise to. */
export const MAX_STOCK = 1_000_000_000;

type Changeable = Omit<CouponClass, 'id' | 'issuerId' | 'claimed' | 'voidedAt'>;
export type ClassChange = { readonly [Field in keyof Changeable]?: Changeable[Field] | undefined };

/** What members were promised: fixed by the first claim. */
const PROMISE = ['discount', 'minSpendMinor', 'validity', 'scope', 'maxClones'] as const;

/** Decides whether a coupon class may be changed so; null lets it through. */
export function decideClassChange(
  current: CouponClass,
  change: ClassChange,
): ClassChangeRefusal | null {
  if (current.voidedAt !== null) return 'coupon-class-voided';
  if (change.draft === true && !current.draft) return 'already-published';
  if (current.claimed === 0) return null;
  const breaks = PROMISE.some((field) => field in change && !same(change[field], current[field]));
  const shrinks = change.stock !== undefined && change.stock < current.stock;
  return breaks || shrinks ? 'locked-after-first-claim' : null;
}

/** Equal as JSON values; the order of names in an object does not matter. */
function same(left: unknown, right: unknown): boolean {
  if (typeof left !== 'object' || typeof right !== 'object' || !left || !right) {
    return left === right;
  }
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  const at = (value: object, name: string) => (value as Record<string, unknown>)[name];
  return [...names].every((name) => same(at(left, name), at(right, name)));
}
