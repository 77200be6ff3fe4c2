import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { publishHead } from '../../../src/audit/head-store.ts';
import { sealBatch } from '../../../src/audit/seal.ts';
import { type AuditEntry, audit } from '../../../src/audit/store.ts';
import { verifyChain } from '../../../src/audit/verify.ts';
import { foldEntries } from '../../../src/numbers/fold.ts';
import { readNumbers, readTotals } from '../../../src/numbers/read.ts';
import { openDatabase } from '../../../src/platform/database.node.ts';
import { type Database, rareStatement } from '../../../src/platform/database.ts';
import {
  type AuditStage,
  openAuditStage,
  settle,
  wasteNumber,
  writeEntries,
} from '../../support/audit-chain.ts';
import { couponEntry } from '../../support/coupon-entries.ts';
import { countedFromRows, seedClasses } from '../../support/coupon-numbers.ts';
import { sealNaively } from '../../support/naive/sealing.ts';

const CLASSES = ['1990.lunch', '1990.sweets', '456.tea'];
const ROOT = { kind: 'root' } as const;
const WHOLE = { from: null, to: null };

let stage: AuditStage;
/** As another process. */
let other: Database;

beforeEach(async () => {
  stage = await openAuditStage();
  other = openDatabase({ connectionString: stage.url, max: 4 });
  await seedClasses(stage.ask, '1990', CLASSES.slice(0, 2));
  await seedClasses(stage.ask, '456', CLASSES.slice(2));
});
afterEach(async () => {
  await other?.close();
  await stage?.close();
});

const entriesOf = (count: number, seed: number) =>
  fc.sample(couponEntry(CLASSES), { numRuns: count, seed });

const numbersNow = (classId: string) =>
  readNumbers(stage.database.reads, ROOT, classId, 'total', WHOLE);

/** Each entry has one seal and the numbers are those of the rows. */
async function expectAllSealed(): Promise<void> {
  const unsealed = await stage.ask(
    'select seq from audit_entries e where not exists (select from audit_seals where entry = seq)',
  );
  expect(unsealed).toEqual([]);
  expect(await verifyChain(stage.database.reads)).toMatchObject({ ok: true });
  for (const classId of CLASSES) {
    const counted = await countedFromRows(stage.ask, classId);
    expect((await numbersNow(classId))?.total).toEqual(counted);
    const hours = await readNumbers(stage.database.reads, ROOT, classId, 'hour', WHOLE);
    expect(hours?.total).toEqual(counted);
    expect((await readTotals(stage.database.reads, CLASSES)).get(classId)).toEqual(counted);
  }
}

/** How often something was sealed. */
let seals = 0;

/** Until others' entries were sealed, or nobody has any. */
async function others(): Promise<void> {
  const before = seals;
  for (let waited = 0; waited < 30 && seals < before + 2; waited++) await pause(10);
}

/** Writes entries while others write theirs, each transaction committing when it pleases. */
async function writeTogether(entries: readonly AuditEntry[], seed: number): Promise<void> {
  const [waits = []] = fc.sample(
    fc.array(fc.nat({ max: 25 }), { minLength: 200, maxLength: 200 }),
    {
      numRuns: 1,
      seed,
    },
  );
  const queue = [...entries];
  const writer = async () => {
    for (let next = queue.splice(0, 3); next.length > 0; next = queue.splice(0, 3)) {
      const wait = waits.pop() ?? 0;
      const gone = stage.database.transact(async (tx) => {
        await audit(tx, ...next);
        await (wait % 3 === 0 ? others() : pause(wait));
        if (wait % 7 === 0) throw new Error('rolled back');
      });
      await gone.catch((error: Error) => expect(error.message).toBe('rolled back'));
    }
  };
  await Promise.all([writer(), writer(), writer(), writer(), writer()]);
}

/** Seals over and over, in batches of that size, until the work is done. */
async function sealingMeanwhile(
  sealers: readonly (() => Promise<number>)[],
  work: Promise<unknown>,
): Promise<void> {
  let working = true;
  const sealing = sealers.map(async (seal) => {
    while (working) {
      if ((await seal()) === 0) await pause(1);
      else seals += 1;
    }
  });
  await work.finally(() => {
    working = false;
  });
  await Promise.all(sealing);
}

