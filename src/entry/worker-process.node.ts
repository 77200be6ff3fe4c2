import { startWorkers } from '../../workers/start.ts';
import { openDatabase } from '../platform/database.node.ts';
import { openMetrics } from '../platform/metrics.node.ts';
import { openResources, StartRefusedError } from './resources.node.ts';
import type { Start } from './run-process.node.ts';

/** Workers alone. They need a database server: the embedded one belongs to the process it is in. */
export const startWorkerProcess: Start = async ({ config, log, say }) => {
  if (config.databaseUrl === null) {
    throw new StartRefusedError(
      'set DATABASE_URL: workers in a process of their own need a server',
    );
  }
  const resources = await openResources(config, log, say);
  const database = openDatabase({
    connectionString: resources.databaseUrl,
    max: 8,
    applicationName: 'tapline-worker',
  });
  const context = { database, log, metrics: openMetrics() };
  const workers = await startWorkers(context, resources.queuePlace);
  say('workers are running');
  return {
    stop: async () => {
      await workers.stop();
      await database.close();
      await resources.release();
    },
  };
};
