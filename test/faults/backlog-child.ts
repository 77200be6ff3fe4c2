import { logChannel } from '../../src/notices/log-channel.ts';
import { openDatabase } from '../../src/platform/database.node.ts';
import { silentLog } from '../../src/platform/log.ts';
import { noMetrics } from '../../src/platform/metrics.ts';
import type { QueuePlace } from '../../src/queue/place.node.ts';
import { openQueues } from '../../src/queue/queue.node.ts';
import { startWorkers } from '../../workers/start.ts';
import { relayEverything } from '../support/naive/relaying.ts';

/**
 * Run as a process of its own, because its memory is looked at: `backlog-child.ts <ours|naive>
 * <database URL>` works until it is killed, and says again and again how many megabytes it has
 * needed at most. The twin is a relay that sends everything at once.
 */
const [kind, connectionString = ''] = process.argv.slice(2);
const place: QueuePlace = { kind: 'postgres', connectionString };
const database = openDatabase({ connectionString, max: 8, applicationName: 'tapline-worker' });

if (kind === 'ours') {
  const channels = { log: logChannel(silentLog) };
  await startWorkers({ database, log: silentLog, metrics: noMetrics, channels }, place);
} else {
  await relayEverything(database, openQueues(place).send);
}
setInterval(() => {
  const peak = Math.round(process.resourceUsage().maxRSS / 1024);
  process.stdout.write(`needed ${peak} MB\n`);
}, 200);
