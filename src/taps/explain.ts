import { type Caller, mayActFor } from '../access/model.ts';
import type { Db } from '../platform/database.ts';
import type { RecordedTap } from './model.ts';
import { findTap } from './store.ts';

/**
 * A tap with the verdicts on the caller's own passes and coupons. Null when the tap is unknown or
 * none of these, nor its terminal, is the caller's.
 */
export async function explainTap(db: Db, caller: Caller, id: string): Promise<RecordedTap | null> {
  const tap = await findTap(db, id);
  if (tap === null) return null;
  const verdicts = tap.verdicts.filter(({ issuerId }) => mayActFor(caller, issuerId));
  const involved = verdicts.length > 0 || mayActFor(caller, tap.issuerId);
  return involved ? { ...tap, verdicts } : null;
}
