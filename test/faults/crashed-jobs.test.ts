import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type CloneStage, openCloneStage } from '../support/clone-stage.ts';
import type { Program } from '../support/program.ts';
import { proven, sized } from '../support/proof.ts';
import { kill, killAll, startChild, startWorker } from './worker-storm.ts';

const CRASHES = sized(2, 5);

let stage: CloneStage;

beforeEach(async () => {
  stage = await openCloneStage(20);
});
afterEach(killAll);
afterEach(() => stage.close());

test('a job whose worker is killed in the middle is soon done by another', async (context) => {
  const other = startWorker(stage, 'ours');
  await other.hasSaid(/workers are running/);
  const waits: number[] = [];
  for (let crash = 0; crash < CRASHES; crash++) {
    const [victim, job] = await workerInTheMiddle();
    const crashed = performance.now();
    await kill(victim);
    const undone = () =>
      stage.service.sql('select id from outbox where id = $1 and done_at is null', [job]);
    await expect.poll(undone, { timeout: 60_000, interval: 50 }).toEqual([]);
    waits.push((performance.now() - crashed) / 1000);
  }
  await stage.settled();
  const { lost, doubled } = await stage.eachOnce();
  const slowest = Math.max(...waits).toFixed(1);
  const figure = `done after at most ${slowest} s, lost ${lost}, doubled ${doubled}`;
  proven(context, 'D3', `${waits.length} workers killed in the middle of a job`, figure);
}, 600_000);

/** A worker that stands still before the commit of a job, and which job that is. */
async function workerInTheMiddle(): Promise<[Program, number]> {
  const strike = {
    blow: 'stop',
    moment: 'before-commit',
    at: { nth: 1 },
    releaseFile: '',
  } as const;
  const victim = startChild(stage, 'ours', strike);
  for (;;) {
    const struck = /struck (\d+)/.exec(victim.said());
    if (struck !== null) return [victim, Number(struck[1])];
    await stage.redeemSome(1);
    await pause(100);
  }
}
