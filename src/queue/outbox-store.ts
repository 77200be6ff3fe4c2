import { type Db, only, rareStatement, statement, type Tx } from '../platform/database.ts';
import type { JobName } from './jobs.ts';

export interface OutboxRow {
  readonly id: number;
  readonly job: JobName;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly attempts: number;
}

const insert = statement<never>(
  'outbox.insert',
  'insert into outbox (job, payload) values ($1, $2::jsonb)',
);

/** Owes a job, in the transaction of what it is owed for. */
export async function owe(tx: Tx, job: JobName, payload: Record<string, unknown>): Promise<void> {
  await tx.run(insert, [job, JSON.stringify(payload)]);
}

const take =
  rareStatement<OutboxRow>(`update outbox set sent_at = clock_timestamp(), attempts = attempts + 1
    where id = any (array(select id from outbox
                  where done_at is null
                    and (sent_at is null or sent_at < clock_timestamp() - make_interval(secs => $1))
                  order by id limit 500 for update skip locked))
    returning id::int, job, payload, attempts`);

/** Takes the rows that were never sent, or were sent longer ago than that and are not done. */
export function takeUndone(tx: Tx, resendSeconds: number): Promise<OutboxRow[]> {
  return tx.run(take, [resendSeconds]);
}

const overdue = statement<OutboxRow>(
  'outbox.overdue',
  `select id::int, job, payload, attempts from outbox
    where done_at is null and created_at < clock_timestamp() - make_interval(secs => $1)
    order by id limit 100`,
);

/** The oldest rows that are owed for longer than that. */
export function overdueJobs(db: Db, seconds: number): Promise<OutboxRow[]> {
  return db.run(overdue, [seconds]);
}

const finish = statement<{ id: string }>(
  'outbox.finish',
  'update outbox set done_at = clock_timestamp() where id = $1 and done_at is null returning id',
);

/** Marks a row done in the transaction of its effect; false when it was done before. */
export async function finishOutbox(tx: Tx, id: number): Promise<boolean> {
  return (await tx.run(finish, [id])).length === 1;
}

const forget = rareStatement<{ id: string }>(`delete from outbox where id = any (array(
     select id from outbox where done_at < clock_timestamp() - interval '7 days' limit 5000))
   returning id`);

export async function forgetDoneOutbox(tx: Tx): Promise<number> {
  return (await tx.run(forget, [])).length;
}

const backlog = statement<{ undone: number }>(
  'outbox.backlog',
  'select count(*)::int as undone from outbox where done_at is null',
);

export async function outboxBacklog(db: Db): Promise<number> {
  return only(await db.run(backlog, [])).undone;
}
