import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MOST_ATTEMPTS } from '../../src/queue/outbox-store.ts';
import { type CloneStage, openCloneStage } from '../support/clone-stage.ts';
import type { Strike } from '../support/clone-strikes.ts';
import { type Program, startProgram } from '../support/program.ts';
import { proven, sized, twinFailed } from '../support/proof.ts';
import { kill, killAll, startChild, startWorker } from './worker-storm.ts';

/** In the long form a poisonous job waits between its attempts as long as it does in earnest. */
const IN_EARNEST = sized(0, 1) === 1;
/** Enough to see that the others go on. */
const OTHERS_BETWEEN = 10;
const OTHERS_AFTERWARDS = 60;

let stage: CloneStage;
let poison: { id: number; redemptionId: string };
/** Ends the worker in the middle of that job, each time. */
let strike: Strike;

beforeEach(async () => {
  stage = await openCloneStage(40);
  const [redemptionId = ''] = await stage.redeemSome(1);
  const [row] = await stage.service.sql<{ id: number }>('select id::int from outbox');
  poison = { id: row?.id ?? 0, redemptionId };
  const at = { outboxId: poison.id };
  strike = { blow: 'kill', moment: 'before-commit', at, releaseFile: '' };
});
afterEach(killAll);
afterEach(() => stage.close());

test('a job that crashes its workers is parked alone, and taken up again when cured', async (context) => {
  const guard = superviseWorkers('ours', strike);
  const begun = performance.now();
  await stage.redeemMeanwhile(async () => {
    while (guard.crashes() < MOST_ATTEMPTS) {
      if (IN_EARNEST) await pause(100);
      else await hurry(guard.crashes);
    }
    await guard.says('parked jobs wait for an operator', `clones.make ${poison.id}`);
  });
  const parkedAfter = (performance.now() - begun) / 1000;
  const [parkedAt] = await stage.service.sql<{ at: string }>('select now()::text as at');
  const before = (await stage.effects()).redemptions;
  await stage.redeemMeanwhile(async () => {
    const redeemed = async () => (await stage.effects()).redemptions - before;
    await expect.poll(redeemed, { timeout: 60_000 }).toBeGreaterThan(OTHERS_AFTERWARDS);
  });
  await expect.poll(undone, { timeout: 120_000 }).toEqual([{ id: poison.id }]);
  expect(guard.crashes()).toBe(MOST_ATTEMPTS);
  expect(await metric('tapline_jobs_parked')).toBe('1');
  await guard.stop();
  expect(await tapline('jobs', 'parked')).toContain(poison.redemptionId);

  const cured = startWorker(stage, 'ours');
  expect(await tapline('jobs', 'resume', String(poison.id))).toContain(String(poison.id));
  await stage.settled();
  await kill(cured);
  expect(await metric('tapline_jobs_parked')).toBe('0');
  const { jobs, lost } = await stage.eachOnce();
  const waits = IN_EARNEST ? await medianDelays(parkedAt?.at ?? '') : 'its waits cut short';
  const figure = `${jobs - 1} others, lost ${lost}; done when taken up again`;
  proven(
    context,
    'D3',
    `a job that crashed ${guard.crashes()} workers`,
    `parked after ${parkedAfter.toFixed(0)} s, ${waits}; ${figure}`,
  );
}, 900_000);

test('it keeps workers without a limit from all others for good', async (context) => {
  const others = await stage.redeemSome(20);
  const guard = superviseWorkers('tireless', strike);
  while (guard.crashes() < MOST_ATTEMPTS + 2) await pause(100);
  await guard.stop();
  const { clones } = await stage.effects();
  expect(clones).toBe(0);
  const figure = `crashes on and on; of ${others.length} others ${clones} were done`;
  twinFailed(context, 'D3', `a job that crashed ${guard.crashes()} workers`, figure);
}, 300_000);

const undone = () => stage.service.sql('select id::int from outbox where done_at is null');

/** Moves the clock on for the poisonous job alone, once the others had their turn again. */
async function hurry(crashes: () => number): Promise<void> {
  const [before, crashed] = [await stage.effects(), crashes()];
  const others = async () => (await stage.effects()).clones - before.clones;
  await expect.poll(others, { timeout: 60_000 }).toBeGreaterThan(OTHERS_BETWEEN);
  while (crashes() === crashed) {
    await stage.service.sql(
      `update outbox set sent_at = sent_at - interval '1 h', created_at = created_at - interval '1 h'
        where id = $1`,
      [poison.id],
    );
    await pause(300);
  }
}

/** Two worker processes of which each is started again when it has crashed. */
function superviseWorkers(kind: 'ours' | 'tireless', strike: Strike) {
  const lives: Program[] = [];
  let stopping = false;
  const supervised = [0, 1].map(async () => {
    while (!stopping) {
      const worker = startChild(stage, kind, strike);
      lives.push(worker);
      await worker.ended;
    }
  });
  const crashes = () => lives.filter(({ said }) => said().includes('struck')).length;
  return {
    crashes,
    /** Waits until one has logged a line with these words. */
    says: async (...words: string[]) => {
      const lines = () => lives.flatMap(({ complained }) => complained().split('\n'));
      const said = () => lines().some((line) => words.every((word) => line.includes(word)));
      await expect.poll(said, { timeout: 60_000 }).toBe(true);
    },
    stop: async () => {
      stopping = true;
      await Promise.all(lives.map(kill));
      await Promise.all(supervised);
    },
  };
}

async function metric(name: string): Promise<string | undefined> {
  const { text } = await stage.service.nobody.get('/metrics');
  return new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1];
}

async function tapline(...args: string[]): Promise<string> {
  const env = { DATABASE_URL: stage.service.databaseUrl };
  const program = startProgram(['src/cli.ts', ...args], env);
  expect(await program.ended).toBe(0);
  return program.said();
}

/** How long the others waited for their clone, before and after a moment, in words. */
async function medianDelays(moment: string): Promise<string> {
  const rows = await stage.service.sql<{ delay: number }>(
    `select round(1000 * percentile_cont(0.5) within group (
                    order by extract(epoch from k.issued_at - r.redeemed_at)))::int as delay
       from redemptions r join coupons k on k.cloned_by = r.id
      group by r.redeemed_at > $1::timestamptz order by r.redeemed_at > $1::timestamptz`,
    [moment],
  );
  const [before, after] = rows.map(({ delay }) => delay);
  return `the median delay of others ${before} ms until then and ${after} ms afterwards`;
}
