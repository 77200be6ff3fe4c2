import { type Caller, mayActFor } from '../access/model.ts';
import { classFor } from '../coupons/read.ts';
import type { Db } from '../platform/database.ts';
import type { Page } from '../platform/page.ts';
import { findBulkIssue, listBulkIssues } from './bulk-store.ts';
import { listRefused } from './items-store.ts';
import { type BulkIssue, keeperFor, type RefusedItem } from './model.ts';

/** A job, for the issuer of its class; null when there is none for the caller. */
export async function readBulkIssue(db: Db, caller: Caller, id: string): Promise<BulkIssue | null> {
  const found = await findBulkIssue(db, id);
  return found !== null && mayActFor(caller, found.issuerId) ? found : null;
}

/** The jobs of a class; null when there is no such class for the caller. */
export async function readBulkIssues(
  db: Db,
  caller: Caller,
  classId: string,
  page: Page,
): Promise<BulkIssue[] | null> {
  const couponClass = await classFor(db, caller, classId);
  return couponClass === null ? null : listBulkIssues(db, classId, page);
}

/** The wallets of a job that got no coupon, after that position; null when there is no such job. */
export async function readRefused(
  db: Db,
  caller: Caller,
  id: string,
  page: { readonly after: number; readonly limit: number },
): Promise<RefusedItem[] | null> {
  const issue = await readBulkIssue(db, caller, id);
  if (issue === null) return null;
  return listRefused(db, id, page, keeperFor(caller, issue.issuerId));
}
