import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  assertServerVersion,
  MIGRATIONS_FOLDER,
  migrateDatabase,
  refuseUnknownSchema,
  SchemaRefusedError,
} from '../../src/platform/migrate.node.ts';
import { createEmptyDatabase, type TestDatabase } from '../support/database.ts';
import { runOn } from '../support/postgres.ts';

const THREE = [1, 2, 3];

let database: TestDatabase;
let lines: string[];
const log = (line: string) => void lines.push(line);

describe('migrateDatabase', () => {
  beforeEach(async () => {
    database = await createEmptyDatabase();
    lines = [];
  });
  afterEach(() => database.drop());

  it('brings an empty database to the schema, with the queue when asked', async () => {
    await migrateDatabase(database.url, { log, queue: true });
    expect(await schemas()).toEqual(['bullmq', 'drizzle', 'public']);
    expect(await count('drizzle.__drizzle_migrations')).toBeGreaterThan(0);
    expect(await count('public.coupon_classes')).toBe(0);
    expect(await count('bullmq.migration')).toBeGreaterThan(0);
  });

  it('leaves the queue out when it lives elsewhere', async () => {
    await migrateDatabase(database.url, { log, queue: false });
    expect(await schemas()).toEqual(['drizzle', 'public']);
  });

  it('does nothing the second time', async () => {
    await migrateDatabase(database.url, { log, queue: true });
    const before = await count('drizzle.__drizzle_migrations');
    lines = [];
    await migrateDatabase(database.url, { log, queue: true });
    expect(await count('drizzle.__drizzle_migrations')).toBe(before);
    expect(lines).toEqual([]);
  });

  it('is done once by three sessions that start at the same time', async () => {
    await Promise.all(THREE.map(() => migrateDatabase(database.url, { log, queue: true })));
    expect(lines.filter((line) => line.includes('bringing'))).toHaveLength(1);
    const doubled = await runOn(
      database.url,
      'select from drizzle.__drizzle_migrations group by created_at having count(*) > 1',
    );
    expect(doubled).toEqual([]);
  });

  it('would fail in one of three without taking turns', async () => {
    await expect(Promise.all(THREE.map(() => migrateWithoutTurns(database.url)))).rejects.toThrow();
  });

  it('refuses a database that a newer release has used, and leaves it as it was', async () => {
    await migrateDatabase(database.url, { log, queue: false });
    await runOn(
      database.url,
      `insert into drizzle.__drizzle_migrations (hash, created_at) values ('x', 4102444800000)`,
    );
    await expect(migrateDatabase(database.url, { log, queue: true })).rejects.toThrow(
      /1 migration\(s\) that this release does not know.*2100-01-01.*newer/,
    );
    expect(await schemas()).toEqual(['drizzle', 'public']);
  });

  it('frees its lock when it fails', async () => {
    await runOn(database.url, 'create schema drizzle');
    await runOn(database.url, 'create table drizzle.__drizzle_migrations (created_at bigint)');
    await runOn(database.url, 'insert into drizzle.__drizzle_migrations values (4102444800000)');
    const attempt = () => migrateDatabase(database.url, { log, queue: false });
    await expect(attempt()).rejects.toThrow(SchemaRefusedError);
    await expect(attempt()).rejects.toThrow(SchemaRefusedError);
    expect(lines).toEqual([]);
  });
});

describe('refuseUnknownSchema', () => {
  it.each([
    // applied, known, refused
    [[], [1, 2], false],
    [[1], [1, 2], false],
    [[1, 2], [1, 2], false],
    [[1, 2, 3], [1, 2], true],
    [[1, 9], [1, 2, 10], true],
    [[2], [1, 2], true],
    [[1, 3], [1, 2, 3], true],
  ])('applied %j, known %j: refused %j', (applied, known, refused) => {
    const check = () => refuseUnknownSchema(applied, known);
    if (refused) expect(check).toThrow(SchemaRefusedError);
    else expect(check).not.toThrow();
  });
});

describe('assertServerVersion', () => {
  it.each([
    [130_014, '13.14', true],
    [96_024, '9.6.24', true],
    [0, 'unknown', true],
    [140_000, '14.0', false],
    [170_010, '17.10', false],
  ])('%j (%s): refused %j', (number, version, refused) => {
    const check = () => assertServerVersion(number, version);
    if (refused) expect(check).toThrow(/Tapline needs 14 or newer/);
    else expect(check).not.toThrow();
  });
});

/** The naive twin: drizzle's migrator alone. */
async function migrateWithoutTurns(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    await migrate(drizzle(client), { migrationsFolder: MIGRATIONS_FOLDER });
  } finally {
    await client.end();
  }
}

async function schemas(): Promise<string[]> {
  const rows = await runOn<{ nspname: string }>(
    database.url,
    `select nspname from pg_namespace
       where nspname !~ '^pg_' and nspname <> 'information_schema' order by 1`,
  );
  return rows.map((row) => row.nspname);
}

async function count(table: string): Promise<number> {
  const [row] = await runOn<{ n: number }>(database.url, `select count(*)::int as n from ${table}`);
  return row?.n ?? -1;
}
