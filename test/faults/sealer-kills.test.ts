import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sealBatch } from '../../src/audit/seal.ts';
import { verifyChain } from '../../src/audit/verify.ts';
import { foldEntries } from '../../src/numbers/fold.ts';
import { readNumbers } from '../../src/numbers/read.ts';
import { type AuditStage, openAuditStage, writeEntries } from '../support/audit-chain.ts';
import { couponEntry } from '../support/coupon-entries.ts';
import { countedFromRows, seedClasses } from '../support/coupon-numbers.ts';
import { startProgram } from '../support/program.ts';

const CLASS = '1990.lunch';
const KILLS = 3;

let stage: AuditStage;

beforeEach(async () => {
  stage = await openAuditStage();
  await seedClasses(stage.ask, '1990', [CLASS]);
});
afterEach(() => stage?.close());

/** Writes, and kills one sealer after the other with a batch in its hands. */
async function killSealers(kind: 'ours' | 'naive'): Promise<void> {
  for (let kill = 0; kill < KILLS; kill++) {
    const entries = fc.sample(couponEntry([CLASS]), { numRuns: 50, seed: kill });
    await writeEntries(stage, entries);
    const sealer = startProgram(['test/faults/sealer-child.ts', kind, stage.url], {});
    await sealer.hasSaid(/folding/);
    sealer.process.kill('SIGKILL');
    await sealer.ended;
  }
}

async function sealTheRest(): Promise<void> {
  const unsealed = () =>
    stage.ask('select from audit_entries where seq > (select max(entry) from audit_seals)');
  // The server takes a moment to see that a killed sealer is gone.
  const sealedAll = async () => {
    while ((await sealBatch(stage.database, foldEntries)) > 0);
    return (await stage.ask('select from audit_seals')).length > 0 ? (await unsealed()).length : -1;
  };
  await expect.poll(sealedAll, { timeout: 20_000 }).toBe(0);
}

const read = async () => {
  const whole = { from: null, to: null };
  const found = await readNumbers(stage.database.reads, { kind: 'root' }, CLASS, 'total', whole);
  return found?.total;
};

describe('a sealer that is killed with a batch in its hands', () => {
  test('leaves nothing half done: the next one seals and counts each entry once', async () => {
    await killSealers('ours');
    await sealTheRest();
    const verdict = await verifyChain(stage.database.reads);
    expect(verdict).toMatchObject({ ok: true, position: KILLS * 50 });
    expect(await read()).toEqual(await countedFromRows(stage.ask, CLASS));
  }, 90_000);

  test('loses what it has sealed when it counts afterwards, as a naive one does', async () => {
    await killSealers('naive');
    await sealTheRest();
    expect(await verifyChain(stage.database.reads)).toMatchObject({ ok: true });
    expect(await read()).not.toEqual(await countedFromRows(stage.ask, CLASS));
  }, 90_000);
});
