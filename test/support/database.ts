import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { runOn, withDatabase } from './postgres.ts';

export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** A migrated database of the test's own, copied from the run's template. */
export function createTestDatabase(): Promise<TestDatabase> {
  return createFrom(inject('testServer').template);
}

/** A database with nothing in it. */
export function createEmptyDatabase(): Promise<TestDatabase> {
  return createFrom('template0');
}

async function createFrom(template: string): Promise<TestDatabase> {
  const { url, prefix } = inject('testServer');
  const name = `${prefix}_${randomBytes(6).toString('hex')}`;
  await runOn(url, `create database ${name} template ${template}`);
  return {
    url: withDatabase(url, name),
    drop: async () => void (await runOn(url, `drop database if exists ${name} with (force)`)),
  };
}
