import { type Budgeted, budgetAllowsOneMore } from '../coupons/budget-rules.ts';
import { usePeriod, type Validity } from '../coupons/model.ts';

const HOUR_MS = 3_600_000;

/** When a clone made now may be used, a gap of hours after its class would say. */
export function clonePeriod(
  validity: Validity,
  now: Date,
  afterHours: number,
): { readonly availableAt: Date; readonly expiresAt: Date } {
  const after = new Date(now.getTime() + afterHours * HOUR_MS);
  const period = usePeriod(validity, after);
  const isEarly = afterHours > 0 && period.availableAt < after;
  return isEarly ? { ...period, availableAt: after } : period;
}

export interface CloneFacts {
  readonly confirmed: boolean;
  readonly reversed: boolean;
  /** The class of the redeemed coupon, or that of its clone, was voided with what was issued. */
  readonly withdrawn: boolean;
  /** What the class of the redeemed coupon says; null: it does not clone. */
  readonly maxClones: number | null;
  readonly clonesInLineage: number;
  readonly availableAt: Date;
  readonly expiresAt: Date;
  /** The budget of the clone's class. */
  readonly budget: Budgeted;
}

/** Why a redemption earns no clone, most final reason first. */
const NO_CLONE = [
  ['not-confirmed', ({ confirmed }) => !confirmed],
  ['reversed', ({ reversed }) => reversed],
  ['withdrawn', ({ withdrawn }) => withdrawn],
  ['no-clones', ({ maxClones }) => maxClones === null],
  ['lineage-full', ({ maxClones, clonesInLineage }) => clonesInLineage >= (maxClones ?? 0)],
  [
    'validity-ended',
    ({ availableAt, expiresAt }, now) => expiresAt <= now || expiresAt <= availableAt,
  ],
  ['budget-exhausted', ({ budget }) => !budgetAllowsOneMore(budget)],
] as const satisfies readonly (readonly [string, (facts: CloneFacts, now: Date) => boolean])[];

export type NoClone = (typeof NO_CLONE)[number][0];

/** Decides whether a redemption earns a clone, and at which place of the lineage. */
export function decideClone(
  facts: CloneFacts,
  now: Date,
):
  | { readonly ok: true; readonly generation: number }
  | { readonly ok: false; readonly rule: NoClone } {
  const reason = NO_CLONE.find(([, holds]) => holds(facts, now));
  return reason === undefined
    ? { ok: true, generation: facts.clonesInLineage + 1 }
    : { ok: false, rule: reason[0] };
}
