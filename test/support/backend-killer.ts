import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

export interface Killer {
  /** Ends the killing; tells how many backends were killed. */
  stop(): Promise<number>;
}

export interface KillOptions {
  /** Application names to kill, as a LIKE pattern; all but the killer's own by default. */
  readonly like?: string;
  /** The longest pause between two kills. */
  readonly everyMs: number;
}

/** Kills the backends of a database at random, one after the other. */
export async function killBackends(url: string, options: KillOptions): Promise<Killer> {
  const client = new pg.Client({ connectionString: url, application_name: 'killer' });
  await client.connect();
  let killed = 0;
  let stopped = false;
  const ended = (async () => {
    while (!stopped) {
      const { rowCount } = await client.query(
        `select pg_terminate_backend(pid) from (
           select pid from pg_stat_activity
            where datname = current_database() and pid <> pg_backend_pid()
              and application_name like $1 order by random() limit 1) as victim`,
        [options.like ?? '%'],
      );
      killed += rowCount ?? 0;
      await pause(Math.random() * options.everyMs);
    }
  })();
  return {
    stop: async () => {
      if (!stopped) {
        stopped = true;
        await ended;
        await client.end();
      }
      return killed;
    },
  };
}
