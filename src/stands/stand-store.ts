import { and, asc, eq, gt } from 'drizzle-orm';
import { type Db, only, statement, type Tx } from '../platform/database.ts';
import type { Page } from '../platform/page.ts';
import type { Stand, StandTag } from './model.ts';
import { stands } from './tables.ts';

/** A stand as it is shown: never its keys. */
const shown = {
  id: stands.id,
  issuerId: stands.issuerId,
  code: stands.code,
  terminalId: stands.terminalId,
  name: stands.name,
  tag: stands.tag,
  state: stands.state,
  serial: stands.serial,
  writtenAt: stands.writtenAt,
  verifiedAt: stands.verifiedAt,
  createdAt: stands.createdAt,
};

type Row = Omit<Stand, 'tag' | 'state'> & { readonly tag: string; readonly state: string };

const standOf = (row: Row) => row as Stand;

export interface NewStand {
  readonly id: string;
  readonly issuerId: string;
  readonly code: string;
  readonly terminalId: string | null;
  readonly name: string;
  readonly tag: StandTag;
  readonly keysSealed: string | null;
}

/** Null when there is a stand with that id already. */
export async function insertStand(tx: Tx, stand: NewStand): Promise<Stand | null> {
  const rows = await tx.query
    .insert(stands)
    .values(stand)
    .onConflictDoNothing({ target: stands.id })
    .returning(shown);
  return rows[0] === undefined ? null : standOf(rows[0]);
}

export async function findStand(db: Db, id: string): Promise<Stand | null> {
  const [row] = await db.query.select(shown).from(stands).where(eq(stands.id, id));
  return row === undefined ? null : standOf(row);
}

export async function lockStand(tx: Tx, id: string): Promise<Stand | null> {
  const [row] = await tx.query.select(shown).from(stands).where(eq(stands.id, id)).for('update');
  return row === undefined ? null : standOf(row);
}

export async function listStands(db: Db, issuerId: string, page: Page): Promise<Stand[]> {
  const after = page.after === null ? undefined : gt(stands.id, page.after);
  const rows = await db.query
    .select(shown)
    .from(stands)
    .where(and(eq(stands.issuerId, issuerId), after))
    .orderBy(asc(stands.id))
    .limit(page.limit);
  return rows.map(standOf);
}

/** Saves what an operator changes of a locked stand; who puts it back into use forgives. */
export async function updateStand(tx: Tx, stand: Stand): Promise<void> {
  const { name, terminalId, state } = stand;
  const forgiven = state === 'locked' || state === 'retired' ? {} : { forgeries: 0 };
  await tx.query
    .update(stands)
    .set({ name, terminalId, state, ...forgiven })
    .where(eq(stands.id, stand.id));
}

const placeNames = statement<{ till: string | null; issuerName: string }>(
  'stands.place_names',
  `select i.name as "issuerName",
          (select name from terminals where issuer_id = i.id and id = $2) as till
     from issuers i where i.id = $1`,
);

/** What the till is called at which a stand stands, and its issuer. */
export async function findPlaceNames(
  db: Db,
  { issuerId, terminalId }: Pick<Stand, 'issuerId' | 'terminalId'>,
): Promise<{ readonly till: string | null; readonly issuerName: string }> {
  return only(await db.run(placeNames, [issuerId, terminalId]));
}
