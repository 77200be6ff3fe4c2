import { startWorkers } from '../../workers/start.ts';
import { openDatabase } from '../platform/database.node.ts';
import { openMetrics } from '../platform/metrics.node.ts';
import { openChannels } from './channels.node.ts';
import { openResources } from './resources.node.ts';
import { type Start, StartRefusedError } from './start.ts';

/** Workers alone. They need a database server: the embedded one belongs to the process it is in. */
export const startWorkerProcess: Start = async (context) => {
  const { config, log, say } = context;
  if (config.databaseUrl === null) {
    throw new StartRefusedError(
      'set DATABASE_URL: workers in a process of their own need a server',
    );
  }
  const resources = await openResources(context);
  const database = openDatabase({
    connectionString: resources.databaseUrl,
    max: 8,
    applicationName: 'tapline-worker',
  });
  const channels = openChannels(config, resources, database, log);
  const workers = await startWorkers(
    { database, log, metrics: openMetrics(), channels },
    resources.queuePlace,
  );
  say('workers are running');
  return {
    stop: async () => {
      await workers.stop();
      await database.close();
      await resources.release();
    },
  };
};
