import { type RunningWorkers, startWorkers } from '../../workers/start.ts';
import type { CodeSender } from '../members/code-sender.ts';
import { openDatabase } from '../platform/database.node.ts';
import { openMetrics } from '../platform/metrics.node.ts';
import { startApi } from './api.node.ts';
import { openChannels } from './channels.node.ts';
import { checkPort } from './listen.node.ts';
import { openResources } from './resources.node.ts';
import type { ProcessContext } from './start.ts';

export interface RunningService {
  readonly url: string;
  readonly origin: string;
  stop(): Promise<void>;
}

export interface ServiceOptions extends ProcessContext {
  /** Without workers, other processes must run them on the same database. */
  readonly workers: boolean;
  /** In place of the one that the settings name. */
  readonly codeSender?: CodeSender;
}

/** Starts the whole service in this process: API and workers on one PostgreSQL. */
export async function startService(options: ServiceOptions): Promise<RunningService> {
  const { config, log, ending } = options;
  await checkPort(config);
  const resources = await openResources(options);
  const metrics = openMetrics();
  const workerDatabase = openDatabase({
    connectionString: resources.databaseUrl,
    max: 8,
    applicationName: 'tapline-worker',
  });
  let workers: RunningWorkers | null = null;
  const stopWorkers = async () => {
    await workers?.stop();
    await workerDatabase.close();
  };
  try {
    ending.throwIfAborted();
    const channels = openChannels(config, resources, workerDatabase, log);
    const context = { database: workerDatabase, log, metrics, channels };
    if (options.workers) workers = await startWorkers(context, resources.queuePlace);
    const outboxRang = () => workers?.relayNow();
    const api = await startApi({
      config,
      resources,
      log,
      metrics,
      outboxRang,
      ...(options.codeSender && { codeSender: options.codeSender }),
    });
    return {
      url: api.url,
      origin: api.origin,
      stop: async () => {
        await api.stop();
        await stopWorkers();
        await resources.release();
      },
    };
  } catch (error) {
    await stopWorkers();
    await resources.release();
    throw error;
  }
}
