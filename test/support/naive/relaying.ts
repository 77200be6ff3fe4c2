import { type Database, rareStatement } from '../../../src/platform/database.ts';
import type { OutboxRow } from '../../../src/queue/outbox-store.ts';
import type { SentJob } from '../../../src/queue/relay.ts';

const takeAll = rareStatement<OutboxRow>(
  `update outbox set sent_at = clock_timestamp() where done_at is null and sent_at is null
   returning id::int, job, payload`,
);

/** As many as the queue takes in one call, on a slow machine too. */
const JOBS_A_CALL = 500;

/** Hands over whatever is owed, however much that is, and asks nobody whether there is room. */
export async function relayEverything(
  database: Database,
  send: (jobs: readonly SentJob[]) => Promise<void>,
): Promise<void> {
  const rows = await database.single.run(takeAll, []);
  const jobs = rows.map(({ id, job: name, payload }) => ({
    name,
    data: { ...payload, outboxId: id },
    jobId: `outbox-${id}`,
  }));
  for (let from = 0; from < jobs.length; from += JOBS_A_CALL) {
    await send(jobs.slice(from, from + JOBS_A_CALL));
  }
}
