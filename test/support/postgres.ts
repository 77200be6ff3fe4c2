import { chmod, mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

export function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

/** Runs one statement in a session of its own. */
export async function runOn<Row extends pg.QueryResultRow>(
  url: string,
  statement: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(statement, values)).rows;
  } finally {
    await client.end();
  }
}

/** A fresh folder that another user can pass through: as root, PostgreSQL runs as nobody. */
export async function makeTestFolder(): Promise<string> {
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'tapline-test-'));
  await chmod(folder, 0o755);
  return folder;
}
