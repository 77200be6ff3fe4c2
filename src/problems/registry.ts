import type { ClaimRefusal } from '../claims/model.ts';
import type { ClassChangeRefusal } from '../coupons/rules.ts';
import type { RedemptionRefusal, ReversalRefusal } from '../redemptions/model.ts';
import { claimProblems } from './claim-problems.ts';
import type { ProblemText } from './model.ts';
import { redemptionProblems } from './redemption-problems.ts';
import { requestProblems } from './request-problems.ts';

/** Every problem the service can answer with; the page of each stands under `/problems/<code>`. */
export const problems = { ...requestProblems, ...claimProblems, ...redemptionProblems };

export type ProblemCode = keyof typeof problems;

// A refusal without its text does not compile.
problems satisfies Record<
  ClaimRefusal | RedemptionRefusal | ReversalRefusal | ClassChangeRefusal,
  ProblemText
>;

export const problemCodes = Object.keys(problems) as ProblemCode[];
