import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import type { Database, Db, Statement, Tx } from './database.ts';
import { type Lease, transact } from './transact.ts';

export interface PoolSettings {
  readonly connectionString: string;
  readonly max?: number;
  readonly applicationName?: string;
  /** Off only for rows that a later synchronous commit makes durable before anyone is told. */
  readonly synchronousCommit?: 'on' | 'off';
}

/** PostgreSQL through node-postgres: the driver of API and worker processes. */
export function openDatabase(settings: PoolSettings): Database {
  const pool = new pg.Pool({
    connectionString: settings.connectionString,
    max: settings.max ?? 10,
    application_name: settings.applicationName ?? 'tapline',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    options: serverOptions(settings.synchronousCommit ?? 'on'),
  });
  // An idle connection that dies is replaced at its next use; without a listener it ends the process.
  pool.on('error', () => {});
  const direct = asTx(pool);
  return {
    reads: direct,
    single: direct,
    transact: (work, options) => transact(() => leaseFrom(pool), work, options),
    close: () => pool.end(),
  };
}

function serverOptions(synchronousCommit: 'on' | 'off'): string {
  const settings = {
    synchronous_commit: synchronousCommit,
    statement_timeout: '20s',
    lock_timeout: '10s',
    idle_in_transaction_session_timeout: '30s',
    timezone: 'UTC',
  };
  return Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ');
}

const leases = new WeakMap<pg.PoolClient, Tx>();

async function leaseFrom(pool: pg.Pool): Promise<Lease> {
  const client = await pool.connect();
  const ignore = () => {};
  // While a client is out of the pool nobody else listens for its death.
  client.on('error', ignore);
  let tx = leases.get(client);
  if (!tx) leases.set(client, (tx = asTx(client)));
  return {
    tx,
    begin: async () => void (await client.query('begin')),
    commit: async () => void (await client.query('commit')),
    rollback: async () => void (await client.query('rollback')),
    release: (broken) => {
      client.off('error', ignore);
      client.release(broken);
    },
  };
}

function asTx(client: pg.Pool | pg.PoolClient): Tx {
  const db: Db = {
    query: drizzle(client as pg.Pool),
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
