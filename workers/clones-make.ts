import type { JobPayload } from '../src/queue/jobs.ts';
import { makeClone } from '../src/redemptions/clone.ts';
import type { WorkerContext } from './context.ts';

/** Makes the clone of a redemption, once however often it is asked. */
export async function clonesMake(
  { database }: WorkerContext,
  job: JobPayload<'clones.make'>,
): Promise<void> {
  await makeClone(database, job);
}
