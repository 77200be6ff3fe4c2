import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { insertClass } from '../../src/coupons/class-store.ts';
import { once } from '../../src/idempotency/once.ts';
import { openDatabase } from '../../src/platform/database.node.ts';
import {
  type Database,
  only,
  rareStatement,
  type Statement,
  statement,
  type Tx,
} from '../../src/platform/database.ts';
import {
  finishOutbox,
  forgetDoneOutbox,
  overdueJobs,
  takeUndone,
} from '../../src/queue/outbox-store.ts';
import { makeClone } from '../../src/redemptions/clone.ts';
import { readRedemption } from '../../src/redemptions/read.ts';
import { quoteRedemption, redeem } from '../../src/redemptions/redeem.ts';
import { redeemTogether } from '../../src/redemptions/redeem-together.ts';
import { reverseRedemption } from '../../src/redemptions/reverse.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { detours, noting } from '../support/plans.ts';
import { runOn } from '../support/postgres.ts';
import { couponClassOf, seedCoupon, seedShop } from '../support/seed.ts';

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

const root = { kind: 'root' } as const;

/** The statements of a coupon's way over the counter and back. */
async function statementsOfRedemptions(): Promise<Map<string, Statement<unknown>>> {
  const { url, drop } = await createTestDatabase();
  const plain = openDatabase({ connectionString: url, max: 1 });
  const noted = new Map<string, Statement<unknown>>();
  const database = noting(plain, noted);
  const { request, refused } = await plain.transact(seedCounter);
  await quoteRedemption(database.reads, root, request);
  await database.transact((tx) => redeem(tx, root, refused));
  let redemptionId = '';
  const use = { scope: 'root', key: 'k', fingerprint: 'f' };
  await once(database, use, async (tx) => {
    const outcome = await redeem(tx, root, request);
    if (outcome.ok) redemptionId = outcome.id;
    return { status: 201, headers: {}, body: '' };
  });
  await once(database, use, () => Promise.reject(new Error('it was done')));
  expect(await makeClone(database, { outboxId: 1, redemptionId })).toBe('made');
  expect(await readRedemption(database.reads, root, redemptionId)).not.toBeNull();
  await database.transact((tx) => reverseRedemption(tx, root, redemptionId));
  const together = { ...request, codes: [request.code], holdSeconds: null };
  const again = await database.transact((tx) => redeemTogether(tx, root, together));
  expect(again.ok).toBe(true);
  await plain.close();
  await drop();
  return noted;
}

async function seedCounter(tx: Tx) {
  const shop = await seedShop(tx);
  const { issuerId, collectorId, passClassId } = shop;
  const id = `${issuerId}.gold-only`;
  const terms = { id, minSpendMinor: 0, memberClasses: [passClassId] };
  await insertClass(tx, couponClassOf(issuerId, terms));
  const { code } = await seedCoupon(tx, { ...shop, couponClassId: id });
  const order = { id: 'o', currency: 'CNY', totalMinor: 4800 };
  const request = { code, collectorId, terminalId: 't', scene: null, order };
  const refused = { ...request, order: { ...order, currency: 'EUR' } };
  return { request, refused };
}

/** What redemptions write besides; their stores are others'. */
const OURS = /^(?:redemptions|coupons|idempotency|audit|outbox)\./;

test('a redemption reaches every row by its key, whatever its plans were made on', async () => {
  const statements = [...(await statementsOfRedemptions()).values()];
  const ours = statements.filter(({ name }) => OURS.test(name ?? ''));
  expect(ours.length).toBeGreaterThan(10);
  expect(await detours(empty, ours)).toEqual([]);
});

test('plain joins do not', async () => {
  const naive = statement(
    'naive.coupon',
    `select q.id, c.terms from coupons q
       join (select id, discount as terms from coupon_classes) c on c.id = q.class_id
       join wallets w on w.id = q.wallet_id
      where q.code = $1`,
  );
  expect(await detours(empty, [naive])).not.toEqual([]);
});

describe('a long backlog', () => {
  const OWED = 5000;
  let backlog: TestDatabase;
  let database: Database;

  beforeAll(async () => {
    backlog = await createTestDatabase();
    database = openDatabase({ connectionString: backlog.url, max: 1 });
    // Plans are made while nothing is there, and known to be not.
    await runOn(backlog.url, 'analyze');
    for (const look of Object.values(LOOKS)) await database.transact(look);
    await runOn(
      backlog.url,
      `insert into outbox (job, payload, created_at, sent_at, done_at)
       select 'clones.make', '{}', now() - interval '1 h', done, done
         from generate_series(1, ${2 * OWED}) as n,
              lateral (select case when n <= ${OWED} then now() end as done) as d`,
    );
  });
  afterAll(async () => {
    await database?.close();
    await backlog?.drop();
  });

  const rowsRead = rareStatement<{ n: number }>(
    `select (seq_tup_read + idx_tup_fetch)::int as n from pg_stat_xact_user_tables
      where relname = 'outbox'`,
  );

  /** How many rows of the outbox it reads. */
  const readBy = (look: (tx: Tx) => Promise<unknown>) =>
    database.transact(async (tx) => {
      const [before] = await tx.run(rowsRead, []);
      await look(tx);
      return only(await tx.run(rowsRead, [])).n - (before?.n ?? 0);
    });

  const LOOKS: Readonly<Record<string, (tx: Tx) => Promise<unknown>>> = {
    'takes those that may be sent': (tx) =>
      takeUndone(tx, { resendSeconds: 15, mostInFlight: 100 }),
    'finds those that are overdue': (tx) => overdueJobs(tx, 5),
    'ends one': (tx) => finishOutbox(tx, OWED + 1),
  };

  test.each(Object.entries(LOOKS))('%s without reading the others', async (_what, look) => {
    expect(await readBy(look)).toBeLessThanOrEqual(200);
  });

  test('is forgotten from its old end', async () => {
    expect(await readBy(forgetDoneOutbox)).toBeLessThanOrEqual(OWED);
  });

  test('is read whole by who orders it by what is only called like a column', async () => {
    const naive = rareStatement(
      'select id::int from outbox where done_at is null order by id limit 100',
    );
    expect(await readBy((tx) => tx.run(naive, []))).toBeGreaterThan(OWED / 2);
  });
});
