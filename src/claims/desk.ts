import type { Coupon } from '../coupons/model.ts';
import type { ClaimRefusal } from './model.ts';

/** A claim as it comes in at the API. */
export interface ClaimRequest {
  readonly id: string;
  readonly classId: string;
  readonly walletId: string;
  readonly tapId: string | null;
  readonly actor: string;
  readonly requestId: string;
  readonly key: {
    readonly scope: string;
    readonly key: string;
    readonly fingerprint: string;
  } | null;
}

export interface Claim {
  readonly id: string;
  readonly classId: string;
  readonly walletId: string;
  readonly createdAt: Date;
  readonly requestId: string;
  readonly outcome:
    | { readonly status: 'pending' }
    | { readonly status: 'issued'; readonly coupon: Coupon }
    | { readonly status: 'refused'; readonly refusal: ClaimRefusal };
}

/** What happened to a claim that was handed in. */
export type Handed =
  | { readonly kind: 'claim'; readonly claim: Claim; readonly replayed: boolean }
  | { readonly kind: 'class-not-found' }
  | { readonly kind: 'key-reused' };

/** Takes claims in and waits for the worker that decides them. */
export interface ClaimDesk {
  /**
   * Hands a claim in and waits up to `waitMilliseconds` for its decision; 0 answers as soon as the
   * pending claim is durable.
   */
  submit(request: ClaimRequest, waitMilliseconds: number): Promise<Handed>;
  close(): Promise<void>;
}
