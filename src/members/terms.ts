import { actorOf, type Caller, mayActFor } from '../access/model.ts';
import { audit } from '../audit/store.ts';
import { checkClass } from '../passes/object-checks.ts';
import type { Db, Tx } from '../platform/database.ts';
import { ProblemError } from '../problems/answer.ts';
import { findTerms, saveTerms } from './membership-store.ts';
import type { MembershipRefusal, MembershipTerms } from './model.ts';

export type TermsOutcome =
  | { readonly ok: true; readonly terms: MembershipTerms }
  | {
      readonly ok: false;
      readonly refusal: Extract<MembershipRefusal, 'not-found' | 'class-not-for-members'>;
    };

/** Says which cards an issuer's members get from now on; with it, joining there begins. */
export async function setTerms(
  tx: Tx,
  caller: Caller,
  terms: MembershipTerms,
): Promise<TermsOutcome> {
  const { issuerId, classId } = terms;
  if (!mayActFor(caller, issuerId)) return { ok: false, refusal: 'not-found' };
  const passClass = await checkClass(tx, issuerId, 'loyalty', classId);
  if (!passClass.ok) return { ok: false, refusal: 'class-not-for-members' };
  await saveTerms(tx, terms);
  await audit(tx, {
    actor: actorOf(caller),
    action: 'membership.terms',
    subject: issuerId,
    outcome: 'set',
    detail: { classId },
  });
  return { ok: true, terms };
}

/** @throws ProblemError `not-found` for an issuer without terms, or of somebody else */
export async function readTerms(
  db: Db,
  caller: Caller,
  issuerId: string,
): Promise<MembershipTerms> {
  const terms = mayActFor(caller, issuerId) ? await findTerms(db, issuerId) : null;
  if (terms === null) throw new ProblemError('not-found');
  return terms;
}
