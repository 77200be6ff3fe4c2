import type { Database } from '../platform/database.ts';
import { guardedDoor } from '../platform/door.ts';
import { pause } from '../platform/pause.ts';
import { ProblemError } from '../problems/answer.ts';
import type { Claim, ClaimDesk, ClaimRequest, Handed } from './desk.ts';
import {
  type HandedClaim,
  handedBefore,
  handedClaim,
  handIn,
  isPending,
  onDisk,
} from './hand-in.ts';
import { laneOf } from './model.ts';
import { findDecidedClaims, insertPendingClaims } from './store.ts';

/** What the desk needs of its runtime. */
export interface DeskPorts {
  readonly database: Database;
  /** Inserts whose commit need not be durable yet: the batch that decides them makes them so. */
  readonly intake: Database;
  /** Rings the worker's doorbell for a lane; may be lost. */
  readonly ring: (lane: number) => Promise<void>;
  /** Calls back when some batch was decided; may be lost. Gives the way to stop listening. */
  readonly onDecided: (callback: () => void) => Promise<() => Promise<void>>;
  /** How often to look without having been called, for what was lost. */
  readonly pollMilliseconds: number;
  /** How many callers may be inside at once. */
  readonly mostPresent?: number;
}

const MICRO_BATCH = 64;
const RING_GAP_MS = 15;
/** How many callers one process lets wait; more are sent away while those are served. */
const MOST_PRESENT = 2000;

/**
 * The desk of a long-lived process: claims that arrive together are inserted together, and one
 * read answers all whose batch was decided.
 */
export async function openBatchingDesk(ports: DeskPorts): Promise<ClaimDesk> {
  const answers = answerer(ports);
  const intake = microBatcher(ports);
  const stop = await ports.onDecided(answers.look);
  const most = ports.mostPresent ?? MOST_PRESENT;
  const door = guardedDoor(most, () => new ProblemError('too-many-claims'));
  return {
    submit: (request, waitMilliseconds) =>
      door(async () => {
        if (waitMilliseconds === 0) return submitWithoutWaiting(ports, request);
        const handed = await submitAndWait(ports, intake, answers, request, waitMilliseconds);
        return onDisk(ports.database, handed);
      }),
    close: async () => {
      answers.close();
      await stop();
    },
  };
}

async function submitWithoutWaiting(ports: DeskPorts, request: ClaimRequest): Promise<Handed> {
  const handed = await handIn(ports.database, request);
  if (isPending(handed)) ports.ring(laneOf(request.classId)).catch(() => {});
  return handed;
}

async function submitAndWait(
  { database }: DeskPorts,
  intake: (request: ClaimRequest) => Promise<boolean>,
  answers: Answerer,
  request: ClaimRequest,
  waitMilliseconds: number,
): Promise<Handed> {
  // Waiting begins before the insert, or a quick worker's call would be missed.
  const decided = answers.wait(request.id, waitMilliseconds);
  try {
    if (await intake(request)) {
      const claim = await decided.claim;
      if (claim !== null) return { kind: 'claim', claim, replayed: false };
      return await handedClaim(database, request.id, false);
    }
  } finally {
    decided.forget();
  }
  const first = await handedBefore(database, request);
  return isPending(first) ? waitForFirst(answers, first, waitMilliseconds) : first;
}

/** A retry waits for what the first request is still waiting for. */
async function waitForFirst(
  answers: Answerer,
  first: HandedClaim,
  waitMilliseconds: number,
): Promise<Handed> {
  const decided = answers.wait(first.claim.id, waitMilliseconds);
  answers.look();
  const claim = await decided.claim;
  decided.forget();
  return claim === null ? first : { ...first, claim };
}

/** Gathers requests while one insert runs and inserts them together with the next. */
function microBatcher({ intake, ring }: DeskPorts): (request: ClaimRequest) => Promise<boolean> {
  interface Waiting {
    readonly request: ClaimRequest;
    readonly resolve: (inserted: boolean) => void;
    readonly reject: (error: unknown) => void;
  }
  const queue: Waiting[] = [];
  const bell = patientBell(ring);
  let running = false;

  async function flush(): Promise<void> {
    running = true;
    while (queue.length > 0) {
      const batch = queue.splice(0, MICRO_BATCH);
      try {
        const requests = batch.map(({ request }) => request);
        const inserted = await insertPendingClaims(intake.single, requests);
        for (const { request, resolve } of batch) resolve(inserted.has(request.id));
        for (const lane of new Set(batch.map(({ request }) => laneOf(request.classId)))) bell(lane);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    running = false;
  }

  return (request) =>
    new Promise((resolve, reject) => {
      queue.push({ request, resolve, reject });
      // The requests of one turn of the event loop go together.
      if (!running) setImmediate(() => void (running || flush()));
    });
}

/**
 * Rings a lane at most once in a few milliseconds and once more for all that asked meanwhile. What
 * comes in between is found by the drain that the ring before has started.
 */
function patientBell(ring: DeskPorts['ring']): (lane: number) => void {
  const ringing = new Map<number, { again: boolean }>();
  const start = async (lane: number, state: { again: boolean }) => {
    do {
      state.again = false;
      await Promise.all([ring(lane).catch(() => {}), pause(RING_GAP_MS)]);
    } while (state.again);
    ringing.delete(lane);
  };
  return (lane) => {
    const state = ringing.get(lane);
    if (state) state.again = true;
    else {
      const fresh = { again: false };
      ringing.set(lane, fresh);
      void start(lane, fresh);
    }
  };
}

interface Answerer {
  /** Waits for a claim's decision; null when the time ran out. */
  wait(id: string, milliseconds: number): { claim: Promise<Claim | null>; forget(): void };
  /** Looks for decisions now, or once more after the look that is running. */
  look(): void;
  close(): void;
}

function answerer({ database, pollMilliseconds }: DeskPorts): Answerer {
  const waiting = new Map<string, Set<(claim: Claim | null) => void>>();
  let looking = false;
  let again = false;

  async function lookNow(): Promise<void> {
    looking = true;
    do {
      again = false;
      const ids = [...waiting.keys()];
      if (ids.length === 0) break;
      const decided = await findDecidedClaims(database.reads, ids).catch(() => []);
      for (const claim of decided) for (const tell of waiting.get(claim.id) ?? []) tell(claim);
    } while (again);
    looking = false;
  }

  function look(): void {
    again = true;
    if (!looking) void lookNow();
  }

  const poll = setInterval(() => waiting.size > 0 && look(), pollMilliseconds);
  return {
    look,
    close: () => clearInterval(poll),
    wait: (id, milliseconds) => {
      const { promise: claim, resolve } = deferred<Claim | null>();
      const tellers = waiting.get(id) ?? new Set();
      waiting.set(id, tellers.add(resolve));
      const timeout = setTimeout(() => resolve(null), milliseconds);
      const forget = () => {
        clearTimeout(timeout);
        tellers.delete(resolve);
        if (tellers.size === 0 && waiting.get(id) === tellers) waiting.delete(id);
      };
      return { claim, forget };
    },
  };
}

function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
