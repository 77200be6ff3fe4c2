import { afterEach, beforeEach, expect, test } from 'vitest';
import { type CloneStage, openCloneStage } from '../support/clone-stage.ts';
import { CLONE_WALLS } from '../support/naive/cloning.ts';
import { proven, sized, twinFailed } from '../support/proof.ts';
import { type Casualties, kill, killAll, type Storm, startWorker, storm } from './worker-storm.ts';

let stage: CloneStage;

beforeEach(async () => {
  stage = await openCloneStage(60);
});
afterEach(killAll);
afterEach(() => stage.close());

const killed = { blow: 'kill', moment: 'after-commit' } as const;
const stopped = { blow: 'stop', moment: 'after-commit' } as const;
const blocked = { blow: 'block', moment: 'after-commit' } as const;
const RANDOM = 'killed at random';

/** After the commit and before the acknowledgement above all. */
const AT_THE_WINDOW: Storm['lanes'] = [[killed, RANDOM, killed], [stopped], [blocked]];
const IN_THE_MIDDLE: Storm['lanes'] = [
  [{ ...killed, moment: 'before-commit' }, RANDOM, killed, RANDOM, killed, RANDOM, killed, killed],
  [{ ...stopped, moment: 'before-commit' }],
  [{ ...blocked, moment: 'before-commit' }],
];
const ROUNDS = [AT_THE_WINDOW, IN_THE_MIDDLE, AT_THE_WINDOW].slice(0, sized(1, 3));

/** Rages once for each of these lists of lanes, and in all but the first with long standstills. */
async function rage(kind: Storm['kind'], rounds: readonly Storm['lanes'][]): Promise<Casualties> {
  const all: Casualties = { killed: 0, robbed: 0, random: 0 };
  const spared = startWorker(stage, kind);
  try {
    for (const [round, lanes] of rounds.entries()) {
      const standstillMs = round === 0 ? 0 : 30_000;
      const some = await stage.redeemMeanwhile(() => storm(stage, { kind, lanes, standstillMs }));
      all.killed += some.killed;
      all.robbed += some.robbed;
      all.random += some.random;
    }
    await stage.settled();
  } finally {
    await kill(spared);
  }
  return all;
}

const told = ({ killed, robbed, random }: Casualties) =>
  `${killed} workers killed at a clone, ${random} at random, ${robbed} lost their lock and went on`;

test('every redemption has its one clone, whatever its workers suffer', async (context) => {
  const casualties = await rage('ours', ROUNDS);
  const { jobs, clones, lost, doubled } = await stage.eachOnce();
  const figure = `${jobs} jobs, ${clones} effects, lost ${lost}, doubled ${doubled}`;
  proven(context, 'D1', told(casualties), figure);
}, 1_200_000);

test('some have two where a job is marked done after its effect', async (context) => {
  for (const wall of CLONE_WALLS) await stage.service.sql(wall);
  const casualties = await rage('naive', [[[killed], [stopped]]]);
  const { jobs, clones, lost, doubled } = await stage.effects();
  expect(doubled).toBeGreaterThan(0);
  const figure = `${jobs} jobs, ${clones} effects, lost ${lost}, doubled ${doubled}`;
  twinFailed(context, 'D1', told(casualties), figure);
}, 300_000);
