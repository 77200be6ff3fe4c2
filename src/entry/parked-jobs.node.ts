import { openDatabase } from '../platform/database.node.ts';
import type { Database } from '../platform/database.ts';
import { parkedJobs, resumeParkedJobs } from '../queue/outbox-store.ts';
import { findDatabase } from './find-database.node.ts';
import type { ProcessContext, Start } from './start.ts';

/** What `tapline jobs …` is to do; null when that is no such command. */
export function parkedJobsCommand([verb, which, ...more]: readonly string[]): Start | null {
  if (more.length > 0) return null;
  if (verb === 'parked' && which === undefined) return withDatabase(list);
  if (verb !== 'resume') return null;
  if (which === 'all') return withDatabase((database) => resume(database, null));
  if (!/^[1-9]\d{0,14}$/.test(which ?? '')) return null;
  return withDatabase((database) => resume(database, Number(which)));
}

/** Runs one command, says its lines and ends the process. */
function withDatabase(command: (database: Database) => Promise<string[]>): Start {
  return async (context: ProcessContext) => {
    const { url: connectionString, release } = await findDatabase(context);
    const database = openDatabase({ connectionString, max: 1, applicationName: 'tapline-jobs' });
    const stop = async () => {
      await database.close();
      await release();
    };
    try {
      for (const line of await command(database)) context.say(line);
      context.end(0);
      return { stop };
    } catch (error) {
      await stop();
      throw error;
    }
  };
}

async function list({ reads }: Database): Promise<string[]> {
  const jobs = await parkedJobs(reads);
  if (jobs.length === 0) return ['no job is parked'];
  return jobs.map(({ id, job, payload }) => `${id} ${job} ${JSON.stringify(payload)}`);
}

async function resume({ single }: Database, id: number | null): Promise<string[]> {
  const ids = await resumeParkedJobs(single, id);
  return [ids.length === 0 ? 'no such job is parked' : `taken up again: ${ids.join(', ')}`];
}
