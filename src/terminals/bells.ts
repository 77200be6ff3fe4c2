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
  return {
    next: (_terminal, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve();
        const done = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', done);
          resolve();
        };
        const timer = setTimeout(done, milliseconds);
        signal.addEventListener('abort', done);
      }),
  };
}
