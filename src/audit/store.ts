import { statement, type Tx } from '../platform/database.ts';
import type { ChainEntry } from './model.ts';

export interface AuditEntry extends Omit<ChainEntry, 'seq' | 'at' | 'detail'> {
  readonly detail?: Readonly<Record<string, unknown>>;
}

const insert = statement<never>(
  'audit.insert',
  `insert into audit_entries (actor, action, subject, outcome, detail)
   select actor, action, subject, outcome, coalesce(detail, '{}')
     from jsonb_to_recordset($1::jsonb)
       as e(actor text, action text, subject text, outcome text, detail jsonb)`,
);

/** Adds entries in the transaction of what they tell of. */
export async function audit(tx: Tx, ...entries: readonly AuditEntry[]): Promise<void> {
  if (entries.length > 0) await tx.run(insert, [JSON.stringify(entries)]);
}
