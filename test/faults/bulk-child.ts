import { setTimeout as pause } from 'node:timers/promises';
import { advanceBulkIssue } from '../../src/bulk/advance.ts';
import { drainLane } from '../../src/claims/drain.ts';
import { laneOf } from '../../src/claims/model.ts';
import { openDatabase } from '../../src/platform/database.node.ts';
import { advanceNaively } from '../support/naive/bulk.ts';

/**
 * Run as a process of its own, to be killed: `bulk-child.ts <ours|naive> <database URL> <bulk id>`
 * takes a bulk issue to its end in small steps, decides its claims itself, and prints `step` after
 * each. The twin notes how far it has come in a transaction of its own.
 */
const [kind, connectionString = '', id = ''] = process.argv.slice(2);
const database = openDatabase({ connectionString, max: 4 });
const CHUNK = 40;

async function ours(): Promise<boolean> {
  const outcome = await advanceBulkIssue(database, id, CHUNK);
  if (outcome.kind === 'handed-in') await drainLane(database, outcome.lane);
  if (outcome.kind === 'waiting') for (const lane of [0, 1, 2, 3]) await drainLane(database, lane);
  return outcome.kind !== 'finished';
}

async function naive(): Promise<boolean> {
  const classId = await advanceNaively(database, id, CHUNK, () => pause(50));
  if (classId !== null) await drainLane(database, laneOf(classId));
  return classId !== null;
}

const step = kind === 'ours' ? ours : naive;
while (await step()) process.stdout.write('step\n');
await database.close();
process.stdout.write('finished\n');
