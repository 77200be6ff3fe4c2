import type { Vertical } from '../passes/model.ts';
import type {
  HeldCoupon,
  HeldPass,
  PassChoice,
  PassStep,
  PassVerdict,
  Screen,
  SentCoupon,
  SentPass,
  TapOutcome,
} from './model.ts';

/** What the decision about one tap needs, once the terminal is authenticated. */
export interface TapFacts {
  /** The issuer behind the collector ID. */
  readonly redemptionIssuerId: string;
  readonly types: readonly Vertical[] | null;
  readonly screen: Screen;
  readonly passes: readonly HeldPass[];
  readonly coupons: readonly HeldCoupon[];
}

export interface TapDecision {
  readonly outcome: TapOutcome;
  readonly passes: readonly SentPass[];
  readonly coupons: readonly SentCoupon[];
  readonly choices: readonly PassChoice[];
  /** One for each pass of the wallet, for the explanation. */
  readonly verdicts: readonly PassVerdict[];
}

/**
 * Decides what a terminal receives: match by collector, then what is valid, then the screen of the
 * phone (Google's Smart Tap flow). A pass redeems at its own issuer only when the class lists it.
 */
export function decideTap(facts: TapFacts, now: Date): TapDecision {
  const judged = facts.passes.map((pass) => ({ pass, step: mismatch(facts, pass, now) }));
  const matching = judged.filter(({ step }) => step === null).map(({ pass }) => pass);
  const coupons = facts.coupons.filter((coupon) => mayReceive(facts, coupon, now)).map(sentCoupon);
  const onPassScreenInVain = facts.screen.kind === 'pass' && matching.length === 0;
  const outcome = outcomeOf(matching.length, onPassScreenInVain ? 0 : coupons.length);
  const verdicts = judged.map(({ pass, step }) => verdict(pass, step ?? matchStep(outcome)));
  return {
    outcome,
    passes: outcome === 'transferred' ? matching.map(sentPass) : [],
    coupons: outcome === 'transferred' ? coupons : [],
    choices: outcome === 'choose' ? matching.map(choice) : [],
    verdicts,
  };
}

function outcomeOf(passes: number, coupons: number): TapOutcome {
  if (passes > 1) return 'choose';
  return passes === 1 || coupons > 0 ? 'transferred' : 'nothing';
}

function matchStep(outcome: TapOutcome): PassStep {
  return outcome === 'choose' ? 'several-match' : 'sent';
}

/** The first step at which a pass falls out; null when it matches. */
function mismatch(facts: TapFacts, pass: HeldPass, now: Date): PassStep | null {
  if (!pass.enableSmartTap) return 'smart-tap-disabled';
  if (!pass.redemptionIssuers.includes(facts.redemptionIssuerId)) return 'collector-not-listed';
  if (!pass.classApproved) return 'class-not-approved';
  if (facts.types !== null && !facts.types.includes(pass.type)) return 'type-not-asked';
  if (pass.state !== 'ACTIVE') return 'not-active';
  if (pass.validFrom !== null && now < pass.validFrom) return 'not-yet-valid';
  if (pass.validUntil !== null && now >= pass.validUntil) return 'no-longer-valid';
  if (pass.redemptionValue === null) return 'no-redemption-value';
  const elsewhere = facts.screen.kind === 'pass' && facts.screen.objectId !== pass.objectId;
  return elsewhere ? 'not-on-screen' : null;
}

function mayReceive(facts: TapFacts, coupon: HeldCoupon, now: Date): boolean {
  return (
    (facts.types === null || facts.types.includes('offer')) &&
    coupon.redemptionIssuers.includes(facts.redemptionIssuerId) &&
    now >= coupon.availableAt &&
    now < coupon.expiresAt
  );
}

function verdict({ objectId, classId, issuerId }: HeldPass, step: PassStep): PassVerdict {
  return { objectId, classId, issuerId, step };
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
