import { existsSync, writeSync } from 'node:fs';
import type { Database, Statement, Tx } from '../../src/platform/database.ts';

/** In the transaction of a clone, or after its commit and before the queue hears that it is made. */
export type Moment = 'before-commit' | 'after-commit';

/** What happens to a worker process at a clone, once. */
export interface Strike {
  /** kill -9, SIGSTOP, or an event loop that is blocked. */
  readonly blow: 'kill' | 'stop' | 'block';
  readonly moment: Moment;
  /** At that clone of the process, counted from 1, or at that job whenever it is begun. */
  readonly at: { readonly nth: number } | { readonly outboxId: number };
  /** A blocked process goes on when this file is there. */
  readonly releaseFile: string;
}

export type Watch = (moment: Moment, outboxId: number) => void;

/** The same database, with somebody who is told of every clone that goes through it. */
export function watchClones(database: Database, watch: Watch): Database {
  return {
    ...database,
    transact: async (work, options) => {
      const finished: number[] = [];
      const watched = (tx: Tx): Tx => ({
        ...tx,
        run: async <Row>(statement: Statement<Row>, values: readonly unknown[]) => {
          const rows = await tx.run(statement, values);
          if (statement.name === 'outbox.finish' && rows.length > 0)
            finished.push(Number(values[0]));
          return rows;
        },
      });
      const result = await database.transact(async (tx) => {
        finished.length = 0;
        const outcome = await work(watched(tx));
        for (const id of finished) watch('before-commit', id);
        return outcome;
      }, options);
      for (const id of finished) watch('after-commit', id);
      return result;
    },
  };
}

/** Strikes this process as it is told, and says on standard output what it does: `struck 12`. */
export function striker(strike: Strike | null): Watch {
  let seen = 0;
  return (moment, outboxId) => {
    if (moment === strike?.moment) {
      seen += 1;
      const { at } = strike;
      if ('nth' in at ? at.nth === seen : at.outboxId === outboxId) suffer(strike, outboxId);
    }
    if (moment === 'after-commit') say(`cloned ${outboxId}`);
  };
}

function suffer({ blow, releaseFile }: Strike, outboxId: number): void {
  say(`struck ${outboxId}`);
  if (blow === 'block') while (!existsSync(releaseFile)) sleep(20);
  else process.kill(process.pid, blow === 'kill' ? 'SIGKILL' : 'SIGSTOP');
  // A signal may reach the process a moment after the call.
  sleep(50);
  say('goes on');
}

/** Written before the next instruction, however the process ends. */
function say(line: string): void {
  writeSync(1, `${line}\n`);
}

/** Holds the event loop up. */
function sleep(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
