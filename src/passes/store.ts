import { and, asc, eq, gt, inArray, sql } from 'drizzle-orm';
import type { Db, Tx } from '../platform/database.ts';
import type { PassClass, PassObject, PassState, ReviewStatus, Vertical } from './model.ts';
import { classIds, passClasses, passObjects } from './tables.ts';

export interface PageRange {
  readonly after: string | null;
  readonly limit: number;
}

const classColumns = {
  id: passClasses.id,
  issuerId: passClasses.issuerId,
  vertical: passClasses.vertical,
  body: passClasses.body,
  reviewStatus: passClasses.reviewStatus,
  enableSmartTap: passClasses.enableSmartTap,
  redemptionIssuers: passClasses.redemptionIssuers,
  severalHolders: passClasses.severalHolders,
  version: passClasses.version,
};

type ClassRow = Omit<PassClass, 'vertical' | 'reviewStatus'> & {
  readonly vertical: string;
  readonly reviewStatus: string;
};

function asClass(row: ClassRow): PassClass {
  const { vertical, reviewStatus } = row;
  return { ...row, vertical: vertical as Vertical, reviewStatus: reviewStatus as ReviewStatus };
}

/** What has that class id; null when it is free. */
export async function classKind(db: Db, id: string): Promise<'pass' | 'coupon' | null> {
  const [row] = await db.query
    .select({ kind: classIds.kind })
    .from(classIds)
    .where(eq(classIds.id, id));
  return row === undefined ? null : (row.kind as 'pass' | 'coupon');
}

/** Takes the id for a pass class; false when a pass or coupon class has it. */
export async function claimClassId(tx: Tx, id: string): Promise<boolean> {
  const claimed = await tx.query
    .insert(classIds)
    .values({ id, kind: 'pass' })
    .onConflictDoNothing()
    .returning({ id: classIds.id });
  return claimed.length === 1;
}

export type NewClass = Omit<PassClass, 'version'>;

export async function insertClassRow(tx: Tx, passClass: NewClass): Promise<PassClass> {
  const redemptionIssuers = [...passClass.redemptionIssuers];
  await tx.query.insert(passClasses).values({ ...passClass, redemptionIssuers });
  return { ...passClass, version: 1 };
}

export async function findClass(db: Db, id: string): Promise<PassClass | null> {
  const [row] = await db.query.select(classColumns).from(passClasses).where(eq(passClasses.id, id));
  return row === undefined ? null : asClass(row);
}

/** The class, which nobody else changes until the transaction ends. */
export async function lockClass(tx: Tx, id: string): Promise<PassClass | null> {
  const [row] = await tx.query
    .select(classColumns)
    .from(passClasses)
    .where(eq(passClasses.id, id))
    .for('no key update');
  return row === undefined ? null : asClass(row);
}

export async function updateClass(tx: Tx, passClass: PassClass): Promise<void> {
  const { id, body, reviewStatus, enableSmartTap, severalHolders, version } = passClass;
  const redemptionIssuers = [...passClass.redemptionIssuers];
  await tx.query
    .update(passClasses)
    .set({
      body,
      reviewStatus,
      enableSmartTap,
      redemptionIssuers,
      severalHolders,
      version,
      updatedAt: sql`clock_timestamp()`,
    })
    .where(eq(passClasses.id, id));
}

/** Classes of one issuer in order of their ids. */
export async function listClasses(
  db: Db,
  issuerId: string,
  vertical: Vertical,
  { after, limit }: PageRange,
): Promise<PassClass[]> {
  const rows = await db.query
    .select(classColumns)
    .from(passClasses)
    .where(
      and(
        eq(passClasses.issuerId, issuerId),
        eq(passClasses.vertical, vertical),
        after === null ? undefined : gt(passClasses.id, after),
      ),
    )
    .orderBy(asc(passClasses.id))
    .limit(limit);
  return rows.map(asClass);
}

const objectColumns = {
  id: passObjects.id,
  issuerId: passObjects.issuerId,
  classId: passObjects.classId,
  vertical: passObjects.vertical,
  body: passObjects.body,
  state: passObjects.state,
  redemptionValue: passObjects.redemptionValue,
  validFrom: passObjects.validFrom,
  validUntil: passObjects.validUntil,
  version: passObjects.version,
};

type ObjectRow = Omit<PassObject, 'vertical' | 'state'> & {
  readonly vertical: string;
  readonly state: string;
};

function asObject(row: ObjectRow): PassObject {
  return { ...row, vertical: row.vertical as Vertical, state: row.state as PassState };
}

export type NewObject = Omit<PassObject, 'version'>;

/** Null when an object has that id. */
export async function insertObjectRow(tx: Tx, object: NewObject): Promise<PassObject | null> {
  const inserted = await tx.query
    .insert(passObjects)
    .values(object)
    .onConflictDoNothing()
    .returning({ id: passObjects.id });
  return inserted.length === 1 ? { ...object, version: 1 } : null;
}

export async function findObject(db: Db, id: string): Promise<PassObject | null> {
  const [row] = await db.query
    .select(objectColumns)
    .from(passObjects)
    .where(eq(passObjects.id, id));
  return row === undefined ? null : asObject(row);
}

/** The object, which nobody else changes until the transaction ends. */
export async function lockObject(tx: Tx, id: string): Promise<PassObject | null> {
  const [row] = await tx.query
    .select(objectColumns)
    .from(passObjects)
    .where(eq(passObjects.id, id))
    .for('no key update');
  return row === undefined ? null : asObject(row);
}

export async function updateObject(tx: Tx, object: PassObject): Promise<void> {
  const { id, classId, body, state, redemptionValue, validFrom, validUntil, version } = object;
  const updatedAt = sql`clock_timestamp()`;
  await tx.query
    .update(passObjects)
    .set({ classId, body, state, redemptionValue, validFrom, validUntil, version, updatedAt })
    .where(eq(passObjects.id, id));
}

/** Objects of one class in order of their ids. */
export async function listObjects(
  db: Db,
  classId: string,
  { after, limit }: PageRange,
): Promise<PassObject[]> {
  const rows = await db.query
    .select(objectColumns)
    .from(passObjects)
    .where(
      and(eq(passObjects.classId, classId), after === null ? undefined : gt(passObjects.id, after)),
    )
    .orderBy(asc(passObjects.id))
    .limit(limit);
  return rows.map(asObject);
}

/** Which of these objects the issuer has; of one vertical only, unless null. */
export async function objectsOf(
  db: Db,
  issuerId: string,
  ids: readonly string[],
  vertical: Vertical | null,
): Promise<ReadonlySet<string>> {
  const rows = await db.query
    .select({ id: passObjects.id })
    .from(passObjects)
    .where(
      and(
        eq(passObjects.issuerId, issuerId),
        inArray(passObjects.id, [...ids]),
        vertical === null ? undefined : eq(passObjects.vertical, vertical),
      ),
    );
  return new Set(rows.map(({ id }) => id));
}
