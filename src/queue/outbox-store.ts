import { type Db, only, rareStatement, statement, type Tx } from '../platform/database.ts';
import type { JobName } from './jobs.ts';

export interface OutboxRow {
  readonly id: number;
  readonly job: JobName;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** A job that was begun so often and never ended is parked: left alone until an operator asks. */
export const MOST_ATTEMPTS = 6;

/** Of a row: it may be begun. After each attempt that did not end it waits longer: 5, 10, 20 s. */
const BEGINNABLE = `done_at is null and attempts < ${MOST_ATTEMPTS}
  and (attempts = 0 or sent_at < clock_timestamp() - make_interval(secs => 2.5 * 2 ^ attempts))`;
/** Of a row: it is parked. What was begun has a `sent_at`, by which a backlog that waits is left out. */
const PARKED = `done_at is null and sent_at is not null and attempts >= ${MOST_ATTEMPTS}`;

const insert = statement<never>(
  'outbox.insert',
  'insert into outbox (job, payload) values ($1, $2::jsonb)',
);

/** Owes a job, in the transaction of what it is owed for. */
export async function owe(tx: Tx, job: JobName, payload: Record<string, unknown>): Promise<void> {
  await tx.run(insert, [job, JSON.stringify(payload)]);
}

// By `sent_at` and id is the order in which the index of all that is undone has them, so that nobody
// reads and sorts a long backlog to find its beginning.
const take = rareStatement<OutboxRow>(`update outbox set sent_at = clock_timestamp()
    where id = any (array(select id from outbox
                  where done_at is null and attempts = 0
                    and (sent_at is null or sent_at < clock_timestamp() - make_interval(secs => $1))
                  order by sent_at, id
                  limit (select greatest(0, $2::int - count(*)) from outbox
                          where done_at is null
                            and sent_at >= statement_timestamp() - make_interval(secs => $1))
                  for update skip locked))
    returning id::int, job, payload`);

/**
 * Takes rows that were sent longer ago than that and never begun, and then rows that were never
 * sent; no more than that many are sent and not done at a time.
 */
export function takeUndone(
  tx: Tx,
  {
    resendSeconds,
    mostInFlight,
  }: { readonly resendSeconds: number; readonly mostInFlight: number },
): Promise<OutboxRow[]> {
  return tx.run(take, [resendSeconds, mostInFlight]);
}

const overdue = statement<OutboxRow>(
  'outbox.overdue',
  `select id::int, job, payload from outbox
    where ${BEGINNABLE}
      and coalesce(sent_at, created_at) < clock_timestamp() - make_interval(secs => $1)
    order by outbox.sent_at, outbox.id limit 100`,
);

/** Rows that were sent, or else owed, longer ago than that and may be begun; long sent ones first. */
export function overdueJobs(db: Db, seconds: number): Promise<OutboxRow[]> {
  return db.run(overdue, [seconds]);
}

// Here and below `true` comes as a value, because a plan that knew it could read the index of all
// that is undone.
const begin = statement<{ id: string }>(
  'outbox.begin',
  `update outbox set attempts = attempts + 1, sent_at = clock_timestamp()
    where id = $1 and (${BEGINNABLE}) = $2 returning id`,
);

/**
 * Counts an attempt before it is made, so that one which ends its process is counted too. False when
 * the job is not to be begun: it is done or parked, or another attempt was too short a time ago.
 */
export async function beginOutbox(tx: Tx, id: number): Promise<boolean> {
  return (await tx.run(begin, [id, true])).length === 1;
}

const finish = statement<{ id: string }>(
  'outbox.finish',
  `update outbox set done_at = clock_timestamp()
    where id = $1 and (done_at is null) = $2 returning id`,
);

/** Marks a row done in the transaction of its effect; false when it was done before. */
export async function finishOutbox(tx: Tx, id: number): Promise<boolean> {
  return (await tx.run(finish, [id, true])).length === 1;
}

// No index has the times of what is done; the oldest rows are the first to be old.
const forget = rareStatement<{ id: string }>(`delete from outbox where id = any (array(
     select id from (select id, done_at from outbox order by id limit 5000) oldest
      where done_at < clock_timestamp() - interval '7 days'))
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

const parked = rareStatement<OutboxRow>(
  `select id::int, job, payload from outbox where ${PARKED} order by outbox.sent_at, outbox.id limit 100`,
);

/** Jobs that are parked, those begun longest ago first. */
export function parkedJobs(db: Db): Promise<OutboxRow[]> {
  return db.run(parked, []);
}

const countParked = rareStatement<{ parked: number }>(
  `select count(*)::int as parked from outbox where ${PARKED}`,
);

export async function countParkedJobs(db: Db): Promise<number> {
  return only(await db.run(countParked, [])).parked;
}

const resume = rareStatement<{ id: number }>(`update outbox set attempts = 0, sent_at = null
  where ${PARKED} and ($1::bigint is null or id = $1) returning id::int`);

/** Has a parked job begun again, or all when `id` is null; gives their ids. */
export async function resumeParkedJobs(tx: Tx, id: number | null): Promise<number[]> {
  return (await tx.run(resume, [id])).map((row) => row.id);
}
