import { worstCostMinor } from './budget-rules.ts';
import type { ClassInput, CouponClass } from './model.ts';

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

type Changeable = Omit<ClassInput, 'id' | 'issuerId'>;
export type ClassChange = { readonly [Field in keyof Changeable]?: Changeable[Field] | undefined };

type Break<Value> = (to: Value, from: Value) => boolean;

const differs: Break<unknown> = (to, from) => !same(to, from);
const dropsOne: Break<readonly string[]> = (to, from) => from.some((id) => !to.includes(id));
/** An empty list is a choice of everything. */
const narrows: Break<readonly string[]> = (to, from) =>
  to.length > 0 && (from.length === 0 || dropsOne(to, from));
const isSet: Break<boolean> = (to, from) => to && !from;

/**
 * What members were promised, and how a change breaks it: what a coupon is worth stays as it was,
 * and where and by whom it may be used becomes wider at most.
 */
const BREAKS_PROMISE: { readonly [Field in keyof Changeable]?: Break<Changeable[Field]> } = {
  discount: differs,
  minSpendMinor: differs,
  validity: differs,
  scope: differs,
  maxClones: differs,
  cloneClassId: differs,
  cloneAfterHours: (to, from) => to > from,
  timeZone: differs,
  useHours: (to, from) => to.length > 0 && differs(to, from),
  stackingGroup: (to, from) => to !== null && to !== from,
  exclusive: isSet,
  // What was given out before there was a budget is not counted in it.
  budgetMinor: (to, from) => to !== null && (from === null || to < from),
  stock: (to, from) => to < from,
  scene: (to, from) => to !== 'all' && to !== from,
  stores: narrows,
  memberClasses: narrows,
  redemptionIssuers: dropsOne,
  regularPriceOnly: isSet,
  plusOnly: isSet,
  transferable: (to, from) => isSet(from, to),
};

function breaksPromise<Field extends keyof Changeable>(
  field: Field,
  current: Changeable,
  change: ClassChange,
): boolean {
  const to = change[field] as Changeable[Field] | undefined;
  return to !== undefined && BREAKS_PROMISE[field]?.(to, current[field]) === true;
}

/** The class as it is after the change. */
export function changed<Class extends Changeable>(current: Class, change: ClassChange): Class {
  const said = Object.entries(change).filter(([, value]) => value !== undefined);
  return { ...current, ...Object.fromEntries(said) };
}

/** Decides whether a coupon class may be changed so; null lets it through. */
export function decideClassChange(
  current: CouponClass,
  change: ClassChange,
): ClassChangeRefusal | null {
  if (current.voidedAt !== null) return 'coupon-class-voided';
  if (change.draft === true && !current.draft) return 'already-published';
  if (current.claimed === 0) return null;
  const fields = Object.keys(change) as (keyof Changeable)[];
  const isBroken = fields.some((field) => breaksPromise(field, current, change));
  return isBroken ? 'locked-after-first-claim' : null;
}

/** A field of a class, and why nobody could use a coupon that is so. */
export interface ClassFlaw {
  readonly field: string;
  readonly message: string;
}

/** What of a class contradicts itself. */
export function flawsOf({
  claimStart,
  claimEnd,
  validity,
  discount,
  budgetMinor,
}: Pick<
  ClassInput,
  'claimStart' | 'claimEnd' | 'validity' | 'discount' | 'budgetMinor'
>): ClassFlaw[] {
  const flaws: ClassFlaw[] = [];
  if (budgetMinor !== null && worstCostMinor(discount) === null) {
    const message = 'needs a discount of an amount, or of a percentage with maxMinor';
    flaws.push({ field: 'budgetMinor', message });
  }
  if (claimStart >= claimEnd) {
    flaws.push({ field: 'claimWindow', message: 'start must be before end' });
  }
  if (validity.kind === 'fixed' && new Date(validity.end) <= claimStart) {
    flaws.push({ field: 'validity', message: 'ends before anyone may claim' });
  }
  return flaws;
}

const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

/** Whether money of that ISO 4217 code is in use. */
export function isCurrency(code: string): boolean {
  return CURRENCIES.has(code);
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
