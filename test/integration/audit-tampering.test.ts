import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { publishHead } from '../../src/audit/head-store.ts';
import { type ChainEnd, GENESIS } from '../../src/audit/model.ts';
import { cutOff, type Verdict, verifyChain, verifySeals } from '../../src/audit/verify.ts';
import { type SealRow, sealPage } from '../../src/audit/verify-store.ts';
import {
  type AuditStage,
  anyEntries,
  asTamperer,
  openAuditStage,
  settle,
  wasteNumber,
  writeEntries,
} from '../support/audit-chain.ts';
import { ROW_TAMPERS, type RowTamper } from '../support/audit-row-tampers.ts';
import { type Below, CLUMSY, SKILLED, type Tamper } from '../support/audit-tampers.ts';
import { proven, sized, twinFailed } from '../support/proof.ts';

const LENGTH = 200;
const SEED = 20_261_121;
/** How many in all, and how many by a superuser in the database itself. */
const TAMPERS = 1000;
const IN_DATABASE = sized(150, TAMPERS);
const TIMEOUT_MS = sized(120_000, 1_800_000);

let stage: AuditStage;
/** What an operator's log has kept. */
let head: ChainEnd;

beforeAll(async () => {
  stage = await openAuditStage();
  const [entries = []] = fc.sample(anyEntries(LENGTH), { numRuns: 1, seed: SEED });
  for (let next = 0; next < LENGTH; next += 10) {
    await writeEntries(stage, entries.slice(next, next + 10));
    await wasteNumber(stage);
  }
  await settle(stage);
  const published = await publishHead(stage.database.single, 0);
  if (published === null) throw new Error('there is no head');
  head = published;
});
afterAll(() => stage?.close());

/** What is found after a tampering that is then undone. */
function afterTampering({ tamper }: Tamper, seed: number, heads: readonly ChainEnd[]) {
  const below = chooser(seed);
  return asTamperer(stage, async (tx, ask): Promise<Verdict> => {
    await tamper({ ask, tx, below, length: LENGTH });
    return verifyChain(tx, heads);
  });
}

/** Chooses at random, and the same again from the same seed (a linear congruential generator). */
function chooser(seed: number): Below {
  let state = seed;
  return (end) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * end);
  };
}

function wasFound({ finds }: Pick<Tamper, 'finds'>, verdict: Verdict): boolean {
  return !verdict.ok && finds.includes(verdict.damage);
}

test('a chain that nobody touched holds up to its published head', async () => {
  expect(head.position).toBe(LENGTH);
  expect(await verifyChain(stage.database.reads, [head])).toEqual({ ok: true, ...head });
});

test(
  `of ${TAMPERS} tamperings ${TAMPERS} are found, ${IN_DATABASE} of them with the database`,
  async (context) => {
    const kinds = [...CLUMSY, ...SKILLED];
    const missed: string[] = [];
    for (let seed = 0; seed < IN_DATABASE; seed++) {
      const kind = kinds[seed % kinds.length] as Tamper;
      const verdict = await afterTampering(kind, SEED + seed, [head]);
      if (!wasFound(kind, verdict)) missed.push(`${seed} ${kind.does}: ${JSON.stringify(verdict)}`);
    }
    const rows = await sealPage(stage.database.reads, { position: 0, entry: 0 }, LENGTH);
    for (let seed = IN_DATABASE; seed < TAMPERS; seed++) {
      const kind = ROW_TAMPERS[seed % ROW_TAMPERS.length] as RowTamper;
      const verdict = verifyRows(kind.tamper(rows, chooser(SEED + seed)), [head]);
      if (!wasFound(kind, verdict)) missed.push(`${seed} ${kind.does}: ${JSON.stringify(verdict)}`);
    }
    expect(missed).toEqual([]);
    expect(await verifyChain(stage.database.reads, [head])).toEqual({ ok: true, ...head });
    const faults = `${TAMPERS} tamperings of ${kinds.length} kinds with ${LENGTH} entries, ${IN_DATABASE} in the database by its superuser`;
    proven(context, 'E1', faults, `${TAMPERS - missed.length} found, ${missed.length} missed`);
  },
  TIMEOUT_MS,
);

function verifyRows(rows: readonly SealRow[], heads: readonly ChainEnd[]): Verdict {
  const unpublished = rows.map((row) => ({ ...row, publishedHash: null }));
  const verdict = verifySeals(GENESIS, unpublished, heads);
  return verdict.ok ? (cutOff(verdict, heads) ?? verdict) : verdict;
}

describe('without a head that was kept elsewhere', () => {
  test.each(CLUMSY.filter(({ finds }) => !finds.includes('truncated')))(
    'who $does is found all the same',
    async (kind) => {
      for (let seed = 0; seed < 5; seed++) {
        expect(wasFound(kind, await afterTampering(kind, seed, []))).toBe(true);
      }
    },
  );

  test('who cuts the end off or writes it anew is never found', async (context) => {
    let unseen = 0;
    for (const kind of SKILLED) {
      for (let seed = 0; seed < 10; seed++) {
        const verdict = await afterTampering(kind, seed, []);
        expect([kind.does, verdict]).toEqual([kind.does, expect.objectContaining({ ok: true })]);
        unseen += 1;
      }
    }
    const faults = `without the published head, cut off or written anew ${SKILLED.length * 10} times`;
    twinFailed(context, 'E1', faults, `${unseen} unseen`);
  });
});

describe('the tables of the audit', () => {
  /** Statements that change, empty or cut down the table. */
  async function changesOf(table: string): Promise<string[]> {
    const [column] = await stage.ask<{ name: string }>(
      `select column_name as name from information_schema.columns
        where table_name = $1 and data_type = 'text' limit 1`,
      [table],
    );
    return [
      `update ${table} set ${column?.name} = ${column?.name}`,
      `update ${table} set ${column?.name} = '' where false`,
      `delete from ${table}`,
      `truncate ${table} cascade`,
    ];
  }

  test('only ever grow', async (context) => {
    let [attempts, refused] = [0, 0];
    for (const table of ['audit_entries', 'audit_seals', 'audit_heads']) {
      const before = await stage.ask(`select * from ${table}`);
      for (const change of await changesOf(table)) {
        attempts += 1;
        await expect(stage.ask(change)).rejects.toThrow(`${table} is refused`);
        refused += 1;
      }
      expect(await stage.ask(`select * from ${table}`)).toEqual(before);
    }
    proven(
      context,
      'E2',
      'the application changes, deletes or empties its audit',
      `${refused} of ${attempts} refused`,
    );
  });

  test('are changed at will where nothing guards them', async (context) => {
    const changes = await changesOf('audit_entries');
    let done = 0;
    await asTamperer(stage, async (_tx, ask) => {
      for (const change of changes) await ask(change).then(() => (done += 1));
    });
    expect(done).toBe(changes.length);
    twinFailed(context, 'E2', 'without the guard', `${done} of ${changes.length} done`);
  });
});
