import { changeClass } from '../passes/change-class.ts';
import { insertClass } from '../passes/insert-class.ts';
import type { PassClass } from '../passes/model.ts';
import { readClass, readClasses } from '../passes/read.ts';
import type { Outcome } from '../passes/rules.ts';
import { couponClassAsOffer, couponClassesAsOffers } from './coupons-as-offers.ts';
import { readPage, type Source } from './paging.ts';
import type { Resource, Result, Shown } from './resource.ts';
import { shownClass } from './shown.ts';
import { type Collection, classCollection, type VerticalRow } from './verticals.ts';

/** The classes of one vertical; among the offer classes the coupon classes show. */
export function classResource(row: VerticalRow): Resource {
  const collection = classCollection(row);
  const { vertical } = row;
  const shown = (outcome: Outcome<PassClass>) => shownOutcome(collection, outcome);
  return {
    collection,
    listedBy: 'issuerId',
    insert: async (tx, caller, id, body) =>
      shown(await insertClass(tx, caller, { id, vertical, body })),
    change: async (tx, caller, change) =>
      shown(await changeClass(tx, caller, { ...change, vertical })),
    get: async (db, id) => {
      const coupon = vertical === 'offer' ? await couponClassAsOffer(db, id) : null;
      if (coupon !== null) return { ok: true, value: coupon };
      return shown(await readClass(db, vertical, id));
    },
    list: async (db, issuerId, page) => {
      const passes: Source<Shown> = async (range) => {
        const classes = await readClasses(db, vertical, issuerId, range);
        return classes.map((found) => ({ id: found.id, item: shownClass(collection, found) }));
      };
      const coupons: Source<Shown> = (range) => couponClassesAsOffers(db, issuerId, range);
      const sources = vertical === 'offer' ? [passes, coupons] : [passes];
      return { ok: true, value: await readPage(sources, page) };
    },
  };
}

function shownOutcome(collection: Collection, outcome: Outcome<PassClass>): Result {
  return outcome.ok ? { ok: true, value: shownClass(collection, outcome.value) } : outcome;
}
