import { type Database, rareStatement } from '../../../src/platform/database.ts';
import type { OutboxRow } from '../../../src/queue/outbox-store.ts';
import type { SentJob } from '../../../src/queue/relay.ts';
import type { Watch } from '../clone-strikes.ts';

/** What the schema has against a second clone; a naive worker is tried without it. */
export const CLONE_WALLS = [
  'drop index coupons_one_clone_a_redemption',
  'drop index coupons_lineage_place',
];

const insertClone = rareStatement<never>(
  `insert into coupons (id, issuer_id, class_id, wallet_id, code, status, available_at, expires_at,
                        generation, lineage_id, cloned_from, cloned_by, max_clones)
   select 'cpn_' || gen_random_uuid(), q.issuer_id, q.class_id, q.wallet_id, upper(replace(gen_random_uuid()::text, '-', '')),
          'issued', now(), now() + interval '1 d', q.generation + 1, q.lineage_id, q.id, r.id,
          c.max_clones
     from redemptions r join coupons q on q.id = r.coupon_id join coupon_classes c on c.id = q.class_id
    where r.id = $1`,
);
const noteDone = rareStatement<never>('update outbox set done_at = now() where id = $1');
const undone = rareStatement<OutboxRow>(
  'select id::int, job, payload from outbox where done_at is null order by id limit 100',
);

export interface CloneJob {
  readonly outboxId: number;
  readonly redemptionId: string;
}

/** Makes the clone, and then notes in a transaction of its own that it is made. */
export async function cloneAndThenNote(
  database: Database,
  { outboxId, redemptionId }: CloneJob,
  watch: Watch,
): Promise<void> {
  await database.transact(async (tx) => {
    await tx.run(insertClone, [redemptionId]);
    watch('before-commit', outboxId);
  });
  watch('after-commit', outboxId);
  await database.single.run(noteDone, [outboxId]);
}

/** Sends what is owed and takes it for done. */
export async function relayAndForget(
  database: Database,
  send: (jobs: readonly SentJob[]) => Promise<void>,
): Promise<void> {
  const rows = await database.reads.run(undone, []);
  await send(
    rows.map(({ id, job, payload }) => ({
      name: job,
      data: { ...payload, outboxId: id },
      jobId: `naive-${id}`,
    })),
  );
  for (const { id } of rows) await database.single.run(noteDone, [id]);
}

/** Does what is owed, the oldest first, as often as it takes. */
export async function workTirelessly(
  database: Database,
  make: (job: CloneJob) => Promise<unknown>,
): Promise<never> {
  for (;;) {
    for (const { id, payload } of await database.reads.run(undone, [])) {
      await make({ outboxId: id, redemptionId: String(payload.redemptionId) });
    }
  }
}
