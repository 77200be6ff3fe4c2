import { codePhonePlace, phonePlace } from '../members/places.ts';
import type { Db } from '../platform/database.ts';
import type { Sealer } from '../platform/sealing.ts';
import { DATA_MAP } from './data-model.ts';
import { type ExportedRow, rowsOf } from './export-store.ts';
import { findPerson } from './person-store.ts';

/** All that is kept of a member, table by table, as the tables hold it. */
export interface MemberExport {
  readonly format: 'tapline-member';
  readonly version: 1;
  readonly memberId: string;
  readonly tables: Readonly<Record<string, readonly ExportedRow[]>>;
}

/** What a row's sealed column was sealed for. */
const PLACES: Readonly<Record<string, (row: ExportedRow) => string>> = {
  'members.phone_sealed': ({ id }) => phonePlace(String(id)),
  'join_codes.phone_sealed': ({ id }) => codePhonePlace(String(id)),
};

/** Everything about a member, for the member; null when there is none. */
export async function exportMember(
  db: Db,
  sealer: Sealer | null,
  memberId: string,
): Promise<MemberExport | null> {
  const person = await findPerson(db, memberId);
  if (person === null) return null;
  const tables: Record<string, readonly ExportedRow[]> = {};
  for (const [table, data] of Object.entries(DATA_MAP)) {
    if (data.rowsOf === null) continue;
    const rows = await rowsOf(db, table, data, person);
    const opened = rows.map((row) => withOpened(sealer, table, row, data.sealed ?? {}));
    tables[table] = await Promise.all(opened);
  }
  return { format: 'tapline-member', version: 1, memberId, tables };
}

async function withOpened(
  sealer: Sealer | null,
  table: string,
  row: ExportedRow,
  sealed: Readonly<Record<string, string>>,
): Promise<ExportedRow> {
  const opened: Record<string, unknown> = { ...row };
  for (const [column, name] of Object.entries(sealed)) {
    const place = PLACES[`${table}.${column}`];
    if (place === undefined) throw new Error(`no place is known of ${table}.${column}`);
    const text = row[column];
    const readable = sealer !== null && typeof text === 'string';
    delete opened[column];
    opened[name] = readable ? await sealer.open(text, place(row)) : null;
  }
  return opened;
}
