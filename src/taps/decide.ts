import type { Vertical } from '../passes/model.ts';
import { type Counter, refusalAt } from './coupon-decide.ts';
import type {
  CouponStep,
  HeldCoupon,
  HeldPass,
  PassChoice,
  PassStep,
  Screen,
  SentCoupon,
  SentPass,
  TapOutcome,
  Verdict,
} from './model.ts';

/** What the decision about one tap needs, once the terminal is authenticated. */
export interface TapFacts extends Omit<Counter, 'member'> {
  readonly types: readonly Vertical[] | null;
  readonly screen: Screen;
  /** Whether the member has PLUS. */
  readonly plus: boolean;
  readonly passes: readonly HeldPass[];
  readonly coupons: readonly HeldCoupon[];
}

export interface TapDecision {
  readonly outcome: TapOutcome;
  readonly passes: readonly SentPass[];
  readonly coupons: readonly SentCoupon[];
  readonly choices: readonly PassChoice[];
  /** One for each pass and coupon of the facts, for the explanation. */
  readonly verdicts: readonly Verdict[];
}

/**
 * Decides what a terminal receives: match by collector, then what is valid, then the screen of the
 * phone (Google's Smart Tap flow). A pass redeems at its own issuer only when the class lists it; a
 * coupon goes along when a redemption there would not be refused, whatever is bought.
 */
export function decideTap(facts: TapFacts, now: Date): TapDecision {
  const passes = facts.passes.map((pass) => ({ pass, step: mismatch(facts, pass, now) }));
  const matching = passes.filter(({ step }) => step === null).map(({ pass }) => pass);
  const coupons = judgeCoupons(facts, now);
  const usable = coupons.filter(({ step }) => step === null).map(({ coupon }) => coupon);
  const onPassScreenInVain = facts.screen.kind === 'pass' && matching.length === 0;
  const outcome = outcomeOf(matching.length, onPassScreenInVain ? 0 : usable.length);
  const sent = outcome === 'transferred';
  const last = outcome === 'choose' ? 'several-match' : 'sent';
  const lastOfCoupon = onPassScreenInVain ? 'not-on-screen' : last;
  return {
    outcome,
    passes: sent ? matching.map(sentPass) : [],
    coupons: sent ? usable.map(sentCoupon) : [],
    choices: outcome === 'choose' ? matching.map(choice) : [],
    verdicts: [
      ...passes.map(({ pass, step }) => passVerdict(pass, step ?? last)),
      ...coupons.map(({ coupon, step }) => couponVerdict(coupon, step ?? lastOfCoupon)),
    ],
  };
}

function outcomeOf(passes: number, coupons: number): TapOutcome {
  if (passes > 1) return 'choose';
  return passes === 1 || coupons > 0 ? 'transferred' : 'nothing';
}

/** The first step at which a pass falls out; null when it matches. */
function mismatch(facts: TapFacts, pass: HeldPass, now: Date): PassStep | null {
  if (!pass.enableSmartTap) return 'smart-tap-disabled';
  if (!pass.redemptionIssuers.includes(facts.redemptionIssuerId)) return 'collector-not-listed';
  if (!pass.classApproved) return 'class-not-approved';
  if (facts.types !== null && !facts.types.includes(pass.type)) return 'type-not-asked';
  const invalid = invalidity(pass, now);
  if (invalid !== null) return invalid;
  if (pass.redemptionValue === null) return 'no-redemption-value';
  const elsewhere = facts.screen.kind === 'pass' && facts.screen.objectId !== pass.objectId;
  return elsewhere ? 'not-on-screen' : null;
}

/** Null when the pass is good now, and so makes its holder a member of its class. */
function invalidity({ state, validFrom, validUntil }: HeldPass, now: Date): PassStep | null {
  if (state !== 'ACTIVE') return 'not-active';
  if (validFrom !== null && now < validFrom) return 'not-yet-valid';
  return validUntil !== null && now >= validUntil ? 'no-longer-valid' : null;
}

interface JudgedCoupon {
  readonly coupon: HeldCoupon;
  /** The step at which it falls out; null when the terminal may have it. */
  readonly step: CouponStep | null;
}

function judgeCoupons(facts: TapFacts, now: Date): readonly JudgedCoupon[] {
  if (facts.coupons.length === 0) return [];
  const asked = facts.types === null || facts.types.includes('offer');
  const good = facts.passes.filter((pass) => invalidity(pass, now) === null);
  const member = { plus: facts.plus, passClasses: good.map(({ classId }) => classId) };
  const counter = { ...facts, member };
  return facts.coupons.map((coupon) => ({
    coupon,
    step: asked ? refusalAt(counter, coupon, now) : 'type-not-asked',
  }));
}

function passVerdict({ objectId, classId, issuerId }: HeldPass, step: PassStep): Verdict {
  return { objectId, classId, issuerId, step };
}

function couponVerdict({ id, classId, issuerId }: HeldCoupon, step: CouponStep): Verdict {
  return { couponId: id, classId, issuerId, step };
}

function choice({ objectId, classId }: HeldPass): PassChoice {
  return { objectId, classId };
}

function sentPass({ objectId, classId, issuerId, type, redemptionValue }: HeldPass): SentPass {
  return { objectId, classId, issuerId, type, redemptionValue: redemptionValue ?? '' };
}

function sentCoupon({ id, classId, issuerId, redemptionValue }: HeldCoupon): SentCoupon {
  return { id, classId, issuerId, redemptionValue };
}
