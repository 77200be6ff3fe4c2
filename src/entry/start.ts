import type { Config } from '../platform/config.ts';
import type { Log } from '../platform/log.ts';

/** What a process starts with, and the way in which its parts end it. */
export interface ProcessContext {
  readonly config: Config;
  readonly log: Log;
  /** Progress in plain words, for a person. */
  readonly say: (line: string) => void;
  /** Has the process stopped in order and leave with this exit code; the first call counts. */
  readonly end: (exitCode: number) => void;
  /** Aborted when the end has begun. */
  readonly ending: AbortSignal;
}

export type Start = (context: ProcessContext) => Promise<{ stop(): Promise<void> }>;

/** The start was refused for a reason the operator can mend. */
export class StartRefusedError extends Error {
  override readonly name = 'StartRefusedError';
}
