import { actorOf, type Caller } from '../access/model.ts';
import { audit } from '../audit/store.ts';
import type { Tx } from '../platform/database.ts';
import type { PassBody, PassClass, Vertical } from './model.ts';
import { type ChangeMode, classTerms, decideReview, type Outcome, refused } from './rules.ts';
import { classKind, lockClass, updateClass } from './store.ts';

/** A change of a class or object: what it makes of the body that is there. */
export interface PassChange {
  readonly id: string;
  readonly vertical: Vertical;
  readonly mode: Exclude<ChangeMode, 'insert'>;
  readonly revise: (current: PassBody) => PassBody;
}

/** Changes a class, one change at a time, so that none undoes what another has just written. */
export async function changeClass(
  tx: Tx,
  caller: Caller,
  { id, vertical, mode, revise }: PassChange,
): Promise<Outcome<PassClass>> {
  const current = await lockClass(tx, id);
  if (current === null || current.vertical !== vertical) return missing(tx, id, vertical);
  const { reviewStatus: _, ...kept } = current.body;
  const body = revise(kept);
  const review = decideReview(vertical, body.reviewStatus, current.reviewStatus, mode);
  if (!review.ok) return review;
  const changed = {
    ...current,
    body,
    reviewStatus: review.value,
    ...classTerms(body),
    version: current.version + 1,
  };
  await updateClass(tx, changed);
  await audit(tx, {
    actor: actorOf(caller),
    action: `pass-class.${mode}`,
    subject: id,
    outcome: 'changed',
    detail: { version: changed.version, reviewStatus: review.value },
  });
  return { ok: true, value: changed };
}

async function missing(tx: Tx, id: string, vertical: Vertical): Promise<Outcome<PassClass>> {
  const isCoupon = vertical === 'offer' && (await classKind(tx, id)) === 'coupon';
  return refused(isCoupon ? 'class-is-coupon-class' : 'class-not-found', id);
}
