import { type Db, only, rareStatement } from '../platform/database.ts';
import { type Person, type TableData, wordsOf } from './data-model.ts';

export type ExportedRow = Readonly<Record<string, unknown>>;

/** A person's rows of a table, without what is secret in them. */
export async function rowsOf(
  db: Db,
  table: string,
  { rowsOf: condition, secret }: TableData,
  person: Person,
): Promise<ExportedRow[]> {
  const without = wordsOf(secret)
    .map((column) => ` - '${column}'`)
    .join('');
  const statement = rareStatement<{ rows: ExportedRow[] }>(
    `select coalesce(json_agg(to_jsonb(t)${without}), '[]') as rows
       from ${table} t where ${condition}`,
  );
  return only(await db.run(statement, [JSON.stringify(person)])).rows;
}
