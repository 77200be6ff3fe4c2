import type { Caller } from '../access/model.ts';
import type { Db } from '../platform/database.ts';
import type { TerminalName } from '../terminals/model.ts';
import { type FoundCoupon, findCouponByCode, findVisitors } from './lookup-store.ts';
import type { VisitorName } from './model.ts';
import { placeFor } from './place.ts';
import type { QueryMeaning } from './query-rules.ts';
import { visitorName } from './visitor-rules.ts';

export interface Found {
  readonly visitors: readonly VisitorName[];
  readonly coupon: FoundCoupon | null;
}

/** Looks for what a cashier may have meant; null when the caller has no such terminal. */
export async function lookUp(
  db: Db,
  caller: Caller,
  terminal: TerminalName,
  meaning: QueryMeaning | null,
): Promise<Found | null> {
  const place = await placeFor(db, caller, terminal);
  if (place === null) return null;
  if (meaning === null) return { visitors: [], coupon: null };
  const { issuerId } = terminal;
  const [found, coupon] = [
    await findVisitors(db, issuerId, meaning),
    meaning.couponCode === null ? null : await findCouponByCode(db, issuerId, meaning.couponCode),
  ];
  return { visitors: found.map((facts) => visitorName(facts, place)), coupon };
}
