import { changeObject } from '../passes/change-object.ts';
import { insertObject } from '../passes/insert-object.ts';
import type { PassObject } from '../passes/model.ts';
import { readClass, readObject, readObjects } from '../passes/read.ts';
import { isReviewed, type Outcome } from '../passes/rules.ts';
import type { Db } from '../platform/database.ts';
import {
  couponAsOffer,
  couponClassAsOffer,
  couponIdOf,
  couponsAsOffers,
} from './coupons-as-offers.ts';
import { type PageAsked, readPage, type Source } from './paging.ts';
import type { ListResult, Resource, Result, Shown } from './resource.ts';
import { shownClass, shownObject } from './shown.ts';
import {
  type Collection,
  classCollection,
  objectCollection,
  type VerticalRow,
} from './verticals.ts';

/** The objects of one vertical; among the offer objects the coupons show. */
export function objectResource(row: VerticalRow): Resource {
  const collection = objectCollection(row);
  const { vertical } = row;
  const shown = (outcome: Outcome<PassObject>) => shownOutcome(collection, outcome);
  return {
    collection,
    listedBy: 'classId',
    insert: async (tx, caller, id, body) => {
      // The id is a coupon's, or could become one.
      if (couponIdOf(id) !== null) return { ok: false, refusal: 'object-is-coupon', subject: id };
      return shown(await insertObject(tx, caller, { id, vertical, body }));
    },
    change: async (tx, caller, change) => {
      const coupon = vertical === 'offer' ? await couponAsOffer(tx, change.id) : null;
      if (coupon !== null) return { ok: false, refusal: 'object-is-coupon', subject: change.id };
      return shown(await changeObject(tx, caller, { ...change, vertical }));
    },
    get: (db, id) => getObject(row, collection, db, id),
    list: (db, classId, page) => listOf(row, db, classId, page),
  };
}

/** One object with a copy of its class, as Google answers it. */
async function getObject(
  row: VerticalRow,
  collection: Collection,
  db: Db,
  id: string,
): Promise<Result> {
  const coupon = row.vertical === 'offer' ? await couponAsOffer(db, id) : null;
  if (coupon !== null) return { ok: true, value: coupon };
  const outcome = await readObject(db, row.vertical, id);
  if (!outcome.ok) return outcome;
  const value = shownObject(collection, outcome.value);
  if (!isReviewed(row.vertical)) return { ok: true, value };
  const passClass = await readClass(db, row.vertical, outcome.value.classId);
  if (!passClass.ok) return passClass;
  const classReference = shownClass(classCollection(row), passClass.value);
  return { ok: true, value: { ...value, classReference } };
}

async function listOf(
  row: VerticalRow,
  db: Db,
  classId: string,
  page: PageAsked,
): Promise<ListResult> {
  const coupons = row.vertical === 'offer' ? await couponClassAsOffer(db, classId) : null;
  if (coupons !== null) {
    const source: Source<Shown> = (range) => couponsAsOffers(db, classId, range);
    return { ok: true, value: await readPage([source], page) };
  }
  const passClass = await readClass(db, row.vertical, classId);
  if (!passClass.ok) return passClass;
  const collection = objectCollection(row);
  const source: Source<Shown> = async (range) => {
    const objects = await readObjects(db, classId, range);
    return objects.map((found) => ({ id: found.id, item: shownObject(collection, found) }));
  };
  return { ok: true, value: await readPage([source], page) };
}

function shownOutcome(collection: Collection, outcome: Outcome<PassObject>): Result {
  return outcome.ok ? { ok: true, value: shownObject(collection, outcome.value) } : outcome;
}
