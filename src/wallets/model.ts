import { type Caller, issuerSeenBy, mayActFor } from '../access/model.ts';
import type { Vertical } from '../passes/model.ts';

/** One person's set of passes and coupons. */
export interface Wallet {
  readonly id: string;
  /** The issuer whose app keeps the wallet; null for a wallet of the platform. */
  readonly issuerId: string | null;
  readonly displayName: string | null;
  readonly externalId: string | null;
  /** Where notices to the member go; null: nowhere. */
  readonly email: string | null;
  readonly plus: boolean;
  readonly createdAt: Date;
}

export interface WalletPass {
  readonly objectId: string;
  readonly classId: string;
  readonly issuerId: string;
  readonly type: Vertical;
  readonly state: string;
  readonly addedAt: Date;
}

/** A pass as the phone stores it, to decide a tap without a network. */
export interface BundledPass {
  readonly objectId: string;
  readonly classId: string;
  readonly issuerId: string;
  readonly type: Vertical;
  readonly state: string;
  readonly redemptionValue: string | null;
  readonly validFrom: Date | null;
  readonly validUntil: Date | null;
  readonly enableSmartTap: boolean;
  readonly redemptionIssuers: readonly string[];
}

/** A redemption issuer as the phone stores it. */
export interface BundledIssuer {
  readonly issuerId: string;
  readonly collectorId: string;
  readonly keys: readonly { readonly version: number; readonly spki: string }[];
}

/** All that a phone stores of its wallet. */
export interface WalletBundle {
  readonly walletId: string;
  readonly passes: readonly BundledPass[];
  readonly redemptionIssuers: readonly BundledIssuer[];
}

/** The wallet's keeper acts as the phone: sees all that is in it and presents it. */
export function keepsWallet(caller: Caller, wallet: Pick<Wallet, 'id' | 'issuerId'>): boolean {
  if (caller.kind === 'member') return caller.walletId === wallet.id;
  return wallet.issuerId === null ? caller.kind === 'root' : mayActFor(caller, wallet.issuerId);
}

/**
 * A wallet of the platform is open to every issuer for that issuer's own passes and coupons; a
 * wallet of an issuer is that issuer's.
 */
export function mayUseWallet(caller: Caller, wallet: Pick<Wallet, 'id' | 'issuerId'>): boolean {
  const shared = wallet.issuerId === null && caller.kind !== 'member';
  return shared || keepsWallet(caller, wallet);
}

/** A wallet as a caller sees it. */
export type VisibleWallet = Omit<Wallet, PersonalField> & Partial<Pick<Wallet, PersonalField>>;

type PersonalField = 'displayName' | 'externalId' | 'email';

/** Who the member is, is the keeper's alone: a wallet that issuers share tells none of them. */
export function visibleWallet(caller: Caller, wallet: Wallet): VisibleWallet {
  if (keepsWallet(caller, wallet)) return wallet;
  const { displayName: _name, externalId: _id, email: _email, ...rest } = wallet;
  return rest;
}

/** Whose things a caller sees in a wallet: null is everything. */
export function visibleIssuer(
  caller: Caller,
  wallet: Pick<Wallet, 'id' | 'issuerId'>,
): string | null {
  return keepsWallet(caller, wallet) ? null : issuerSeenBy(caller);
}
