import type { Caller } from '../access/model.ts';
import type { Db, Tx } from '../platform/database.ts';
import type { TerminalBells } from '../terminals/bells.ts';
import type { TerminalName } from '../terminals/model.ts';
import { tillSeen } from '../terminals/tills.ts';
import { findLineStart, readToldAfter, type ToldEvents } from './line-store.ts';
import type { CounterEvent, LineHello } from './model.ts';
import { mayLookOn } from './place-rules.ts';
import { counterEvent } from './visitor-rules.ts';

const BEAT_SECONDS = 2;
/** So many events are read at once; more are read when these were taken. */
const BATCH = 50;

export interface LinePorts {
  readonly reads: Db;
  readonly single: Tx;
  readonly bells: TerminalBells;
  /** Gives the connection back where a request has one of its own, until the next statement. */
  letGo(): Promise<void>;
  /** Whether the caller would still be let in. */
  isStillKnown(): Promise<boolean>;
}

/** What a live line says next. */
export type Said =
  | { readonly kind: 'hello'; readonly hello: LineHello }
  | { readonly kind: 'event'; readonly event: CounterEvent }
  | { readonly kind: 'beat' };

/** What is said, together what is known together; each is made when it is asked for. */
export type Line = (signal: AbortSignal) => AsyncGenerator<readonly Said[], void>;

/**
 * A terminal's events after one number, or from now on, each once and in order, until the signal
 * aborts; null when the caller has no such terminal. It remembers nothing but a number: what is not
 * read yet stays in the database.
 */
export async function openLine(
  ports: LinePorts,
  caller: Caller,
  terminal: TerminalName,
  after: number | null,
): Promise<Line | null> {
  if (!mayLookOn(caller, terminal)) return null;
  const start = await findLineStart(ports.reads, terminal);
  if (start === null) return null;
  if (caller.kind === 'till') await tillSeen(ports.single, caller);
  const { place, last } = start;
  const hello = { now: place.now.toISOString(), last, beatSeconds: BEAT_SECONDS };
  // A number beyond the last one is of a terminal that was made anew.
  const from = Math.min(after ?? last, last);
  return (signal) => tell(ports, terminal, { hello, from }, signal);
}

async function* tell(
  ports: LinePorts,
  terminal: TerminalName,
  { hello, from }: { readonly hello: LineHello; readonly from: number },
  signal: AbortSignal,
): AsyncGenerator<readonly Said[], void> {
  const bell = armedBell(ports.bells, terminal, signal);
  let number = from;
  let beatAt = nextBeat();
  yield [{ kind: 'hello', hello }];
  while (!signal.aborted) {
    // Armed before the look: what comes after it rings.
    bell.arm();
    if (!(await ports.isStillKnown())) return;
    const told = await readToldAfter(ports.reads, terminal, number, BATCH);
    await ports.letGo();
    number = told.events.at(-1)?.number ?? number;
    if (told.events.length > 0) {
      yield asSaid(told);
      beatAt = nextBeat();
    }
    if (told.events.length === BATCH) continue;
    while (!signal.aborted && !(await bell.ringsBefore(beatAt))) {
      yield [{ kind: 'beat' }];
      beatAt = nextBeat();
    }
  }
}

function nextBeat(): number {
  return performance.now() + BEAT_SECONDS * 1000;
}

function asSaid({ place, events }: ToldEvents): readonly Said[] {
  if (place === null) return [];
  return events.map((facts) => ({ kind: 'event', event: counterEvent(facts, place) }));
}

/** A bell that rings though nobody waits for it just then. */
function armedBell(bells: TerminalBells, terminal: TerminalName, signal: AbortSignal) {
  let rung: Promise<'rung'> | null = null;
  return {
    arm(): void {
      rung ??= bells.next(terminal, signal).then(() => {
        rung = null;
        return 'rung' as const;
      });
    },
    /** False when the time came first. */
    async ringsBefore(time: number): Promise<boolean> {
      if (rung === null) return true;
      let timer: ReturnType<typeof setTimeout> | undefined;
      const late = new Promise<'late'>((resolve) => {
        timer = setTimeout(() => resolve('late'), Math.max(0, time - performance.now()));
      });
      const first = await Promise.race([rung, late]);
      clearTimeout(timer);
      return first === 'rung';
    },
  };
}
