import fc from 'fast-check';
import { type Fold, sealBatch } from '../../src/audit/seal.ts';
import { type AuditEntry, audit } from '../../src/audit/store.ts';
import { openDatabase } from '../../src/platform/database.node.ts';
import { type Database, rareStatement, type Tx } from '../../src/platform/database.ts';
import { createTestDatabase } from './database.ts';

/** A database of its own and the statements that a test says in it by hand. */
export interface AuditStage {
  readonly url: string;
  readonly database: Database;
  ask<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

export async function openAuditStage(): Promise<AuditStage> {
  const { url, drop } = await createTestDatabase();
  const database = openDatabase({ connectionString: url, max: 8 });
  return {
    url,
    database,
    ask: (text, values = []) => database.single.run(rareStatement(text), values),
    close: async () => {
      await database.close();
      await drop();
    },
  };
}

export const foldNothing: Fold = async () => {};

/** Everything that waits is sealed, and every gap is over. */
export async function settle({ database, ask }: AuditStage, fold: Fold = foldNothing) {
  while ((await sealBatch(database, fold)) > 0);
  await ask(`update audit_gaps set seen_at = seen_at - interval '11 minutes'`);
  await sealBatch(database, fold);
}

const detail = fc.dictionary(
  fc.constantFrom('classId', 'rule', 'version', 'ключ', '券', 'a', 'aa', 'b', '', 'ab'),
  fc.oneof(
    fc.string({ unit: 'binary', maxLength: 12 }).map((text) => text.replaceAll('\u0000', '0')),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(fc.integer(), { maxLength: 3 }),
    fc.record({ z: fc.integer(), y: fc.record({ x: fc.boolean(), 'x"': fc.integer() }) }),
  ),
  { maxKeys: 5 },
);

/** Entries with everything that an entry may hold. */
export const anyEntries = (count: number): fc.Arbitrary<AuditEntry[]> =>
  fc.array(
    fc.record({
      actor: fc.constantFrom('root', 'key:b7Qm2Xw9LrT4kZ0a', 'worker'),
      action: fc.constantFrom('claim', 'redeem', 'reverse'),
      subject: fc.string({ minLength: 1, maxLength: 12 }),
      outcome: fc.constantFrom('issued', 'sold-out', 'redeemed', '立减 "五" 元\\'),
      detail,
    }),
    { minLength: count, maxLength: count },
  );

/** Takes the next number of an entry and gives it back to nobody, as a rollback does. */
export async function wasteNumber({ ask }: AuditStage): Promise<void> {
  await ask(`select nextval(pg_get_serial_sequence('audit_entries', 'seq'))`);
}

class Undone extends Error {}

/**
 * What the work finds after a superuser has had the tables for himself, without triggers and
 * foreign keys; afterwards all is as before.
 */
export async function asTamperer<T>(
  { database }: Pick<AuditStage, 'database'>,
  work: (tx: Tx, ask: AuditStage['ask']) => Promise<T>,
): Promise<T> {
  let found: { readonly result: T } | null = null;
  const undone = database.transact(async (tx) => {
    await tx.run(rareStatement('set local session_replication_role = replica'), []);
    found = { result: await work(tx, (text, values = []) => tx.run(rareStatement(text), values)) };
    throw new Undone();
  });
  await undone.catch((error: unknown) => {
    if (!(error instanceof Undone)) throw error;
  });
  return (found as unknown as { readonly result: T }).result;
}

export async function writeEntries(
  { database }: Pick<AuditStage, 'database'>,
  entries: readonly AuditEntry[],
): Promise<void> {
  await database.transact((tx) => audit(tx, ...entries));
}
