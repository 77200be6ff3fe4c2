import { becomeMemberOf } from '../members/become.ts';
import { nameWallet } from '../members/member-store.ts';
import { findImportedFor } from '../members/membership-store.ts';
import type { Membership } from '../members/model.ts';
import type { Tx } from '../platform/database.ts';
import { mergeMembers } from './merge.ts';

/**
 * Joins an issuer. What the issuer had imported under the number that this member has proven comes
 * along, but for the name: a member is called what the member says.
 */
export async function joinIssuer(
  tx: Tx,
  memberId: string,
  issuerId: string,
): Promise<Membership | null> {
  for (const imported of await findImportedFor(tx, memberId, issuerId)) {
    await nameWallet(tx, imported.walletId, null);
    await mergeMembers(tx, memberId, imported.memberId);
  }
  return becomeMemberOf(tx, memberId, issuerId);
}
