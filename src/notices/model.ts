import type { LocalizedText } from '../coupons/model.ts';

/** What members and merchants are told of. */
export type NoticeKind = 'coupon-expiring';

/** What a notice of an expiring coupon says; the wallet's id leads to its member, nothing else. */
export interface ExpiringCoupon {
  readonly couponId: string;
  readonly classId: string;
  readonly walletId: string;
  readonly name: LocalizedText;
  /** Exclusive; RFC 3339. */
  readonly expiresAt: string;
  /** The zone of the class, by which its days are told. */
  readonly timeZone: string;
}

/** Something somebody is to be told. */
export interface Notice {
  /** The same over all ways and attempts, so that a receiver can tell a second copy. */
  readonly id: string;
  readonly issuerId: string;
  readonly kind: NoticeKind;
  /** What it is about; there is one notice of a kind about each. */
  readonly subject: string;
  readonly body: ExpiringCoupon;
  readonly createdAt: Date;
}

/** A notice at the moment of an attempt to deliver it, by the database's clock. */
export interface Dispatch extends Notice {
  readonly attemptedAt: Date;
}

export interface Delivered {
  readonly delivered: true;
}

export interface Failed {
  readonly delivered: false;
  /** A code for logs and for the issuer, without personal data. */
  readonly reason: string;
  /** No further attempt can help. */
  readonly final: boolean;
  /** The receiver asked not to be tried before; null: no such wish. */
  readonly notBefore: Date | null;
  /** The receiver wants nothing at this target any more. */
  readonly endsTarget: boolean;
}

/** One way to tell people. `target` is a webhook endpoint's id, or empty. */
export interface NoticeChannel {
  send(notice: Dispatch, target: string): Promise<Delivered | Failed>;
}

export type ChannelName = 'log' | 'webhook' | 'smtp';

/** The ways this process can go. */
export type NoticeChannels = { readonly [Name in ChannelName]?: NoticeChannel };

export const DELIVERED: Delivered = { delivered: true };

/** A failure after which the delivery is tried again by the schedule, unless it says otherwise. */
export function failed(reason: string, more: Partial<Omit<Failed, 'delivered'>> = {}): Failed {
  return { delivered: false, reason, final: false, notBefore: null, endsTarget: false, ...more };
}

/** Why an issuer gets no endpoint. */
export type EndpointRefusal = 'not-found' | 'webhooks-not-enabled' | 'too-many-webhooks';

/** Where an issuer wants to be told. */
export interface WebhookEndpoint {
  readonly id: string;
  readonly issuerId: string;
  readonly url: string;
  readonly createdAt: Date;
  /** Its receiver has answered that it is gone; null: in use. */
  readonly disabledAt: Date | null;
}
