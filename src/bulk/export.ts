import type { Caller } from '../access/model.ts';
import type { CouponStatus } from '../coupons/model.ts';
import { classFor } from '../coupons/read.ts';
import { csvLine } from '../platform/csv.ts';
import type { Db } from '../platform/database.ts';
import { claimPage, couponPage } from './export-store.ts';
import { type DecidedStatus, keeperFor } from './model.ts';

/** Rows read at once; what an export holds in memory. */
const PAGE_ROWS = 1000;

const COUPON_COLUMNS = [
  'id',
  'walletId',
  'externalId',
  'code',
  'status',
  'issuedAt',
  'availableAt',
  'expiresAt',
  'generation',
  'clonedFrom',
] as const;

const CLAIM_COLUMNS = [
  'id',
  'walletId',
  'status',
  'refusal',
  'couponId',
  'createdAt',
  'decidedAt',
] as const;

/** A file in pieces, each made when it is asked for. */
export type CsvPieces = AsyncGenerator<string, void>;

/** The coupons of a class in order of their ids; null when there is no such class for the caller. */
export async function exportCoupons(
  db: Db,
  caller: Caller,
  classId: string,
  status: CouponStatus | null,
): Promise<CsvPieces | null> {
  const couponClass = await classFor(db, caller, classId);
  if (couponClass === null) return null;
  const keeper = keeperFor(caller, couponClass.issuerId);
  return csvOf(COUPON_COLUMNS, (after) =>
    couponPage(db, { classId, status, after, limit: PAGE_ROWS }, keeper),
  );
}

/** The decided claims of a class in order of their ids; null when there is no such class for the caller. */
export async function exportClaims(
  db: Db,
  caller: Caller,
  classId: string,
  status: DecidedStatus | null,
): Promise<CsvPieces | null> {
  if ((await classFor(db, caller, classId)) === null) return null;
  return csvOf(CLAIM_COLUMNS, (after) =>
    claimPage(db, { classId, status, after, limit: PAGE_ROWS }),
  );
}

type Cell = string | number | Date | null;

/** Page by page, each after the last id of the one before, so that a page costs the same anywhere. */
async function* csvOf<Column extends string>(
  columns: readonly Column[],
  pageAfter: (id: string) => Promise<readonly (Readonly<Record<Column, Cell>> & { id: string })[]>,
): CsvPieces {
  yield csvLine(columns);
  let after = '';
  for (;;) {
    const rows = await pageAfter(after);
    if (rows.length > 0)
      yield rows.map((row) => csvLine(columns.map((c) => shown(row[c])))).join('');
    if (rows.length < PAGE_ROWS) return;
    after = rows.at(-1)?.id ?? '';
  }
}

function shown(cell: Cell): string | number | null {
  return cell instanceof Date ? cell.toISOString() : cell;
}
