import type { CouponClass } from '../coupons/model.ts';
import type { BulkRefusal, BulkStatus } from './model.ts';

/** Decides whether a class may be issued to many: null lets it through. */
export function decideBulkIssue({
  issueType,
  voidedAt,
}: Pick<CouponClass, 'issueType' | 'voidedAt'>): BulkRefusal | null {
  if (voidedAt !== null) return 'coupon-class-voided';
  // Such a coupon is for who taps, and nobody in a list has.
  return issueType === 'tap_claim' ? 'bulk-needs-manual-class' : null;
}

/** How far a job has come. */
export interface Progress {
  readonly status: BulkStatus;
  readonly total: number;
  /** Items before it were handed in, and all of those are decided. */
  readonly position: number;
}

export interface NextStep {
  /** Items before it are handed in next. */
  readonly until: number;
  /** Nothing is left to do. */
  readonly isLast: boolean;
}

/** What is next when none of a job's claims waits. */
export function decideNextStep({ status, total, position }: Progress, chunk: number): NextStep {
  const until = status === 'running' ? Math.min(position + chunk, total) : position;
  return { until, isLast: until === position };
}
