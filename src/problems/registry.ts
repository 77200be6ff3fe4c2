import type { BulkRefusal } from '../bulk/model.ts';
import type { ClaimRefusal } from '../claims/model.ts';
import type { CouponVoidRefusal } from '../coupons/coupon-rules.ts';
import type { ClassChangeRefusal } from '../coupons/rules.ts';
import type { MembershipRefusal } from '../members/model.ts';
import type { EndpointRefusal } from '../notices/model.ts';
import type {
  BasketRefusal,
  ConfirmationRefusal,
  ReleaseRefusal,
  ReversalRefusal,
} from '../redemptions/model.ts';
import type {
  StandRefusal,
  TouchRefusal,
  WriteLinkRefusal,
  WritingRefusal,
} from '../stands/model.ts';
import type { NoSession, SessionRefusal } from '../stands/session-model.ts';
import type { PairingRefusal } from '../terminals/model.ts';
import type { AcceptanceRefusal } from '../transfers/model.ts';
import { bulkProblems } from './bulk-problems.ts';
import { claimProblems } from './claim-problems.ts';
import { counterProblems } from './counter-problems.ts';
import { memberProblems } from './member-problems.ts';
import type { ProblemText } from './model.ts';
import { redemptionProblems } from './redemption-problems.ts';
import { requestProblems } from './request-problems.ts';
import { standProblems } from './stand-problems.ts';
import { touchProblems } from './touch-problems.ts';
import { transferProblems } from './transfer-problems.ts';
import { webhookProblems } from './webhook-problems.ts';

/** Every problem the service can answer with; the page of each stands under `/problems/<code>`. */
export const problems = {
  ...requestProblems,
  ...claimProblems,
  ...bulkProblems,
  ...redemptionProblems,
  ...transferProblems,
  ...webhookProblems,
  ...counterProblems,
  ...memberProblems,
  ...standProblems,
  ...touchProblems,
};

export type ProblemCode = keyof typeof problems;

// A refusal without its text does not compile.
problems satisfies Record<
  | ClaimRefusal
  | BulkRefusal
  | BasketRefusal
  | ConfirmationRefusal
  | ReleaseRefusal
  | ReversalRefusal
  | ClassChangeRefusal
  | CouponVoidRefusal
  | AcceptanceRefusal
  | EndpointRefusal
  | StandRefusal
  | TouchRefusal
  | NoSession
  | SessionRefusal
  | WritingRefusal
  | WriteLinkRefusal
  | PairingRefusal
  | MembershipRefusal,
  ProblemText
>;

export const problemCodes = Object.keys(problems) as ProblemCode[];
