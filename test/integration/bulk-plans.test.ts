import { afterAll, beforeAll, expect, test } from 'vitest';
import { advanceBulkIssue } from '../../src/bulk/advance.ts';
import { cancelBulkIssue } from '../../src/bulk/cancel.ts';
import { issueToListed } from '../../src/bulk/create.ts';
import { readRefused } from '../../src/bulk/read.ts';
import { drainLane } from '../../src/claims/drain.ts';
import { laneOf } from '../../src/claims/model.ts';
import { openDatabase } from '../../src/platform/database.node.ts';
import { type Database, type Statement, statement } from '../../src/platform/database.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { detours, noting } from '../support/plans.ts';
import { runOn } from '../support/postgres.ts';
import { type Shop, seedShop } from '../support/seed.ts';

// A connection keeps the plans it made, also those from when the tables were empty and known to be.
let server: TestDatabase;
let empty: Database;

beforeAll(async () => {
  server = await createTestDatabase();
  await runOn(server.url, 'analyze');
  empty = openDatabase({ connectionString: server.url, max: 1 });
});
afterAll(async () => {
  await empty?.close();
  await server?.drop();
});

const caller = { kind: 'root' } as const;

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}

/** Makes a job of that file; gives its id. */
function issueTo(database: Database, { couponClassId: classId }: Shop, file: string) {
  return database.transact(async (tx) => {
    const outcome = await issueToListed(tx, { caller, classId, requestId: 'req' }, bytesOf(file));
    if (!outcome.ok) throw new Error(outcome.refusal);
    return outcome.issue.id;
  });
}

/** The statements of a job from its file to its last refusal. */
async function statementsOfJobs(): Promise<Map<string, Statement<unknown>>> {
  const { url, drop } = await createTestDatabase();
  const plain = openDatabase({ connectionString: url, max: 4 });
  const noted = new Map<string, Statement<unknown>>();
  const database = noting(plain, noted);
  const shop = await plain.transact((tx) => seedShop(tx));
  const id = await issueTo(database, shop, `walletId\n${shop.walletId}\n`);
  const unknown = await issueTo(database, shop, 'externalId\nnobody\n');
  await advanceBulkIssue(database, id);
  await drainLane(plain, laneOf(shop.couponClassId));
  expect((await advanceBulkIssue(database, id)).kind).toBe('finished');
  await advanceBulkIssue(database, unknown);
  await database.transact((tx) => cancelBulkIssue(tx, caller, unknown));
  await advanceBulkIssue(database, unknown);
  const page = { after: -1, limit: 50 };
  expect(await readRefused(database.reads, caller, unknown, page)).toHaveLength(1);
  await plain.close();
  await drop();
  return noted;
}

test('a bulk issue reaches every row by its key, whatever its plans were made on', async () => {
  const statements = [...(await statementsOfJobs()).values()];
  const ours = statements.filter(({ name }) => name?.startsWith('bulk.'));
  expect(ours.map(({ name }) => name).sort()).toEqual([
    'bulk.add_by_external',
    'bulk.add_by_wallet',
    'bulk.advance',
    'bulk.cancel',
    'bulk.name_claims',
    'bulk.next_items',
    'bulk.refused_items',
    'bulk.settle',
    'bulk.waiting',
  ]);
  expect(await detours(empty, ours)).toEqual([]);
});

test('looking with a plain `not exists` whether a wallet is in would read the whole job', async () => {
  const naive = statement(
    'naive.add',
    `select wallet_id from json_array_elements_text($2::json) as named(wallet_id)
      where not exists (select 1 from bulk_issue_items i
                         where i.bulk_id = $1 and i.wallet_id = named.wallet_id)`,
  );
  expect(await detours(empty, [naive])).not.toEqual([]);
});
