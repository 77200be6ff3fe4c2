import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../../src/platform/embedded/start-embedded-postgres.node.ts';
import { migrateDatabase } from '../../src/platform/migrate.node.ts';
import { makeTestFolder, runOn, withDatabase } from './postgres.ts';

/** What test files need to make databases of their own. */
export interface TestServer {
  /** A database in which CREATE DATABASE can be said. */
  readonly url: string;
  readonly template: string;
  /** Every database of this run is named so and something more. */
  readonly prefix: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    testServer: TestServer;
  }
}

/** One PostgreSQL for the whole run, with a migrated database to copy; DATABASE_URL's if set. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { url, stop } = await startServer();
  const prefix = `tapline_test_${randomBytes(4).toString('hex')}`;
  const template = `${prefix}_template`;
  const cleanUp = async () => {
    await dropAll(url, prefix);
    await stop();
  };
  try {
    await runOn(url, `create database ${template}`);
    await migrateDatabase(withDatabase(url, template), { log: () => {}, queue: true });
    // A copy fails while anyone is connected to its template.
    await runOn(url, `alter database ${template} allow_connections false`);
  } catch (error) {
    await cleanUp();
    throw error;
  }
  project.provide('testServer', { url, template, prefix });
  return cleanUp;
}

async function startServer(): Promise<{ url: string; stop(): Promise<void> }> {
  const given = process.env.DATABASE_URL;
  if (given) return { url: given, stop: async () => {} };
  const folder = await makeTestFolder();
  const { url, stop } = await startEmbeddedPostgres({ dataDir: folder, log: () => {} });
  return {
    url,
    stop: async () => {
      await stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
}

async function dropAll(url: string, prefix: string): Promise<void> {
  const ours = 'select datname from pg_database where starts_with(datname, $1)';
  for (const { datname } of await runOn<{ datname: string }>(url, ours, [prefix])) {
    await runOn(url, `drop database if exists ${datname} with (force)`);
  }
}
