import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import type { Database, Db, Statement, Tx } from './database.ts';
import { openPool } from './pool.node.ts';
import { asOutcome, isConnectionLoss, type Lease, NotSentError, transact } from './transact.ts';

export interface PoolSettings {
  readonly connectionString: string;
  readonly max?: number;
  readonly applicationName?: string;
  /** Off only for rows that a later synchronous commit makes durable before anyone is told. */
  readonly synchronousCommit?: 'on' | 'off';
}

/** How long an answer of the server is waited for; its own statement_timeout is shorter. */
const ANSWER_MS = 25_000;

/** PostgreSQL through node-postgres: the driver of API and worker processes. */
export function openDatabase(settings: PoolSettings): Database {
  const pool = openPool({
    connectionString: settings.connectionString,
    max: settings.max ?? 10,
    applicationName: settings.applicationName ?? 'tapline',
    answerMs: ANSWER_MS,
    settings: { ...SESSION, synchronous_commit: settings.synchronousCommit ?? 'on' },
  });
  return {
    reads: asTx(eachOn(pool, (error) => error)),
    single: asTx(eachOn(pool, asOutcome)),
    transact: (work, options) => transact(() => leaseFrom(pool), work, options),
    close: () => pool.end(),
  };
}

const SESSION = {
  statement_timeout: '20s',
  lock_timeout: '10s',
  idle_in_transaction_session_timeout: '30s',
  timezone: 'UTC',
  // Every statement here reaches its rows by an index. A plan that was made while the tables
  // were small must not become a scan of large ones, nor be compiled or made anew each time.
  enable_seqscan: 'off',
  enable_bitmapscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  jit: 'off',
  plan_cache_mode: 'force_generic_plan',
} as const;

/** The part of a pool or a client that drizzle and we use. */
type Queryable = Pick<pg.ClientBase, 'query'>;

/**
 * Each statement on a connection of the pool. Unlike `pool.query` it keeps the connection of a
 * statement that the server refused.
 */
function eachOn(pool: pg.Pool, failure: (error: unknown) => unknown): Queryable {
  const query = async (...statement: [pg.QueryConfig]) => {
    const client = await pool.connect();
    try {
      const result = await client.query(...statement);
      client.release();
      return result;
    } catch (error) {
      client.release(isConnectionLoss(error));
      throw failure(asNotSent(error));
    }
  };
  return { query } as Queryable;
}

const transactions = new WeakMap<pg.PoolClient, Tx>();

async function leaseFrom(pool: pg.Pool): Promise<Lease> {
  const client = await pool.connect();
  let tx = transactions.get(client);
  if (!tx) {
    tx = asTx(client);
    transactions.set(client, tx);
  }
  return {
    tx,
    begin: async () => void (await client.query('begin')),
    commit: async () => {
      try {
        return (await client.query('commit')).command;
      } catch (error) {
        throw asNotSent(error);
      }
    },
    rollback: async () => void (await client.query('rollback')),
    release: (broken) => client.release(broken),
  };
}

/** node-postgres refuses in this way what it has not sent. */
function asNotSent(error: unknown): unknown {
  const refused = error instanceof Error && error.message.endsWith('is not queryable');
  return refused ? new NotSentError(error.message, { cause: error }) : error;
}

function asTx(client: Queryable): Tx {
  const db: Db = {
    query: drizzle({ client: client as pg.Pool }),
    run: async <Row>({ name, text }: Statement<Row>, values: readonly unknown[]) => {
      const result = await client.query({ name, text, values: [...values], types });
      return result.rows as Row[];
    },
  };
  return db as Tx;
}

const TIMESTAMP_OIDS = new Set<number>([1082, 1114, 1184]);
const identity = (text: string) => text;

/** Timestamps stay text, as the other driver gives them. */
const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    TIMESTAMP_OIDS.has(oid) ? identity : pg.types.getTypeParser(oid, format as 'text'),
} as pg.CustomTypesConfig;
