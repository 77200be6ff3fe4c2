import { setTimeout as pause } from 'node:timers/promises';
import { type Fold, sealBatch } from '../../src/audit/seal.ts';
import { foldEntries } from '../../src/numbers/fold.ts';
import { openDatabase } from '../../src/platform/database.node.ts';

/**
 * Run as a process of its own, to be killed: `sealer-child.ts <ours|naive> <database URL>` seals
 * what comes, prints `folding` in the middle of each batch and lingers there for a moment. The twin
 * counts the entries in a transaction of its own after they are sealed.
 */
const [kind, connectionString = ''] = process.argv.slice(2);
const database = openDatabase({ connectionString, max: 2 });
const linger = async () => {
  process.stdout.write('folding\n');
  await pause(150);
};

const ours: Fold = async (tx, entries) => {
  await foldEntries(tx, entries);
  await linger();
};

async function sealAndThenFold(): Promise<void> {
  let sealed: Parameters<Fold>[1] = [];
  const count = await sealBatch(database, async (_tx, entries) => {
    sealed = entries;
  });
  if (count === 0) return;
  await linger();
  await database.transact((tx) => foldEntries(tx, sealed));
}

for (;;) {
  if (kind === 'ours') await sealBatch(database, ours, 20);
  else await sealAndThenFold();
  await pause(5);
}
