import type { PassBody, PassState, ReviewStatus, Vertical } from './model.ts';
import { type ValidityFlaw, validityOf } from './validity.ts';

/** Why a pass class or object is not written or not found. */
export type PassRefusal =
  | 'review-status-missing'
  | 'review-status-not-yours'
  | 'review-status-back-to-draft'
  | 'state-missing'
  | 'redemption-value-not-ascii'
  | ValidityFlaw
  | 'issuer-not-found'
  | 'class-not-found'
  | 'class-of-other-issuer'
  | 'class-not-approved'
  | 'class-is-coupon-class'
  | 'class-exists'
  | 'object-not-found'
  | 'object-exists'
  | 'linked-object-not-found';

/** A decision: its value, or the refusal and the id or value that it is about. */
export type Outcome<Value> = { readonly ok: true; readonly value: Value } | Refused;

export interface Refused {
  readonly ok: false;
  readonly refusal: PassRefusal;
  readonly subject: string;
}

export function refused(refusal: PassRefusal, subject: string): Refused {
  return { ok: false, refusal, subject };
}

/** `merge` keeps what it does not speak of, `replace` clears it. */
export type ChangeMode = 'insert' | 'replace' | 'merge';

/** Generic passes know no review: their classes count at once. */
export function isReviewed(vertical: Vertical): boolean {
  return vertical !== 'generic';
}

/**
 * Decides the review status of a class from what its owner asks. The platform approves at once
 * what is put under review, and nothing becomes a draft again.
 */
export function decideReview(
  vertical: Vertical,
  asked: unknown,
  current: ReviewStatus | null,
  mode: ChangeMode,
): Outcome<ReviewStatus> {
  if (!isReviewed(vertical)) return { ok: true, value: 'APPROVED' };
  if (asked === 'UNDER_REVIEW') return { ok: true, value: 'APPROVED' };
  if (asked === 'DRAFT') {
    const published = current !== null && current !== 'DRAFT';
    return published ? refused('review-status-back-to-draft', current) : { ok: true, value: asked };
  }
  if (asked === 'APPROVED' || asked === 'REJECTED')
    return refused('review-status-not-yours', asked);
  if (mode === 'merge' && current !== null) return { ok: true, value: current };
  return refused('review-status-missing', '');
}

/** What a tap decides by, of a class. */
export interface ClassTerms {
  readonly enableSmartTap: boolean;
  readonly redemptionIssuers: readonly string[];
  readonly severalHolders: boolean;
}

/** Only a class that says so has several holders; to leave it open means one. */
export function classTerms(body: PassBody): ClassTerms {
  const { redemptionIssuers } = body;
  return {
    enableSmartTap: body.enableSmartTap === true,
    redemptionIssuers: Array.isArray(redemptionIssuers) ? [...new Set(redemptionIssuers)] : [],
    severalHolders: body.multipleDevicesAndHoldersAllowedStatus === 'MULTIPLE_HOLDERS',
  };
}

/** What a tap decides by, of an object. */
export interface ObjectTerms {
  readonly state: PassState;
  readonly redemptionValue: string | null;
  readonly validFrom: Date | null;
  readonly validUntil: Date | null;
}

export function objectTerms(vertical: Vertical, body: PassBody): Outcome<ObjectTerms> {
  const state = stateOf(vertical, body);
  if (state === null) return refused('state-missing', '');
  const stated = textOf(body.smartTapRedemptionValue);
  if (stated !== null && !isAscii(stated)) return refused('redemption-value-not-ascii', stated);
  const validity = validityOf(body.validTimeInterval);
  if (!validity.ok) return refused(validity.flaw, validity.text);
  const redemptionValue = redemptionValueOf(vertical, body);
  const { validFrom, validUntil } = validity;
  return { ok: true, value: { state, redemptionValue, validFrom, validUntil } };
}

const STATES: readonly unknown[] = ['ACTIVE', 'COMPLETED', 'EXPIRED', 'INACTIVE'];

function stateOf(vertical: Vertical, { state }: PassBody): PassState | null {
  if (STATES.includes(state)) return state as PassState;
  return vertical === 'generic' ? 'ACTIVE' : null;
}

/**
 * What the terminal receives. Where a loyalty object states none, its barcode stands in, then its
 * account id; the first that is there counts, and Smart Tap carries it only when it is ASCII.
 */
function redemptionValueOf(vertical: Vertical, body: PassBody): string | null {
  const { value } = (body.barcode ?? {}) as { value?: unknown };
  const fallbacks = vertical === 'loyalty' ? [value, body.accountId] : [];
  const candidates = [body.smartTapRedemptionValue, ...fallbacks].map(textOf);
  const first = candidates.find((text) => text !== null) ?? null;
  return first !== null && isAscii(first) ? first : null;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function isAscii(text: string): boolean {
  return [...text].every((character) => character.charCodeAt(0) < 128);
}
