import { appendFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

/** What one request came to: an answer, or none. */
export type Outcome =
  | { readonly status: number; readonly text: string; readonly replayed: boolean }
  | { readonly lost: string };

/** One request as its client saw it; the times are milliseconds on the clock of the run. */
export interface Line {
  readonly t0: number;
  readonly t1: number;
  readonly client: number;
  readonly op: string;
  readonly key: string;
  /** Its path and its body. */
  readonly args: { readonly path: string; readonly body: unknown };
  readonly outcome: Outcome;
}

/** What clients saw, a JSON object a line; a file, so that it is read as it was written. */
export interface History {
  note(line: Line): void;
  /** How many lines there are. */
  readonly length: number;
  /** The lines from that number on. */
  since(from: number): readonly Line[];
  /** What the file holds. */
  read(): Promise<Line[]>;
}

export function openHistory(file: string): History {
  const lines: Line[] = [];
  return {
    note: (line) => {
      lines.push(line);
      appendFileSync(file, `${JSON.stringify(line)}\n`);
    },
    get length() {
      return lines.length;
    },
    since: (from) => lines.slice(from),
    read: async () =>
      (await readFile(file, 'utf8'))
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Line),
  };
}

/** True when the client cannot know whether it happened. */
export function isAmbiguous({ outcome }: Line): boolean {
  return 'lost' in outcome || outcome.text.includes('"outcome-unknown"');
}

/** True when the client need not ask again: it was granted or refused. */
export function isFinal({ outcome }: Line): boolean {
  return 'status' in outcome && outcome.status !== 503 && outcome.status !== 429;
}

export function isGranted({ outcome }: Line): boolean {
  return 'status' in outcome && outcome.status >= 200 && outcome.status < 300;
}

/** All requests under one key. */
export interface Operation {
  readonly key: string;
  readonly op: string;
  readonly args: Line['args'];
  /** It was ambiguous at least once. */
  readonly doubtful: boolean;
  /** Its first final answer; null when there was none. */
  readonly answer: Extract<Outcome, { status: number }> | null;
}

export function operationsIn(lines: readonly Line[]): Operation[] {
  const byKey = new Map<string, Operation>();
  for (const line of lines) {
    const { key, op, args, outcome } = line;
    const before = byKey.get(key);
    const answer = before?.answer ?? ('status' in outcome && isFinal(line) ? outcome : null);
    const doubtful = before?.doubtful === true || isAmbiguous(line);
    byKey.set(key, { key, op, args, doubtful, answer });
  }
  return [...byKey.values()];
}
