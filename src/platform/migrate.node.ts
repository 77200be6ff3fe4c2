import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runMigrations } from 'bullmq';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';

export const MIGRATIONS_FOLDER = fileURLToPath(new URL('../../drizzle', import.meta.url));

const OLDEST_SERVER = 14;
/** Taken by a migration for its session, so that processes that start together take turns. */
const MIGRATION_LOCK = '(1952542828, 2)';

export interface MigrateOptions {
  readonly log: (line: string) => void;
  /** Also makes BullMQ's tables, in the schema `bullmq`; for a queue on this PostgreSQL. */
  readonly queue: boolean;
}

/** The database cannot be brought to this release's schema; the message says why. */
export class SchemaRefusedError extends Error {
  override readonly name = 'SchemaRefusedError';
}

/** Brings the database to this release's schema, or refuses one that it would damage. */
export async function migrateDatabase(
  connectionString: string,
  { log, queue }: MigrateOptions,
): Promise<void> {
  // A session of its own: its end frees the lock however the migration ends.
  const client = new pg.Client({
    connectionString,
    application_name: 'tapline-migrate',
    connectionTimeoutMillis: 10_000,
  });
  client.on('error', () => {});
  await client.connect();
  try {
    await refuseOldServer(client);
    await takeTurn(client, log);
    const applied = await appliedMigrations(client);
    const known = await knownMigrations();
    refuseUnknownSchema(applied, known);
    if (applied.length < known.length) log('bringing the database to the schema of this release…');
    await migrate(drizzle(client), { migrationsFolder: MIGRATIONS_FOLDER });
    if (queue) await runMigrations(client);
  } finally {
    await client.end();
  }
}

async function refuseOldServer(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ number: string; version: string }>(
    `select current_setting('server_version_num') as number,
       current_setting('server_version') as version`,
  );
  const { number = '0', version = 'unknown' } = rows[0] ?? {};
  assertServerVersion(Number(number), version);
}

/** `versionNumber` is PostgreSQL's own, 140005 for 14.5. */
export function assertServerVersion(versionNumber: number, version: string): void {
  if (Math.floor(versionNumber / 10_000) >= OLDEST_SERVER) return;
  throw new SchemaRefusedError(
    `the database server is PostgreSQL ${version}; Tapline needs ${OLDEST_SERVER} or newer`,
  );
}

async function takeTurn(client: pg.Client, log: (line: string) => void): Promise<void> {
  // The patience a server or a role sets for ordinary statements is too short for waiting here.
  await client.query('set statement_timeout = 0; set lock_timeout = 0');
  const { rows } = await client.query<{ locked: boolean }>(
    `select pg_try_advisory_lock${MIGRATION_LOCK} as locked`,
  );
  if (rows[0]?.locked) return;
  log('another process is migrating the database; waiting for it…');
  await client.query(`select pg_advisory_lock${MIGRATION_LOCK}`);
}

/** The migrations the database has had, each by the time drizzle-kit gave it when it was written. */
async function appliedMigrations(client: pg.Client): Promise<number[]> {
  const { rows: found } = await client.query<{ exists: boolean }>(
    `select to_regclass('drizzle.__drizzle_migrations') is not null as exists`,
  );
  if (!found[0]?.exists) return [];
  const { rows } = await client.query<{ created_at: string }>(
    'select created_at from drizzle.__drizzle_migrations order by created_at',
  );
  return rows.map((row) => Number(row.created_at));
}

async function knownMigrations(): Promise<number[]> {
  const journal = await readFile(join(MIGRATIONS_FOLDER, 'meta', '_journal.json'), 'utf8');
  const { entries } = JSON.parse(journal) as { entries: { when: number }[] };
  return entries.map((entry) => entry.when);
}

/**
 * drizzle looks only at the newest migration of the database: it would use a schema of a newer
 * release as it stands, and silently leave out a migration that is older than the newest.
 */
export function refuseUnknownSchema(applied: readonly number[], known: readonly number[]): void {
  const unknown = applied.filter((when) => !known.includes(when));
  if (unknown.length > 0) {
    throw new SchemaRefusedError(
      `the database has ${unknown.length} migration(s) that this release does not know, the ` +
        `last of ${new Date(Math.max(...unknown)).toISOString()}: a newer or other Tapline has ` +
        'used it. Run that one, or use another database.',
    );
  }
  const missed = known.slice(0, applied.length).filter((when) => !applied.includes(when));
  if (missed.length > 0) {
    throw new SchemaRefusedError(
      `the database lacks ${missed.length} migration(s) older than its newest, the first of ` +
        `${new Date(Math.min(...missed)).toISOString()}: restore it from a backup.`,
    );
  }
}
