import { and, asc, eq, gt } from 'drizzle-orm';
import type { Db, Tx } from '../platform/database.ts';
import type { Page } from '../platform/page.ts';
import type { Store, Terminal } from './model.ts';
import { stores, terminals } from './tables.ts';

/** False when the issuer has a store with that id already. */
export async function insertStore(tx: Tx, store: Store): Promise<boolean> {
  const rows = await tx.query.insert(stores).values(store).onConflictDoNothing().returning();
  return rows.length === 1;
}

/** False when the issuer has a terminal with that id already. */
export async function insertTerminal(tx: Tx, terminal: Terminal): Promise<boolean> {
  const rows = await tx.query.insert(terminals).values(terminal).onConflictDoNothing().returning();
  return rows.length === 1;
}

export function listStores(db: Db, issuerId: string, page: Page): Promise<Store[]> {
  return db.query
    .select({ id: stores.id, issuerId: stores.issuerId, name: stores.name })
    .from(stores)
    .where(
      and(
        eq(stores.issuerId, issuerId),
        page.after === null ? undefined : gt(stores.id, page.after),
      ),
    )
    .orderBy(asc(stores.id))
    .limit(page.limit);
}

export function listTerminals(db: Db, issuerId: string, page: Page): Promise<Terminal[]> {
  return db.query
    .select({
      id: terminals.id,
      issuerId: terminals.issuerId,
      storeId: terminals.storeId,
      name: terminals.name,
    })
    .from(terminals)
    .where(
      and(
        eq(terminals.issuerId, issuerId),
        page.after === null ? undefined : gt(terminals.id, page.after),
      ),
    )
    .orderBy(asc(terminals.id))
    .limit(page.limit);
}
