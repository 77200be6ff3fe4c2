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

export interface KeyCaller {
  readonly kind: 'key';
  readonly keyId: string;
  readonly issuerId: string;
  readonly mode: 'live' | 'test';
  readonly scopes: readonly string[];
}

/** A paired till: it redeems at its own terminal and sees who taps there. */
export interface TillCaller {
  readonly kind: 'till';
  readonly tillId: string;
  readonly issuerId: string;
  readonly storeId: string;
  readonly terminalId: string;
}

/** A member on a known phone, who acts on the own wallet and calls nothing but the member's pages. */
export interface MemberCaller {
  readonly kind: 'member';
  readonly memberId: string;
  readonly walletId: string;
}

/** Who is calling. Root may act for every issuer, a key and a till for their own. */
export type Caller = { readonly kind: 'root' } | KeyCaller | TillCaller | MemberCaller;

const TILL_SCOPES: readonly Scope[] = ['redemptions:write', 'terminals:read'];

export function mayActFor(caller: Caller, issuerId: string): boolean {
  if (caller.kind === 'member') return false;
  return caller.kind === 'root' || caller.issuerId === issuerId;
}

/** Whose things the caller sees in a list: an issuer's, or null for root, who sees all. */
export function issuerSeenBy(caller: Caller): string | null {
  if (caller.kind === 'member') throw new Error('a member acts for no issuer');
  return caller.kind === 'root' ? null : caller.issuerId;
}

export function holdsScope(caller: Caller, scope: Scope): boolean {
  if (caller.kind === 'root') return true;
  if (caller.kind === 'member') return false;
  const scopes: readonly string[] = caller.kind === 'till' ? TILL_SCOPES : caller.scopes;
  const writing = scope.replace(':read', ':write');
  return scopes.some((held) => held === '*' || held === scope || held === writing);
}

/** The caller as audit entries and claims name it. */
export function actorOf(caller: Caller): string {
  if (caller.kind === 'key') return `key:${caller.keyId}`;
  if (caller.kind === 'till') return `till:${caller.tillId}`;
  return caller.kind === 'member' ? `member:${caller.memberId}` : 'root';
}

/** Idempotency keys are counted by issuer, so that a rotated API key may finish a retry. */
export function idempotencyScopeOf(caller: Caller): string {
  if (caller.kind === 'member') return `member:${caller.memberId}`;
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
