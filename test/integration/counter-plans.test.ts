import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TillCaller } from '../../src/access/model.ts';
import { showOnDisplay } from '../../src/counter/display.ts';
import { type LinePorts, openLine } from '../../src/counter/live-line.ts';
import { lookUp } from '../../src/counter/lookup.ts';
import { offersFor } from '../../src/counter/offers.ts';
import { preflight, readTillFace } from '../../src/counter/preflight.ts';
import { readQuery } from '../../src/counter/query-rules.ts';
import { readRecentTaps } from '../../src/counter/recent-taps.ts';
import { readVisitor } from '../../src/counter/visitor.ts';
import { openDatabase } from '../../src/platform/database.node.ts';
import type { Database, Statement } from '../../src/platform/database.ts';
import { tillAuthenticator } from '../../src/terminals/authenticate-till.ts';
import { pollingBells } from '../../src/terminals/bells.ts';
import { issuePairingCode, pairTill } from '../../src/terminals/pair.ts';
import { setListening, unpairTill } from '../../src/terminals/tills.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { detours, noting } from '../support/plans.ts';
import { runOn } from '../support/postgres.ts';
import { seedCoupon, seedShop } from '../support/seed.ts';

// What a till asks stays quick on a connection that planned it while the tables were empty.
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

const root = { kind: 'root' } as const;

async function statementsOfTills(): Promise<Map<string, Statement<unknown>>> {
  const { url, drop } = await createTestDatabase();
  const plain = openDatabase({ connectionString: url, max: 1 });
  const noted = new Map<string, Statement<unknown>>();
  const database = noting(plain, noted);
  const { reads } = database;
  const { issuerId, coupon } = await plain.transact(async (tx) => {
    const shop = await seedShop(tx);
    return { issuerId: shop.issuerId, coupon: await seedCoupon(tx, shop) };
  });
  await runOn(url, `insert into stores (id, issuer_id, name) values ('s', $1, 'S')`, [issuerId]);
  await runOn(
    url,
    `insert into terminals (id, issuer_id, store_id, name) values ('t', $1, 's', 'T')`,
    [issuerId],
  );
  const terminal = { issuerId, terminalId: 't' };
  const till = await database.transact(async (tx): Promise<TillCaller> => {
    const made = await issuePairingCode(tx, root, terminal);
    const paired = await pairTill(tx, { code: made.ok ? made.code : '' });
    if (!paired.ok) throw new Error(paired.refusal);
    expect(await tillAuthenticator(tx, 0)(paired.secret)).not.toBeNull();
    return paired.till;
  });
  const { walletId } = coupon;
  await database.transact((tx) => setListening(tx, till, true));
  await database.transact((tx) =>
    showOnDisplay(tx, till, { state: 'recognised', language: 'en', walletId }),
  );
  const ports: LinePorts = {
    reads,
    single: database.single,
    bells: pollingBells(1),
    letGo: async () => {},
    isStillKnown: async () => true,
  };
  const line = await openLine(ports, till, terminal, 0);
  const said = line?.(new AbortController().signal);
  for (let n = 0; n < 2; n++) expect((await said?.next())?.done).toBe(false);
  await said?.return();
  expect(await readRecentTaps(reads, till, terminal, 20)).toEqual([]);
  expect(await readVisitor(reads, till, terminal, `tap_${randomUUID()}`)).toBeNull();
  expect(await preflight(reads, till, terminal)).toHaveLength(5);
  await readTillFace(reads, till);
  const order = { id: 'o', currency: 'CNY', totalMinor: 4800 };
  expect(await offersFor(reads, till, terminal, { walletId, order })).toMatchObject({ ok: true });
  for (const query of ['anna', coupon.code]) {
    expect(await lookUp(reads, till, terminal, readQuery(query))).not.toBeNull();
  }
  await database.transact((tx) => unpairTill(tx, root, till.tillId));
  await plain.close();
  await drop();
  return noted;
}

/** Read by a range of names, of which a bounded part is looked at, and by the newest of few rows. */
const BY_RANGE = /^counter\.lookup_visitors: wallets_by_name by /;

test('every statement of a till finds its rows by their keys', async () => {
  const noted = await statementsOfTills();
  expect(noted.size).toBeGreaterThan(20);
  const found = await detours(empty, noted.values());
  expect(found.filter((detour) => !BY_RANGE.test(detour))).toEqual([]);
});
