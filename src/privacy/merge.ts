import type { MemberCaller } from '../access/model.ts';
import { audit } from '../audit/store.ts';
import { findMember, lockMember } from '../members/member-store.ts';
import type { DeviceMember } from '../members/model.ts';
import { changeObject } from '../passes/change-object.ts';
import type { Tx } from '../platform/database.ts';
import { mergeCoupons } from './merge-coupons.ts';
import { decideMembership } from './merge-rules.ts';
import {
  endMembership,
  giveMembership,
  membershipsOf,
  moveMember,
  moveWallet,
} from './merge-store.ts';

/**
 * Makes two members one: what the second has goes to the first, whose phone was proven. Nothing
 * that could be used is lost, and no limit is wider for it. False when one of them is gone already.
 */
export async function mergeMembers(tx: Tx, keepId: string, goneId: string): Promise<boolean> {
  if (keepId === goneId) return false;
  // In order of id, so that two who merge the same two never wait for each other.
  for (const id of [keepId, goneId].sort()) if (!(await lockMember(tx, id))) return false;
  const [keep, gone] = [await findMember(tx, keepId), await findMember(tx, goneId)];
  if (keep === null || gone === null) return false;
  const caller: MemberCaller = { kind: 'member', ...keep };
  const coupons = await mergeCoupons(tx, caller, keep.walletId, gone.walletId);
  await mergeMemberships(tx, caller, keep, gone);
  await moveWallet(tx, keep.walletId, gone.walletId);
  await moveMember(tx, keepId, goneId);
  await audit(tx, {
    actor: `member:${keepId}`,
    action: 'member.merge',
    subject: keepId,
    outcome: 'merged',
    detail: { gone: goneId, walletId: keep.walletId, goneWalletId: gone.walletId, ...coupons },
  });
  return true;
}

/** At an issuer that both had joined, the older number stays and the other card ends. */
async function mergeMemberships(
  tx: Tx,
  caller: MemberCaller,
  keep: DeviceMember,
  gone: DeviceMember,
): Promise<void> {
  const own = await membershipsOf(tx, keep.memberId);
  for (const other of await membershipsOf(tx, gone.memberId)) {
    const mine = own.find(({ issuerId }) => issuerId === other.issuerId);
    if (mine === undefined) {
      await giveMembership(tx, other.objectId, keep.memberId, other.externalId);
      continue;
    }
    const { kept, ended, externalId } = decideMembership(mine, other);
    await endMembership(tx, ended.objectId);
    await giveMembership(tx, kept.objectId, keep.memberId, externalId);
    await endCard(tx, caller, ended.objectId);
  }
}

async function endCard(tx: Tx, caller: MemberCaller, objectId: string): Promise<void> {
  const changed = await changeObject(tx, caller, {
    id: objectId,
    vertical: 'loyalty',
    mode: 'merge',
    revise: (body) => ({ ...body, state: 'INACTIVE' }),
  });
  if (!changed.ok) throw new Error(`a card did not end: ${changed.refusal}`);
}
