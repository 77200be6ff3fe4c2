import { type Database, rareStatement } from '../../../src/platform/database.ts';
import type { OutboxRow } from '../../../src/queue/outbox-store.ts';
import type { SentJob } from '../../../src/queue/relay.ts';

const takeAll = rareStatement<OutboxRow>(
  `update outbox set sent_at = clock_timestamp() where done_at is null and sent_at is null
   returning id::int, job, payload`,
);

/** Hands over whatever is owed, however much that is, and asks nobody whether there is room. */
export function relayEverything(
  database: Database,
  send: (jobs: readonly SentJob[]) => Promise<void>,
): Promise<void> {
  return database.transact(async (tx) => {
    const rows = await tx.run(takeAll, []);
    await send(
      rows.map(({ id, job: name, payload }) => ({
        name,
        data: { ...payload, outboxId: id },
        jobId: `outbox-${id}`,
      })),
    );
  });
}