describe('two sealers at once, while entries commit in any order', () => {
  test('seal each entry once and count it once', async () => {
    const sealers = [stage.database, other].map(
      (database) => () => sealBatch(database, foldEntries, 7),
    );
    await sealingMeanwhile(sealers, writeTogether(entriesOf(300, 1), 1));
    while ((await sealBatch(stage.database, foldEntries)) > 0);
    const [late] = await stage.ask<{ n: number }>(
      `select count(*)::int as n from audit_seals s
        where entry < (select max(entry) from audit_seals where position < s.position)`,
    );
    // Otherwise nothing was tried.
    expect(late?.n).toBeGreaterThan(0);
    await expectAllSealed();
  });

  test('naive ones fail, or leave late entries behind, which then look inserted', async () => {
    const sealer = () => sealNaively(stage.database, 7).catch(() => 0);
    await sealingMeanwhile([sealer], writeTogether(entriesOf(300, 1), 1));
    while ((await sealNaively(stage.database, 5000)) > 0);
    expect(await verifyChain(stage.database.reads)).toMatchObject({
      ok: false,
      damage: 'inserted',
    });
    let failed = false;
    for (let round = 0; round < 20 && !failed; round++) {
      await writeEntries(stage, entriesOf(50, round));
      const together = [stage.database, other].map((database) => sealNaively(database, 5000));
      const outcomes = await Promise.allSettled(together);
      failed = outcomes.some(({ status }) => status === 'rejected');
    }
    expect(failed).toBe(true);
  });

  test('one of them waits for nobody: it goes away', async () => {
    await writeEntries(stage, entriesOf(5, 3));
    let second = -1;
    await sealBatch(stage.database, async () => {
      second = await sealBatch(other, foldEntries);
    });
    expect(second).toBe(0);
    expect(await sealBatch(other, foldEntries)).toBe(0);
  });
});

describe('numbers', () => {
  test('are those of the rows at any moment, whatever is sealed of them', async () => {
    let compared = 0;
    const compare = () =>
      stage.database.transact(async (tx) => {
        await tx.run(rareStatement('set transaction isolation level repeatable read'), []);
        const ask: AuditStage['ask'] = (text, values = []) => tx.run(rareStatement(text), values);
        for (const classId of CLASSES) {
          const read = await readNumbers(tx, ROOT, classId, 'total', WHOLE);
          expect(read?.total).toEqual(await countedFromRows(ask, classId));
          compared += 1;
        }
        return 0;
      });
    const seal = () => sealBatch(other, foldEntries, 11);
    await sealingMeanwhile([seal, compare], writeTogether(entriesOf(300, 4), 4));
    expect(compared).toBeGreaterThan(10);
  });

  test('do not change when the transaction that seals comes to nothing', async () => {
    await writeEntries(stage, entriesOf(40, 5));
    const before = await numbersNow('1990.lunch');
    const failing = sealBatch(stage.database, async (tx, entries) => {
      await foldEntries(tx, entries);
      throw new Error('the end');
    });
    await expect(failing).rejects.toThrow('the end');
    expect(await stage.ask('select from audit_seals union all select from coupon_numbers')).toEqual(
      [],
    );
    expect(await numbersNow('1990.lunch')).toEqual(before);
    await sealBatch(stage.database, foldEntries);
    expect(await numbersNow('1990.lunch')).toEqual(before);
  });
});

describe('a number that was passed over', () => {
  test('is looked at again until its transaction must have ended, and then no more', async () => {
    await writeEntries(stage, entriesOf(3, 6));
    await wasteNumber(stage);
    await wasteNumber(stage);
    await writeEntries(stage, entriesOf(1, 7));
    await sealBatch(stage.database, foldEntries);
    const gaps = () => stage.ask('select first::int, last::int from audit_gaps order by first');
    expect(await gaps()).toEqual([{ first: 4, last: 5 }]);
    const insert = (seq: number) =>
      stage.ask(
        `insert into audit_entries (seq, actor, action, subject, outcome, detail)
         overriding system value values ($1, 'root', 'claim', 'clm_1', 'issued', '{}')`,
        [seq],
      );
    // One transaction was late; the other has ended in nothing.
    await insert(5);
    expect(await sealBatch(stage.database, foldEntries)).toBe(1);
    expect(await gaps()).toEqual([{ first: 4, last: 4 }]);
    expect(await verifyChain(stage.database.reads)).toMatchObject({ ok: true, position: 5 });
    await settle(stage, foldEntries);
    expect(await gaps()).toEqual([]);
    await insert(4);
    expect(await sealBatch(stage.database, foldEntries)).toBe(0);
    expect(await verifyChain(stage.database.reads)).toMatchObject({ damage: 'inserted', entry: 4 });
  });

  test('is not kept when what comes after it is old', async () => {
    await wasteNumber(stage);
    await stage.ask(
      `insert into audit_entries (actor, action, subject, outcome, detail, at)
       values ('root', 'claim', 'clm_1', 'issued', '{}', now() - interval '11 minutes')`,
    );
    expect(await sealBatch(stage.database, foldEntries)).toBe(1);
    expect(await stage.ask('select from audit_gaps')).toEqual([]);
  });
});

test('heads are published when their time has come, and each once', async () => {
  const publish = (database: Database, seconds: number) => publishHead(database.single, seconds);
  expect(await publish(stage.database, 0)).toBeNull();
  await writeEntries(stage, entriesOf(5, 8));
  await sealBatch(stage.database, foldEntries);
  const twice = await Promise.all([publish(stage.database, 50), publish(other, 50)]);
  expect(twice.filter((head) => head !== null)).toHaveLength(1);
  expect(await publish(stage.database, 0)).toBeNull();
  await writeEntries(stage, entriesOf(5, 9));
  await sealBatch(stage.database, foldEntries);
  expect(await publish(stage.database, 50)).toBeNull();
  expect(await publish(stage.database, 0)).toMatchObject({ position: 10 });
  expect(await verifyChain(stage.database.reads)).toMatchObject({ ok: true, position: 10 });
});
