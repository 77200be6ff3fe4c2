import { setTimeout as pause } from 'node:timers/promises';
import { type History, isAmbiguous, isGranted } from '../support/history.ts';
import type { MortalStage } from './mortal-stage.ts';

export interface Fault {
  readonly name: string;
  /** Does the harm, and resolves when it is done. */
  strike(stage: MortalStage, history: History): Promise<void>;
  mend(stage: MortalStage): Promise<void>;
}

const BLACKHOLE_MS = 1500;

export const dropCommitReplies: Fault = {
  name: 'COMMIT reply dropped',
  // Workers commit too; it goes on until it was a client who got no answer.
  strike: async ({ proxy }, history) => {
    const from = history.length;
    while (!history.since(from).some(isAmbiguous)) {
      if (proxy.answersToLose === 0) proxy.loseAnswers(1);
      await pause(5);
    }
    proxy.loseAnswers(0);
  },
  mend: async () => {},
};

const cutAllSockets: Fault = {
  name: 'all sockets cut',
  strike: async ({ proxy }) => proxy.cutAll(),
  mend: async () => {},
};

function blackhole(direction: 'up' | 'down'): Fault {
  return {
    name: `blackhole ${direction}`,
    strike: async ({ proxy }) => proxy.blackhole(direction),
    mend: async ({ proxy }) => {
      await pause(BLACKHOLE_MS);
      proxy.blackhole(null);
    },
  };
}

function databaseDies(name: string, signal: 'SIGQUIT' | 'SIGKILL'): Fault {
  return {
    name,
    strike: ({ postgres }) => postgres.die(signal),
    mend: (stage) => stage.startDatabase(),
  };
}

const serviceDies: Fault = {
  name: 'service kill -9',
  strike: (stage) => stage.killService(),
  mend: (stage) => stage.startService(),
};

export const FAULTS: readonly Fault[] = [
  dropCommitReplies,
  databaseDies('pg_ctl -m immediate', 'SIGQUIT'),
  blackhole('up'),
  databaseDies('postmaster kill -9', 'SIGKILL'),
  cutAllSockets,
  serviceDies,
  blackhole('down'),
];

/** Strikes and mends; gives the seconds from the harm to the first request that is granted again. */
export async function inflict(fault: Fault, stage: MortalStage, history: History): Promise<number> {
  const from = history.length;
  await fault.strike(stage, history);
  const struckAt = performance.now();
  await fault.mend(stage);
  for (;;) {
    const granted = history.since(from).find((line) => line.t0 > struckAt && isGranted(line));
    if (granted !== undefined) return (granted.t1 - struckAt) / 1000;
    await pause(10);
  }
}
