import { actorOf, type Caller, mayActFor } from '../access/model.ts';
import { audit } from '../audit/store.ts';
import type { Tx } from '../platform/database.ts';
import type { Sealer } from '../platform/sealing.ts';
import { giveCard } from './become.ts';
import { lockPhone } from './join-code-store.ts';
import { makeMember } from './make-member.ts';
import { findMemberByPhone, lockMember } from './member-store.ts';
import {
  findByExternalId,
  findMembership,
  lockTerms,
  numberTaken,
  setExternalId,
  setImportedMark,
  takeNextNumber,
} from './membership-store.ts';
import { membershipForIssuer } from './memberships.ts';
import type { IssuersMembership, MembershipRefusal } from './model.ts';
import { parsePhone } from './phone-rules.ts';
import { PHONE_MARK } from './places.ts';

/** A member of an issuer's own member system. */
export interface MemberToImport {
  readonly issuerId: string;
  readonly externalId: string;
  readonly phone: string | null;
  readonly number: number | null;
  readonly displayName: string | null;
}

export type ImportOutcome =
  | { readonly ok: true; readonly isNew: boolean; readonly membership: IssuersMembership }
  | { readonly ok: false; readonly refusal: MembershipRefusal };

/**
 * Takes over a member of another system, once for each external id, as somebody apart from all whom
 * the platform knows: what an issuer says of a phone number is shown to nobody else, and links it to
 * nobody. Whoever proves the number and joins this issuer gets the card.
 */
export async function importMember(
  tx: Tx,
  caller: Caller,
  sealer: Sealer | null,
  input: MemberToImport,
): Promise<ImportOutcome> {
  if (!mayActFor(caller, input.issuerId)) return refused('not-found');
  const phone = await importedPhone(sealer, input.phone);
  if (typeof phone === 'string') return refused(phone);
  const { mark } = phone;
  // In the order in which joining locks: the phone, the member, the terms.
  if (mark !== null) await lockPhone(tx, mark);
  const known = mark === null ? null : await findMemberByPhone(tx, mark);
  if (known !== null) await lockMember(tx, known.memberId);
  const terms = await lockTerms(tx, input.issuerId);
  if (terms === null) return refused('members-not-enabled');
  const before = await findByExternalId(tx, input.issuerId, input.externalId);
  if (before !== null) return imported(tx, before, input.issuerId, false);
  const held = known === null ? null : await findMembership(tx, known.memberId, input.issuerId);
  if (held !== null) return linked(tx, held.memberId, input);
  const { number } = input;
  if (number !== null && (await numberTaken(tx, input.issuerId, number))) {
    return refused('number-taken');
  }
  const { displayName } = input;
  const phoneFor = async () => null;
  const member = await makeMember(tx, { displayName, joinedBy: 'import', phoneFor });
  const { memberId } = member;
  const free = number ?? (await takeNextNumber(tx, input.issuerId));
  const { objectId } = await giveCard(tx, caller, { ...member, ...terms, number: free });
  await setExternalId(tx, memberId, input.issuerId, input.externalId);
  if (mark !== null) await setImportedMark(tx, objectId, mark);
  await audit(tx, {
    actor: actorOf(caller),
    action: 'membership.import',
    subject: memberId,
    outcome: 'imported',
    detail: { issuerId: input.issuerId, number: free, objectId },
  });
  return imported(tx, memberId, input.issuerId, true);
}

function refused(refusal: MembershipRefusal): ImportOutcome {
  return { ok: false, refusal };
}

/** The mark of the phone number, null without one; or why it cannot be kept. */
async function importedPhone(sealer: Sealer | null, typed: string | null) {
  if (typed === null) return { mark: null };
  if (sealer === null) return 'phones-not-kept';
  const phone = parsePhone(typed);
  return phone === null ? 'phone-invalid' : { mark: await sealer.mark(phone, PHONE_MARK) };
}

/** A member who joined here before: the membership gets the external id, and keeps its number. */
async function linked(
  tx: Tx,
  memberId: string,
  { issuerId, externalId }: MemberToImport,
): Promise<ImportOutcome> {
  const free = await setExternalId(tx, memberId, issuerId, externalId);
  return free ? imported(tx, memberId, issuerId, false) : refused('already-exists');
}

async function imported(
  tx: Tx,
  memberId: string,
  issuerId: string,
  isNew: boolean,
): Promise<ImportOutcome> {
  return { ok: true, isNew, membership: await membershipForIssuer(tx, memberId, issuerId) };
}
