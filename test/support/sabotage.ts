import type { Database, Db, Tx } from '../../src/platform/database.ts';
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

/** What is armed, and what has happened since. */
interface State {
  point: Point | null;
  failure: Failure | null;
  struck: boolean;
  readonly points: Point[];
}

export function openSabotage(): Sabotage {
  let state: State = { point: null, failure: null, struck: false, points: [] };

  /** The failure of this call, of those that it may have. */
  function failureOf(name: string, ways: readonly Failure[]): Failure | null {
    const { failure, points } = state;
    if (failure === null || !ways.includes(failure)) return null;
    const nth = points.filter((before) => before.startsWith(`${name} `)).length + 1;
    const point = `${name} ${nth}`;
    points.push(point);
    if (state.struck || point !== state.point) return null;
    state.struck = true;
    return failure;
  }

  async function around<T>(
    name: string,
    call: () => Promise<T>,
    answerLost: () => Error = connectionLost,
  ) {
    const failure = failureOf(name, ['throws', 'connection lost', 'answer lost']);
    if (failure === 'throws') throw new Error(`sabotage of ${name}`);
    if (failure === 'connection lost') throw connectionLost();
    const result = await call();
    if (failure === 'answer lost') throw answerLost();
    return result;
  }

  function over<Way extends Db>(way: Way, answerLost?: () => Error): Way {
    const run: Db['run'] = async (statement, values) => {
      const name = statement.name ?? statement.text.trim().split(/\s+/, 4).join(' ');
      const rows = await around(name, () => way.run(statement, values), answerLost);
      if (!rows.some(holdsJson)) return rows;
      return failureOf(name, ['malformed']) === null ? rows : rows.map(malformed);
    };
    return {
      get query(): Db['query'] {
        if (state.failure !== null) throw new Error('this way to the database is not watched');
        return way.query;
      },
      run,
    } as Way;
  }

  async function transact<T>(database: Database, work: (tx: Tx) => Promise<T>) {
    await around('begin', async () => {});
    let isAnswerLost = false;
    const result = await database.transact(async (tx) => {
      const done = await work(over(tx));
      const failure = failureOf('commit', ['throws', 'connection lost', 'answer lost']);
      if (failure === 'throws') throw new Error('sabotage of commit');
      if (failure === 'connection lost') throw connectionLost();
      isAnswerLost = failure === 'answer lost';
      return done;
    });
    if (isAnswerLost) throw outcomeUnknown();
    return result;
  }

  return {
    arm: (point, failure) => {
      state = { point, failure, struck: false, points: [] };
    },
    disarm: () => {
      const { struck, points } = state;
      state = { point: null, failure: null, struck: false, points: [] };
      return { struck, points };
    },
    over: (database) => ({
      reads: over(database.reads),
      single: over(database.single, outcomeUnknown),
      transact: (work) => transact(database, work),
      close: () => database.close(),
    }),
    around: (name, call) => around(name, call),
    at: (name) => {
      if (failureOf(name, ['throws']) !== null) throw new Error(`sabotage of ${name}`);
    },
  };
}

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
