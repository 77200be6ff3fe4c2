import { type Db, only, statement, type Tx } from '../platform/database.ts';

const beatStatement = statement<never>(
  'workers.beat',
  `insert into worker_beats (id) values ($1)
   on conflict (id) do update set beat_at = clock_timestamp()`,
);

/** Says that a worker process is alive. */
export async function beat(tx: Tx, workerId: string): Promise<void> {
  await tx.run(beatStatement, [workerId]);
}

const leave = statement<never>(
  'workers.leave',
  `delete from worker_beats where id = $1 or beat_at < clock_timestamp() - interval '1 day'`,
);

export async function leaveBeats(tx: Tx, workerId: string): Promise<void> {
  await tx.run(leave, [workerId]);
}

const anyAlive = statement<{ alive: boolean }>(
  'workers.alive',
  `select exists (select 1 from worker_beats
                   where beat_at > clock_timestamp() - interval '10 seconds') as alive`,
);

export async function workersAlive(db: Db): Promise<boolean> {
  return only(await db.run(anyAlive, [])).alive;
}
