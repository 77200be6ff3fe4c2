import { publishHead } from '../src/audit/head-store.ts';
import type { WorkerContext } from './context.ts';

/** Asked every few seconds by every process, the head is out within the minute. */
const SECONDS_APART = 50;

/**
 * Publishes the head of the audit chain as a row and as a line of the log. The line is what a
 * superuser of the database cannot take back: an operator keeps the log elsewhere.
 */
export async function auditPublish({ database, log }: WorkerContext): Promise<void> {
  const head = await publishHead(database.single, SECONDS_APART);
  if (head !== null) log.info('audit head', { ...head });
}
