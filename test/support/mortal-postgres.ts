import { realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { findPostmaster } from '../../src/platform/embedded/postmaster.node.ts';
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../src/platform/embedded/start-embedded-postgres.node.ts';
import { makeTestFolder } from './postgres.ts';

/** A PostgreSQL of the test's own, which may die. */
export interface MortalPostgres {
  /** Another after each start. */
  readonly url: string;
  /** With SIGQUIT it ends as by `pg_ctl stop -m immediate`; with SIGKILL its postmaster is killed. */
  die(signal: 'SIGQUIT' | 'SIGKILL'): Promise<void>;
  startAgain(): Promise<void>;
  /** Ends it and removes its data. */
  close(): Promise<void>;
}

/** What is not durable when it is told shall be lost when this dies, and not be saved by luck. */
const LAZY = { wal_writer_delay: '10s' };

export async function startMortalPostgres(): Promise<MortalPostgres> {
  const dataDir = await makeTestFolder();
  let lost: Promise<void>;
  const start = (): Promise<EmbeddedPostgres> => {
    let onLost = () => {};
    lost = new Promise((resolve) => {
      onLost = resolve;
    });
    return startEmbeddedPostgres({ dataDir, log: () => {}, settings: LAZY, onLost });
  };
  let current = await start();
  return {
    get url() {
      return current.url;
    },
    die: async (signal) => {
      const postmaster = await findPostmaster(await realpath(join(dataDir, 'postgres')));
      if (postmaster === null) throw new Error('the database does not run');
      process.kill(postmaster.pid, signal);
      await lost;
    },
    startAgain: async () => {
      current = await start();
    },
    close: async () => {
      await current.stop();
      await rm(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
}
