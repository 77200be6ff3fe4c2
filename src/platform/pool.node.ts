import pg from 'pg';

export interface PoolOptions {
  readonly connectionString: string;
  readonly max: number;
  readonly applicationName: string;
  /** Settings of the server for every session. */
  readonly settings: Readonly<Record<string, string>>;
  /** How long an answer is waited for; longer than the server's own statement_timeout. */
  readonly answerMs: number;
}

/** A pool of node-postgres in which a connection may die at any moment. */
export function openPool(options: PoolOptions): pg.Pool {
  const settings = Object.entries(options.settings).map(([name, value]) => `-c ${name}=${value}`);
  const pool = new pg.Pool({
    connectionString: options.connectionString,
    max: options.max,
    application_name: options.applicationName,
    connectionTimeoutMillis: 10_000,
    query_timeout: options.answerMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    options: settings.join(' '),
  });
  // A connection that dies is replaced at its next use; while nobody listens to it, its death ends
  // the process, so each has a listener of its own from the moment it is there.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}
