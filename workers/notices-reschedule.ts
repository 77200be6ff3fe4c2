import { rescheduleCoupons } from '../src/notices/reschedule.ts';
import type { JobPayload } from '../src/queue/jobs.ts';
import type { WorkerContext } from './context.ts';

/** Gives some coupons of a class their new time of notice, and owes the rest. */
export async function noticesReschedule(
  { database }: WorkerContext,
  job: JobPayload<'notices.reschedule'>,
): Promise<void> {
  await rescheduleCoupons(database, job);
}
