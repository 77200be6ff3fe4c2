import { createPostgresBackend, Worker, type WorkerOptions } from 'bullmq';
import { queueName } from '../../src/queue/jobs.ts';
import { openWorker } from '../../src/queue/worker.node.ts';

/**
 * Run as a process of its own, because the twin never yields: `queue-child.ts <ours|bare>
 * <database URL>` waits for jobs and prints a line for each, and one every 100 ms.
 */
const [kind, connectionString = ''] = process.argv.slice(2);
const name = 'clones.make';
const print = (line: string) => void process.stdout.write(`${line}\n`);
const handle = async (data: unknown) => print(`job ${JSON.stringify(data)}`);

if (kind === 'ours') {
  openWorker(name, { kind: 'postgres', connectionString }, { concurrency: 1 }, handle);
} else {
  const options = { connection: { connectionString } } as unknown as WorkerOptions;
  const backend = createPostgresBackend as unknown as undefined;
  const worker = new Worker(queueName[name], ({ data }) => handle(data), options, backend);
  worker.on('error', () => {});
}
setInterval(() => print('alive'), 100);
