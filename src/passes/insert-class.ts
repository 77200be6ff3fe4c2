import { actorOf, type Caller } from '../access/model.ts';
import { audit } from '../audit/store.ts';
import { issuerExists } from '../issuers/store.ts';
import type { Tx } from '../platform/database.ts';
import { issuerOf, type PassBody, type PassClass, type Vertical } from './model.ts';
import { classTerms, decideReview, type Outcome, refused } from './rules.ts';
import { claimClassId, insertClassRow } from './store.ts';

/** A class or object as its owner writes it. */
export interface PassDraft {
  readonly id: string;
  readonly vertical: Vertical;
  readonly body: PassBody;
}

export async function insertClass(
  tx: Tx,
  caller: Caller,
  { id, vertical, body }: PassDraft,
): Promise<Outcome<PassClass>> {
  const issuerId = issuerOf(id);
  const review = decideReview(vertical, body.reviewStatus, null, 'insert');
  if (!review.ok) return review;
  if (!(await issuerExists(tx, issuerId))) return refused('issuer-not-found', issuerId);
  if (!(await claimClassId(tx, id))) return refused('class-exists', id);
  const inserted = await insertClassRow(tx, {
    id,
    issuerId,
    vertical,
    body,
    reviewStatus: review.value,
    ...classTerms(body),
  });
  await audit(tx, {
    actor: actorOf(caller),
    action: 'pass-class.insert',
    subject: id,
    outcome: 'inserted',
    detail: { vertical, reviewStatus: review.value },
  });
  return { ok: true, value: inserted };
}
