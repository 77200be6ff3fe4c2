import { expect, test } from 'vitest';
import { listHistory } from '../../src/coupons/history-store.ts';
import { SHELVES } from '../../src/coupons/holdings-model.ts';
import {
  countHoldings,
  findHolding,
  findPromised,
  listHoldings,
} from '../../src/coupons/holdings-store.ts';
import { findProfile } from '../../src/members/profile-store.ts';
import { openDatabase } from '../../src/platform/database.node.ts';
import type { Db, Statement } from '../../src/platform/database.ts';
import { findCard, listCards } from '../../src/wallets/cards-store.ts';
import { createTestDatabase } from '../support/database.ts';
import { detours, noting } from '../support/plans.ts';
import { runOn } from '../support/postgres.ts';

const PAGE = { after: null, limit: 51 };

/** All that the member's pages ask. */
const LOOKS: readonly ((db: Db) => Promise<unknown>)[] = [
  (db) => listCards(db, 'w', PAGE),
  (db) => findCard(db, 'w', 'o'),
  ...SHELVES.map((shelf) => (db: Db) => listHoldings(db, 'w', shelf, PAGE)),
  (db) => findHolding(db, 'w', 'c'),
  (db) => countHoldings(db, 'w'),
  (db) => findPromised(db, 'c').catch(() => null),
  (db) => listHistory(db, 'w', PAGE),
  (db) => findProfile(db, 'm').catch(() => null),
];

test('the wallet reaches every row by its key, whatever its plans were made on', async () => {
  const server = await createTestDatabase();
  await runOn(server.url, 'analyze');
  const empty = openDatabase({ connectionString: server.url, max: 1 });
  const noted = new Map<string, Statement<unknown>>();
  const { reads } = noting(empty, noted);
  for (const look of LOOKS) await look(reads);
  expect(noted.size).toBe(9);
  expect(await detours(empty, noted.values())).toEqual([]);
  await empty.close();
  await server.drop();
});
