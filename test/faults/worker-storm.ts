import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { CloneStage } from '../support/clone-stage.ts';
import type { Strike } from '../support/clone-strikes.ts';
import { makeTestFolder } from '../support/postgres.ts';
import { type Program, startProgram } from '../support/program.ts';

const CHILD = 'test/faults/clone-worker-child.ts';
/** Longer than it takes a worker to get at the jobs that wait. */
const LONGEST_LIFE_MS = 1200;

type Blow = Omit<Strike, 'at' | 'releaseFile'>;

export interface Storm {
  readonly kind: 'ours' | 'naive';
  /** Each list is suffered by one worker after the other, the lists beside one another. */
  readonly lanes: readonly (readonly (Blow | 'killed at random')[])[];
  /** How much longer than the queue waits a worker stands still. */
  readonly standstillMs: number;
}

export interface Casualties {
  /** Killed at a clone. */
  killed: number;
  /** Stood still until the queue had taken the job away, and went on. */
  robbed: number;
  /** Killed at any moment. */
  random: number;
}

/** Strikes workers beside one that is spared, until all strikes are done. */
export async function storm(stage: CloneStage, plan: Storm): Promise<Casualties> {
  const folder = await makeTestFolder();
  const casualties: Casualties = { killed: 0, robbed: 0, random: 0 };
  const lanes = plan.lanes.map(async (blows, lane) => {
    for (const [n, blow] of blows.entries()) {
      const releaseFile = join(folder, `release-${lane}-${n}`);
      if (blow === 'killed at random') await liveShortly(stage, plan, casualties);
      else await sufferOnce(stage, plan, { ...blow, releaseFile }, casualties);
    }
  });
  await Promise.all(lanes);
  await rm(folder, { recursive: true });
  return casualties;
}

/** Starts workers until one was struck in such a way that another got its job. */
async function sufferOnce(
  stage: CloneStage,
  plan: Storm,
  strike: Omit<Strike, 'at'>,
  casualties: Casualties,
): Promise<void> {
  for (;;) {
    const nth = 1 + Math.floor(Math.random() * 5);
    const child = startChild(stage, plan.kind, { ...strike, at: { nth } });
    try {
      const [, job] = await child.hasSaid(/struck (\d+)/);
      if (strike.blow === 'kill') {
        casualties.killed += 1;
        return;
      }
      const wasRobbed = await lostItsLock(stage, Number(job));
      await pause(plan.standstillMs);
      await goOn(child, strike);
      if (wasRobbed) {
        casualties.robbed += 1;
        return;
      }
    } finally {
      await kill(child);
    }
  }
}

async function goOn(child: Program, { releaseFile }: Omit<Strike, 'at'>): Promise<void> {
  await writeFile(releaseFile, '');
  child.process.kill('SIGCONT');
  // It acknowledges what is no longer its own, and works on.
  await child.hasSaid(/goes on[\s\S]*cloned[\s\S]*cloned/);
}

/** Waits until the queue has given the job to others; false when it had not come from the queue. */
async function lostItsLock({ service }: CloneStage, outboxId: number): Promise<boolean> {
  const own = () =>
    service.sql<{ stalled: number }>(
      `select stalled_count as stalled from bullmq.job
        where queue = 'tapline-clones' and (data ->> 'outboxId')::int = $1`,
      [outboxId],
    );
  let [job] = await own();
  const wasQueued = job !== undefined;
  while (job?.stalled === 0) {
    await pause(50);
    [job] = await own();
  }
  return wasQueued;
}

async function liveShortly(
  stage: CloneStage,
  { kind }: Storm,
  casualties: Casualties,
): Promise<void> {
  const worker = startWorker(stage, kind);
  try {
    await worker.hasSaid(/workers are running|working/);
    await pause(Math.random() * LONGEST_LIFE_MS);
  } finally {
    await kill(worker);
  }
  casualties.random += 1;
}

/** A worker that nothing strikes: of ours, the process that `npm run workers` starts. */
export function startWorker(stage: CloneStage, kind: Storm['kind']): Program {
  if (kind === 'naive') return startChild(stage, kind, null);
  return started(['workers/main.ts'], { DATABASE_URL: stage.service.databaseUrl });
}

/** A worker that is struck, or one that never gives a job up. */
export function startChild(
  { service }: CloneStage,
  kind: Storm['kind'] | 'tireless',
  strike: Strike | null,
): Program {
  return started([CHILD, kind, service.databaseUrl, JSON.stringify(strike)], {});
}

const workers = new Set<Program>();

function started(...command: Parameters<typeof startProgram>): Program {
  const worker = startProgram(...command);
  workers.add(worker);
  return worker;
}

export async function kill(worker: Program): Promise<void> {
  workers.delete(worker);
  worker.process.kill('SIGKILL');
  await worker.ended;
}

/** Kills what a test that failed has left. */
export async function killAll(): Promise<void> {
  await Promise.all([...workers].map(kill));
}
