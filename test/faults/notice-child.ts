import { setTimeout as pause } from 'node:timers/promises';
import { deliverDue } from '../../src/notices/deliver.ts';
import { raiseDueNotices } from '../../src/notices/raise.ts';
import { webhookChannel } from '../../src/notices/webhook-channel.ts';
import { openDatabase } from '../../src/platform/database.node.ts';
import { postHere } from '../support/receiver.ts';
import { SEALER } from '../support/sealer.ts';

/**
 * Run as a process of its own, to be killed: `notice-child.ts <database URL>` raises notices and
 * delivers them until then, and says so when it begins.
 */
const [connectionString = ''] = process.argv.slice(2);
const database = openDatabase({ connectionString, max: 4 });
const { reads } = database;
const channels = { webhook: webhookChannel({ reads, sealer: SEALER, post: postHere() }) };

process.stdout.write('working\n');
for (;;) {
  await raiseDueNotices(database, channels);
  await deliverDue(database, channels);
  await pause(5);
}
