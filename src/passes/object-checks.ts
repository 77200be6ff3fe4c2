import type { Db } from '../platform/database.ts';
import { issuerOf, type PassBody, type Vertical } from './model.ts';
import { type Outcome, refused } from './rules.ts';
import { classKind, findClass, objectsOf } from './store.ts';

/** An object goes with an approved class of its own issuer and vertical. */
export async function checkClass(
  db: Db,
  issuerId: string,
  vertical: Vertical,
  classId: string,
): Promise<Outcome<string>> {
  if (issuerOf(classId) !== issuerId) return refused('class-of-other-issuer', classId);
  const passClass = await findClass(db, classId);
  if (passClass === null || passClass.vertical !== vertical) {
    const isCoupon = vertical === 'offer' && (await classKind(db, classId)) === 'coupon';
    return refused(isCoupon ? 'class-is-coupon-class' : 'class-not-found', classId);
  }
  const approved = passClass.reviewStatus === 'APPROVED';
  return approved ? { ok: true, value: classId } : refused('class-not-approved', classId);
}

/** Linked objects and offers exist already and are the issuer's own. */
export async function checkLinks(db: Db, issuerId: string, body: PassBody): Promise<Outcome<null>> {
  const missing =
    (await missingLink(db, issuerId, textsOf(body.linkedObjectIds), null)) ??
    (await missingLink(db, issuerId, textsOf(body.linkedOfferIds), 'offer'));
  if (missing !== null) return refused('linked-object-not-found', missing);
  return { ok: true, value: null };
}

async function missingLink(
  db: Db,
  issuerId: string,
  ids: readonly string[],
  vertical: Vertical | null,
): Promise<string | null> {
  if (ids.length === 0) return null;
  const found = await objectsOf(db, issuerId, ids, vertical);
  return ids.find((id) => !found.has(id)) ?? null;
}

/** A linked object stays linked, whatever a change says. */
export function keepLinks(current: PassBody, changed: PassBody): PassBody {
  const linked = textsOf(current.linkedObjectIds);
  if (linked.length === 0) return changed;
  return {
    ...changed,
    linkedObjectIds: [...new Set([...linked, ...textsOf(changed.linkedObjectIds)])],
  };
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
