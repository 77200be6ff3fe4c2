/** What a key may be made for; `x:write` includes `x:read`, `*` is everything of its issuer. */
export const SCOPES = [
  '*',
  'issuers:read',
  'issuers:write',
  'passes:read',
  'passes:write',
  'wallets:read',
  'wallets:write',
  'taps:read',
  'coupon-classes:read',
  'coupon-classes:write',
  'coupons:read',
  'coupons:write',
  'transfers:read',
  'transfers:write',
  'bulk-issues:read',
  'bulk-issues:write',
  'claims:read',
  'claims:write',
  'redemptions:read',
  'redemptions:write',
  'terminals:read',
  'terminals:write',
  'webhooks:read',
  'webhooks:write',
  'audit:read',
  'api-keys:read',
  'api-keys:write',
] as const;

export type Scope = (typeof SCOPES)[number];

/** Who is calling. Root may act for every issuer, a key for its own. */
export type Caller =
  | { readonly kind: 'root' }
  | {
      readonly kind: 'key';
      readonly keyId: string;
      readonly issuerId: string;
      readonly mode: 'live' | 'test';
      readonly scopes: readonly string[];
    };

export function mayActFor(caller: Caller, issuerId: string): boolean {
  return caller.kind === 'root' || caller.issuerId === issuerId;
}

export function holdsScope(caller: Caller, scope: Scope): boolean {
  if (caller.kind === 'root') return true;
  const writing = scope.replace(':read', ':write');
  return caller.scopes.some((held) => held === '*' || held === scope || held === writing);
}

/** The caller as audit entries and claims name it. */
export function actorOf(caller: Caller): string {
  return caller.kind === 'root' ? 'root' : `key:${caller.keyId}`;
}

/** Idempotency keys are counted by issuer, so that a rotated API key may finish a retry. */
export function idempotencyScopeOf(caller: Caller): string {
  return caller.kind === 'root' ? 'root' : `issuer:${caller.issuerId}`;
}

/** An API key as it is shown: never its secret. */
export interface ApiKey {
  readonly id: string;
  readonly issuerId: string;
  readonly mode: string;
  readonly scopes: readonly string[];
  readonly lastFour: string;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
}
