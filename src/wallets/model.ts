import { type Caller, mayActFor } from '../access/model.ts';

/** One person's set of passes and coupons. */
export interface Wallet {
  readonly id: string;
  /** The issuer whose app keeps the wallet; null for a wallet of the platform. */
  readonly issuerId: string | null;
  readonly displayName: string | null;
  readonly externalId: string | null;
  readonly plus: boolean;
  readonly createdAt: Date;
}

/** The wallet's keeper acts as the phone: sees all that is in it and presents it. */
export function keepsWallet(caller: Caller, wallet: Pick<Wallet, 'issuerId'>): boolean {
  return wallet.issuerId === null ? caller.kind === 'root' : mayActFor(caller, wallet.issuerId);
}

/**
 * A wallet of the platform is open to every issuer for that issuer's own passes and coupons; a
 * wallet of an issuer is that issuer's.
 */
export function mayUseWallet(caller: Caller, wallet: Pick<Wallet, 'issuerId'>): boolean {
  return wallet.issuerId === null || keepsWallet(caller, wallet);
}

/** Whose things a caller sees in a wallet: null is everything. */
export function visibleIssuer(caller: Caller, wallet: Pick<Wallet, 'issuerId'>): string | null {
  return keepsWallet(caller, wallet) || caller.kind === 'root' ? null : caller.issuerId;
}
