import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import type { Db, Statement } from './database.ts';
import { NotSentError } from './transact.ts';

/** How long an answer of the server is waited for, connecting included. */
const ANSWER_MS = 25_000;

/** One connection through postgres.js; once lost it stays lost. */
export interface Connection {
  readonly db: Db;
  /** Runs statements that take no values; gives the server's word for the only one. */
  send(text: string): Promise<string>;
  isLost(): boolean;
  end(): Promise<void>;
}

/**
 * When its connection dies postgres.js opens another and sends there what comes next, where the
 * rest of a transaction commits statement by statement (porsager/postgres#1216), and what it had
 * queued can hang. So here one statement is under way at a time, and after a loss none is sent.
 */
export function connect(connectionString: string): Connection {
  const loss = new AbortController();
  const sql = postgres(connectionString, {
    max: 1,
    fetch_types: false,
    prepare: true,
    connect_timeout: 10,
    connection: { application_name: 'tapline-edge' },
    types: { textArray: { to: TEXT_ARRAY, from: [TEXT_ARRAY], serialize, parse: textArray } },
    onnotice: () => {},
    onclose: () => loss.abort(),
  });
  const unsafe = sender(sql, oneByOne(loss));
  return {
    db: dbOn(sql, unsafe),
    send: async (text) => (await unsafe(text)).command,
    isLost: () => loss.signal.aborted,
    end: async () => {
      loss.abort();
      await sql.end({ timeout: 0 });
    },
  };
}

type Rows = postgres.RowList<postgres.Row[]>;
type Answer = Promise<Rows> & { values(): Promise<Rows> };
type Unsafe = (text: string, values?: unknown[], options?: postgres.UnsafeQueryOptions) => Answer;
type InTurn = (query: () => Promise<Rows>) => Promise<Rows>;

/** `sql.unsafe` as far as drizzle uses it, each statement in its turn. */
function sender(sql: postgres.Sql, inTurn: InTurn): Unsafe {
  return (text, values = [], options) => {
    let asArrays = false;
    const answer = inTurn(() => {
      const query = sql.unsafe(text, values as postgres.ParameterOrJSON<never>[], options);
      return asArrays ? (query.values() as Promise<unknown> as Promise<Rows>) : query;
    });
    // The turn begins in a later microtask, when this has been said.
    const arrays = () => {
      asArrays = true;
      return answer;
    };
    return Object.assign(answer, { values: arrays });
  };
}

function oneByOne(loss: AbortController): InTurn {
  let turn: Promise<unknown> = Promise.resolve();
  return (query) => {
    const answer = turn.then(() => unlessLost(loss, query));
    turn = answer.catch(() => {});
    return answer;
  };
}

async function unlessLost(loss: AbortController, query: () => Promise<Rows>): Promise<Rows> {
  const { signal } = loss;
  if (signal.aborted) throw new NotSentError('the connection was lost before');
  let giveUp = () => {};
  const lost = new Promise<never>((_resolve, reject) => {
    giveUp = () => reject(connectionLost());
  });
  signal.addEventListener('abort', giveUp);
  const late = setTimeout(() => loss.abort(), ANSWER_MS);
  try {
    return await Promise.race([query(), lost]);
  } finally {
    clearTimeout(late);
    signal.removeEventListener('abort', giveUp);
  }
}

function connectionLost(): Error {
  const lost = new Error('the connection was lost before the answer');
  return Object.assign(lost, { code: 'CONNECTION_CLOSED' });
}

function dbOn(sql: postgres.Sql, unsafe: Unsafe): Db {
  const client = new Proxy(sql, {
    get: (target, name) => (name === 'unsafe' ? unsafe : Reflect.get(target, name)),
  });
  return {
    query: drizzle({ client }),
    run: async <Row>({ text }: Statement<Row>, values: readonly unknown[]) => {
      const rows = await unsafe(text, values.map(parameter), { prepare: true });
      return [...rows] as unknown as Row[];
    },
  };
}

/** As node-postgres takes it. */
function parameter(value: unknown): unknown {
  if (value === undefined) return null;
  return value instanceof Date ? value.toISOString() : value;
}

const TEXT_ARRAY = 1009;

/** drizzle writes an array as text by itself, but drops backslashes when it reads one. */
const serialize = (array: string) => array;

function textArray(text: string): (string | null)[] {
  const elements = text.slice(1, -1).matchAll(/"((?:[^"\\]|\\.)*)"|[^,]+/gs);
  return Array.from(elements, ([bare, quoted]) => {
    if (quoted !== undefined) return quoted.replaceAll(/\\(.)/gs, '$1');
    return bare === 'NULL' ? null : bare;
  });
}
