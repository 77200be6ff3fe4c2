import type { KeyFlaw } from '../issuers/public-key.ts';
import type { PassRefusal } from '../passes/rules.ts';
import { type Fault, fault, type Reason } from './envelope.ts';

type Text = readonly [code: number, reason: Reason, message: (subject: string) => string];

/** Each refusal as this face tells it; a refusal without its text does not compile. */
const TEXTS: Readonly<Record<WalletRefusal, Text>> = {
  'review-status-missing': [400, 'invalid', () => 'Review status must be set'],
  'review-status-not-yours': [
    400,
    'invalid',
    (status) => `Invalid review status "${status}". Use "UNDER_REVIEW" instead.`,
  ],
  'review-status-back-to-draft': [
    400,
    'invalid',
    (status) =>
      `Invalid review status "DRAFT". The class is ${status}; use "UNDER_REVIEW" instead.`,
  ],
  'state-missing': [400, 'invalid', () => 'State must be set'],
  'redemption-value-not-ascii': [
    400,
    'invalid',
    () => "Invalid value at 'smartTapRedemptionValue': Smart Tap carries ASCII only.",
  ],
  'interval-not-a-time': [
    400,
    'invalid',
    (time) => `Invalid value at 'validTimeInterval': "${time}" is not an ISO 8601 date and time.`,
  ],
  'interval-mixed-offsets': [
    400,
    'invalid',
    () => "Invalid value at 'validTimeInterval': start and end both have an offset or neither has.",
  ],
  'interval-reversed': [
    400,
    'invalid',
    () => "Invalid value at 'validTimeInterval': the end lies before the start.",
  ],
  'issuer-not-found': [404, 'notFound', (id) => `Issuer ${id} not found.`],
  'issuer-exists': [409, 'existingResource', (id) => `Issuer ${id} already exists.`],
  'collector-id-taken': [
    409,
    'existingResource',
    (id) => `Another issuer has the smartTapMerchantId ${id} already.`,
  ],
  'class-not-found': [404, 'classNotFound', (id) => `Wallet Object Class ${id} not found.`],
  'class-of-other-issuer': [
    400,
    'invalid',
    (id) => `Wallet Object Class ${id} belongs to another issuer than the object.`,
  ],
  'class-not-approved': [400, 'invalid', (id) => `Wallet Object Class ${id} not approved`],
  'class-is-coupon-class': [
    400,
    'invalid',
    (id) => `Wallet Object Class ${id} is a coupon class and managed through /v1/coupon-classes.`,
  ],
  'class-exists': [409, 'existingResource', (id) => `Wallet Object Class ${id} already exists.`],
  'object-not-found': [404, 'resourceNotFound', (id) => `Wallet Object ${id} not found.`],
  'object-is-coupon': [
    400,
    'invalid',
    (id) => `Wallet Object ${id} is a coupon and managed through /v1/coupon-classes.`,
  ],
  'object-exists': [409, 'existingResource', (id) => `Wallet Object ${id} already exists.`],
  'linked-object-not-found': [
    404,
    'resourceNotFound',
    (id) => `Wallet Object ${id} not found. Only existing objects of the issuer are linked.`,
  ],
};

export type WalletRefusal =
  | PassRefusal
  | 'issuer-exists'
  | 'collector-id-taken'
  | 'object-is-coupon';

export function faultOf({ refusal, subject }: { refusal: WalletRefusal; subject: string }): Fault {
  const [code, reason, message] = TEXTS[refusal];
  return fault(code, reason, message(subject));
}

/** What is wrong with a public key, and what to send instead. */
export const KEY_FLAWS: Readonly<Record<KeyFlaw, string>> = {
  'not-pem': 'send exactly one "PUBLIC KEY" block in PEM and nothing beside it',
  'not-jwk': 'send an elliptic curve key',
  'private-key': 'this is a private key; make a new pair and send its public key',
  certificate: 'this is a certificate; send the public key alone',
  'not-p256': 'send a key on the curve P-256 (prime256v1)',
  compressed: 'send the point uncompressed',
  'explicit-curve': 'name the curve instead of writing its parameters out',
  'not-on-curve': 'the point does not lie on the curve P-256',
  'not-canonical': 'write the key as OpenSSL writes it: DER of a named curve, nothing behind it',
};
