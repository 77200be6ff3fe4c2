import { type ZodType, z } from 'zod';
import { type JobName, type JobPayload, jobPayloads } from '../src/queue/jobs.ts';
import { beginOutbox } from '../src/queue/outbox-store.ts';
import { bulkIssue } from './bulk-issue.ts';
import { claimsDrain } from './claims-drain.ts';
import { clonesMake } from './clones-make.ts';
import type { HandlerContext } from './context.ts';
import { noticesDeliver } from './notices-deliver.ts';
import { noticesReschedule } from './notices-reschedule.ts';

type Handler<Name extends JobName> = (
  context: HandlerContext,
  payload: JobPayload<Name>,
) => Promise<void>;

const handlers: { readonly [Name in JobName]: Handler<Name> } = {
  'claims.drain': claimsDrain,
  'bulk.issue': bulkIssue,
  'clones.make': clonesMake,
  'notices.deliver': noticesDeliver,
  'notices.reschedule': noticesReschedule,
};

const Owed = z.object({ outboxId: z.number().int() });

/**
 * Parses a job's payload and runs its handler. A payload that does not parse is dropped and
 * logged: no retry mends it, and what it was about the sweep finds in the database. A job that is
 * owed is begun only so often, whatever becomes of this process.
 */
export async function process(
  context: HandlerContext,
  name: JobName,
  data: unknown,
): Promise<void> {
  const owed = Owed.safeParse(data);
  if (owed.success && !(await beginOutbox(context.database.single, owed.data.outboxId))) return;
  const parsed = (jobPayloads[name] as ZodType).safeParse(data);
  if (!parsed.success) return context.log.error('dropped a job that does not parse', { name });
  const begun = performance.now();
  const took = () => (performance.now() - begun) / 1000;
  const handle = handlers[name] as Handler<JobName>;
  try {
    await handle(context, parsed.data as never);
    context.metrics.job(name, 'done', took());
  } catch (error) {
    context.metrics.job(name, 'failed', took());
    throw error;
  }
}
