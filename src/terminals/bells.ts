import type { TerminalName } from './model.ts';

/** Wakes who waits for a terminal's events. */
export interface TerminalBells {
  /**
   * Resolves when the terminal's bell rings, when it is time to look without one, or when the
   * signal aborts. A bell is a hint: whoever wakes looks what there is.
   */
  next(terminal: TerminalName, signal: AbortSignal): Promise<void>;
}

/** Where nobody can be called: it is time to look every so often. */
export function pollingBells(milliseconds: number): TerminalBells {
  return { next: (_terminal, signal) => waiting(milliseconds, signal, () => () => {}) };
}

/** Bells that somebody rings, who was called. */
export interface RungBells extends TerminalBells {
  /** Rings for the terminal that a notification names, `issuer/terminal`, or for all with null. */
  ring(payload: string | null): void;
}

/** A call that goes astray is made up for after that long. */
export function rungBells(lookAfterMilliseconds: number): RungBells {
  const waitingAt = new Map<string, Set<() => void>>();
  return {
    ring: (payload) => {
      const named = payload === null ? [...waitingAt.values()] : [waitingAt.get(payload)];
      for (const waiters of named) for (const wake of [...(waiters ?? [])]) wake();
    },
    next: ({ issuerId, terminalId }, signal) => {
      const key = `${issuerId}/${terminalId}`;
      return waiting(lookAfterMilliseconds, signal, (wake) => {
        const waiters = waitingAt.get(key) ?? new Set();
        waitingAt.set(key, waiters.add(wake));
        return () => {
          waiters.delete(wake);
          if (waiters.size === 0 && waitingAt.get(key) === waiters) waitingAt.delete(key);
        };
      });
    },
  };
}

/** Waits that long, or until it is woken or the signal aborts. */
function waiting(
  milliseconds: number,
  signal: AbortSignal,
  enter: (wake: () => void) => () => void,
): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      leave();
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done);
    const leave = enter(done);
  });
}
