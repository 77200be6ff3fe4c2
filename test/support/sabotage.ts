import type { Database, Db, TransactOptions, Tx } from '../../src/platform/database.ts';
import { CommitUnknownError, NotSentError } from '../../src/platform/transact.ts';

/** In which way a call goes wrong. */
export const FAILURES = [
  /** It is not made, and something is thrown that no code expects. */
  'throws',
  /** The connection is lost before it is made. */
  'connection lost',
  /** It is made, and the connection is lost before its answer. */
  'answer lost',
  /** What is JSON in its answer comes as a text that is cut off. */
  'malformed',
] as const;
export type Failure = (typeof FAILURES)[number];

/** A call of a request, by its name and how often that came before: `redemptions.save 1`. */
export type Point = string;

/** Lets one call after the other go wrong. */
export interface Sabotage {
  /** From now on that call goes wrong, once; null: none does. */
  arm(point: Point | null, failure: Failure): void;
  /** Ends it; tells whether the call went wrong, and which could have in that way. */
  disarm(): { readonly struck: boolean; readonly points: readonly Point[] };
  /** The same database, of which every call may go wrong. */
  over(database: Database): Database;
  /** A call that is no statement. */
  around<T>(name: string, call: () => Promise<T>): Promise<T>;
  /** A call that cannot wait. */
  at(name: string): void;
}

export function openSabotage(): Sabotage {
  const calls = new Calls();
  return {
    arm: (point, failure) => calls.arm(point, failure),
    disarm: () => calls.disarm(),
    over: (database) => ({
      reads: watched(calls, database.reads),
      single: watched(calls, database.single, outcomeUnknown),
      transact: (work, options) => transact(calls, database, work, options),
      close: () => database.close(),
    }),
    around: (name, call) => calls.around(name, call),
    at: (name) => {
      if (calls.failureOf(name, ['throws']) !== null) throw unexpected(name);
    },
  };
}

/** The calls that were made since the last arming, one of which may go wrong. */
class Calls {
  #point: Point | null = null;
  #failure: Failure | null = null;
  #struck = false;
  #points: Point[] = [];

  get armed(): boolean {
    return this.#failure !== null;
  }

  arm(point: Point | null, failure: Failure | null): void {
    this.#point = point;
    this.#failure = failure;
    this.#struck = false;
    this.#points = [];
  }

  disarm(): ReturnType<Sabotage['disarm']> {
    const seen = { struck: this.#struck, points: this.#points };
    this.arm(null, null);
    return seen;
  }

  /** How this call goes wrong, if it does, of the ways in which it can. */
  failureOf(name: string, ways: readonly Failure[]): Failure | null {
    if (this.#failure === null || !ways.includes(this.#failure)) return null;
    const nth = this.#points.filter((before) => before.startsWith(`${name} `)).length + 1;
    const point = `${name} ${nth}`;
    this.#points.push(point);
    if (this.#struck || point !== this.#point) return null;
    this.#struck = true;
    return this.#failure;
  }

  /** Throws what happens before the call; gives what is to happen after it. */
  failingBefore(name: string): 'answer lost' | null {
    const failure = this.failureOf(name, ['throws', 'connection lost', 'answer lost']);
    if (failure === 'throws') throw unexpected(name);
    if (failure === 'connection lost') throw connectionLost();
    return failure === 'answer lost' ? failure : null;
  }

  async around<T>(
    name: string,
    call: () => Promise<T>,
    answerLost: () => Error = connectionLost,
  ): Promise<T> {
    const after = this.failingBefore(name);
    const result = await call();
    if (after !== null) throw answerLost();
    return result;
  }
}

function watched<Way extends Db>(calls: Calls, way: Way, answerLost?: () => Error): Way {
  const run: Db['run'] = async (statement, values) => {
    const name = statement.name ?? statement.text.trim().split(/\s+/, 4).join(' ');
    const rows = await calls.around(name, () => way.run(statement, values), answerLost);
    if (!rows.some(holdsJson)) return rows;
    return calls.failureOf(name, ['malformed']) === null ? rows : rows.map(malformed);
  };
  return {
    get query(): Db['query'] {
      if (calls.armed) throw new Error('this way to the database is not watched');
      return way.query;
    },
    run,
  } as Way;
}

async function transact<T>(
  calls: Calls,
  database: Database,
  work: (tx: Tx) => Promise<T>,
  options?: TransactOptions,
): Promise<T> {
  await calls.around('begin', async () => {});
  let isAnswerLost = false;
  const result = await database.transact(async (tx) => {
    const done = await work(watched(calls, tx));
    isAnswerLost = calls.failingBefore('commit') !== null;
    return done;
  }, options);
  if (isAnswerLost) throw outcomeUnknown();
  return result;
}

const unexpected = (name: string) => new Error(`sabotage of ${name}`);
const connectionLost = () => new NotSentError('sabotage of the connection');
const outcomeUnknown = () => new CommitUnknownError('sabotage of the answer to COMMIT');

const isJson = (value: unknown) =>
  typeof value === 'string' ? /^[[{]/.test(value) : typeof value === 'object' && value !== null;

function holdsJson(row: unknown): boolean {
  return Object.values(row as object).some(isJson);
}

function malformed<Row>(row: Row): Row {
  const cut = (value: unknown) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return text.slice(0, Math.ceil(text.length / 2));
  };
  const entries = Object.entries(row as object);
  const broken = entries.map(([name, value]) => [name, isJson(value) ? cut(value) : value]);
  return Object.fromEntries(broken) as Row;
}
