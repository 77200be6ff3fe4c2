import type { Caller } from '../access/model.ts';
import { audit } from '../audit/store.ts';
import { insertObject } from '../passes/insert-object.ts';
import type { Db, Tx } from '../platform/database.ts';
import { newCouponCode, randomBase32 } from '../platform/ids.ts';
import { addPass, findPassToAdd } from '../wallets/store.ts';
import { cardBody } from './card-rules.ts';
import { findMember, lockMember } from './member-store.ts';
import {
  findMembership,
  findTerms,
  insertMembership,
  lockTerms,
  takeNextNumber,
} from './membership-store.ts';
import type { DeviceMember, Membership } from './model.ts';

/** Whether joining is possible at an issuer. */
export async function takesMembers(db: Db, issuerId: string): Promise<boolean> {
  return (await findTerms(db, issuerId)) !== null;
}

export function membershipAt(
  db: Db,
  memberId: string,
  issuerId: string,
): Promise<Membership | null> {
  return findMembership(db, memberId, issuerId);
}

/**
 * Makes a member one of an issuer's, with the next number and a card in the wallet; the same
 * membership again for who is one already. Null where the issuer takes no members, and for a
 * member who is gone.
 */
export async function becomeMemberOf(
  tx: Tx,
  memberId: string,
  issuerId: string,
): Promise<Membership | null> {
  const found = await findMembership(tx, memberId, issuerId);
  if (found !== null) return found;
  if (!(await lockMember(tx, memberId))) return null;
  const member = await findMember(tx, memberId);
  if (member === null) return null;
  const terms = await lockTerms(tx, issuerId);
  if (terms === null) return null;
  // Another request of the member's may have been faster while this one waited.
  const made = await findMembership(tx, memberId, issuerId);
  if (made !== null) return made;
  const number = await takeNextNumber(tx, issuerId);
  const membership = await giveCard(tx, memberCaller(member), { ...member, ...terms, number });
  await audit(tx, {
    actor: `member:${memberId}`,
    action: 'membership.join',
    subject: memberId,
    outcome: 'joined',
    detail: { issuerId, number, objectId: membership.objectId },
  });
  return membership;
}

function memberCaller({ memberId, walletId }: DeviceMember): Caller {
  return { kind: 'member', memberId, walletId };
}

interface CardToGive {
  readonly memberId: string;
  readonly walletId: string;
  readonly issuerId: string;
  readonly classId: string;
  readonly number: number;
}

/** Makes the card with that number, puts it into the wallet and records the membership. */
export async function giveCard(
  tx: Tx,
  caller: Caller,
  { memberId, walletId, issuerId, classId, number }: CardToGive,
): Promise<Membership> {
  const objectId = `${issuerId}.m${number}-${randomBase32(8)}`;
  const body = cardBody({ objectId, classId, number, redemptionValue: newCouponCode() });
  const inserted = await insertObject(tx, caller, { id: objectId, vertical: 'loyalty', body });
  if (!inserted.ok) throw new Error(`no card was made: ${inserted.refusal}`);
  const pass = await findPassToAdd(tx, objectId);
  await addPass(tx, walletId, objectId, pass?.severalHolders !== true);
  return insertMembership(tx, { memberId, issuerId, number, objectId });
}
