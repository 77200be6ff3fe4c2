import { type Caller, mayActFor } from '../access/model.ts';
import type { Db } from '../platform/database.ts';
import { pairwiseRef } from '../wallets/pairwise.ts';
import { findForIssuer, listMemberships, type MembershipWithSecret } from './membership-store.ts';
import type { IssuersMembership } from './model.ts';

/** The memberships of an issuer after that number; null for an issuer that is not the caller's. */
export async function readMemberships(
  db: Db,
  caller: Caller,
  issuerId: string,
  page: { readonly after: number | null; readonly limit: number },
): Promise<IssuersMembership[] | null> {
  if (!mayActFor(caller, issuerId)) return null;
  return (await listMemberships(db, issuerId, page.after, page.limit)).map(forIssuer);
}

/** A member's membership as the issuer sees it. */
export async function membershipForIssuer(
  db: Db,
  memberId: string,
  issuerId: string,
): Promise<IssuersMembership> {
  const membership = await findForIssuer(db, memberId, issuerId);
  if (membership === null) throw new Error('the membership is gone');
  return forIssuer(membership);
}

/** An issuer without terminals has a reference too, which none of them could be told. */
function forIssuer({ pairwiseSecret, collectorId, ...row }: MembershipWithSecret) {
  const walletRef = pairwiseRef(pairwiseSecret, collectorId ?? `issuer ${row.issuerId}`);
  return { ...row, walletRef };
}
