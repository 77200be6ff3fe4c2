import { and, asc, eq, gt } from 'drizzle-orm';
import { type Db, statement, type Tx } from '../platform/database.ts';
import type { Page } from '../platform/page.ts';
import type { Store, StoreName, Terminal, TerminalName } from './model.ts';
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

const oneStore = statement<{ name: string }>(
  'terminals.store',
  'select name from stores where issuer_id = $1 and id = $2',
);

export async function findStore(db: Db, { issuerId, storeId }: StoreName): Promise<Store | null> {
  const [row] = await db.run(oneStore, [issuerId, storeId]);
  return row === undefined ? null : { id: storeId, issuerId, name: row.name };
}

const oneTerminal = statement<{ store_id: string; name: string }>(
  'terminals.terminal',
  'select store_id, name from terminals where issuer_id = $1 and id = $2',
);

export async function findTerminal(
  db: Db,
  { issuerId, terminalId }: TerminalName,
): Promise<Terminal | null> {
  const [row] = await db.run(oneTerminal, [issuerId, terminalId]);
  if (row === undefined) return null;
  return { id: terminalId, issuerId, storeId: row.store_id, name: row.name };
}

const renameStore = statement<{ name: string }>(
  'terminals.change_store',
  'update stores set name = coalesce($3, name) where issuer_id = $1 and id = $2 returning name',
);

/** Null when the issuer has no such store. */
export async function saveStore(
  tx: Tx,
  { issuerId, storeId }: StoreName,
  name: string | null,
): Promise<Store | null> {
  const [row] = await tx.run(renameStore, [issuerId, storeId, name]);
  return row === undefined ? null : { id: storeId, issuerId, name: row.name };
}

const changeTerminal = statement<{ store_id: string; name: string }>(
  'terminals.change_terminal',
  `update terminals set name = coalesce($3, name), store_id = coalesce($4, store_id)
    where issuer_id = $1 and id = $2 returning store_id, name`,
);

export interface TerminalChange {
  readonly name: string | null;
  readonly storeId: string | null;
}

/** Null when the issuer has no such terminal. */
export async function saveTerminal(
  tx: Tx,
  { issuerId, terminalId }: TerminalName,
  { name, storeId }: TerminalChange,
): Promise<Terminal | null> {
  const [row] = await tx.run(changeTerminal, [issuerId, terminalId, name, storeId]);
  if (row === undefined) return null;
  return { id: terminalId, issuerId, storeId: row.store_id, name: row.name };
}
