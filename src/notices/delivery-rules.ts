import { DELIVERED, type Delivered, type Failed, failed } from './model.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** Seconds from one attempt to the next: the last of ten is 75 h 35 min after the first. */
export const RETRY_SECONDS: readonly number[] = [
  5,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];

export const MAX_ATTEMPTS = RETRY_SECONDS.length + 1;
/** A pause is longer by up to this part, so that what failed together does not come back together. */
export const LARGEST_JITTER = 0.1;
/** The longest that a receiver's Retry-After is followed. */
export const LONGEST_WISH_SECONDS = 24 * HOUR;

export type AfterAttempt =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'retry'; readonly delaySeconds: number; readonly reason: string }
  | { readonly kind: 'give-up'; readonly reason: string };

/**
 * What follows on an attempt. A retry never comes before the published schedule, nor before the
 * receiver wished.
 * @param attempts how many there were, this one included
 * @param chance from 0 to 1
 */
export function afterAttempt(
  outcome: Delivered | Failed,
  attempts: number,
  attemptedAt: Date,
  chance: number,
): AfterAttempt {
  if (outcome.delivered) return { kind: 'delivered' };
  const { reason, final, notBefore } = outcome;
  const pause = RETRY_SECONDS[attempts - 1];
  if (final || pause === undefined) return { kind: 'give-up', reason };
  const wish = notBefore === null ? 0 : (notBefore.getTime() - attemptedAt.getTime()) / 1000;
  const delaySeconds = Math.max(
    pause * (1 + LARGEST_JITTER * chance),
    Math.min(wish, LONGEST_WISH_SECONDS),
  );
  return { kind: 'retry', delaySeconds, reason };
}

/** What the answer of a webhook's receiver means (Standard Webhooks 1.0). */
export function webhookOutcome(
  status: number,
  retryAfter: string | null,
  attemptedAt: Date,
): Delivered | Failed {
  if (status >= 200 && status < 300) return DELIVERED;
  const reason = `status-${status}`;
  if (status === 410) return failed(reason, { final: true, endsTarget: true });
  const waits = status === 429 || status === 503;
  return failed(reason, { notBefore: waits ? retryAfterTime(retryAfter, attemptedAt) : null });
}

const DATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** Retry-After as a time: seconds, or a date (RFC 9110 §10.2.3); null for anything else. */
export function retryAfterTime(text: string | null, now: Date): Date | null {
  if (text === null) return null;
  if (/^\d{1,9}$/.test(text)) return new Date(now.getTime() + Number(text) * 1000);
  const time = DATE.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? null : new Date(time);
}
