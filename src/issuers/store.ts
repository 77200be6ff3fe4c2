import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm';
import { type Db, statement, type Tx } from '../platform/database.ts';
import type { Issuer, IssuerBody, IssuerKey } from './model.ts';
import { issuerKeys, issuers } from './tables.ts';

const shown = {
  id: issuers.id,
  name: issuers.name,
  collectorId: issuers.collectorId,
  body: issuers.body,
  // Written out, because drizzle leaves the table off a column in the selection of one table.
  keys: sql<IssuerKey[]>`coalesce(
    (select json_agg(json_build_object('version', k.version, 'spki', k.spki) order by k.version)
       from issuer_keys k
      where k.issuer_id = issuers.id and k.retired_at is null), '[]')`,
};

export async function findIssuer(db: Db, id: string): Promise<Issuer | null> {
  const [issuer] = await db.query.select(shown).from(issuers).where(eq(issuers.id, id));
  return issuer ?? null;
}

/** Issuers in order of their ids; null names all. */
export function listIssuers(db: Db, id: string | null, limit: number): Promise<Issuer[]> {
  return db.query
    .select(shown)
    .from(issuers)
    .where(id === null ? undefined : eq(issuers.id, id))
    .orderBy(asc(issuers.id))
    .limit(limit);
}

export async function issuerExists(db: Db, id: string): Promise<boolean> {
  return (
    (await db.query.select({ id: issuers.id }).from(issuers).where(eq(issuers.id, id))).length > 0
  );
}

/**
 * The issuer, which nobody else changes until the transaction ends; taps and passes that only
 * refer to it go on.
 */
export async function lockIssuer(tx: Tx, id: string): Promise<Issuer | null> {
  await tx.query
    .select({ id: issuers.id })
    .from(issuers)
    .where(eq(issuers.id, id))
    .for('no key update');
  return findIssuer(tx, id);
}

export type NewIssuer = Omit<Issuer, 'keys'>;

/** False when the issuer id or the collector ID is taken. */
export async function insertIssuerRow(tx: Tx, issuer: NewIssuer): Promise<boolean> {
  const inserted = await tx.query
    .insert(issuers)
    .values(issuer)
    .onConflictDoNothing()
    .returning({ id: issuers.id });
  return inserted.length === 1;
}

export async function collectorIdTaken(db: Db, collectorId: string): Promise<boolean> {
  const taken = await db.query
    .select({ id: issuers.id })
    .from(issuers)
    .where(eq(issuers.collectorId, collectorId));
  return taken.length > 0;
}

export async function updateIssuer(
  tx: Tx,
  id: string,
  change: { readonly name: string; readonly body: IssuerBody },
): Promise<void> {
  await tx.query
    .update(issuers)
    .set({ ...change, updatedAt: sql`clock_timestamp()` })
    .where(eq(issuers.id, id));
}

const setCollectorId = statement<{ id: string }>(
  'issuers.set_collector_id',
  `update issuers set collector_id = $2
    where id = $1 and collector_id is null
      and not exists (select 1 from issuers where collector_id = $2)
   returning id`,
);

/** False when another issuer has that collector ID. */
export async function giveCollectorId(tx: Tx, id: string, collectorId: string): Promise<boolean> {
  return (await tx.run(setCollectorId, [id, collectorId])).length === 1;
}

export async function retireKeys(
  tx: Tx,
  issuerId: string,
  versions: readonly number[],
): Promise<void> {
  if (versions.length === 0) return;
  await tx.query
    .update(issuerKeys)
    .set({ retiredAt: sql`clock_timestamp()` })
    .where(
      and(
        eq(issuerKeys.issuerId, issuerId),
        inArray(issuerKeys.version, [...versions]),
        isNull(issuerKeys.retiredAt),
      ),
    );
}

export async function addKeys(tx: Tx, issuerId: string, keys: readonly IssuerKey[]): Promise<void> {
  if (keys.length === 0) return;
  await tx.query.insert(issuerKeys).values(keys.map((key) => ({ ...key, issuerId })));
}
