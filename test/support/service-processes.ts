import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { createTestDatabase } from './database.ts';
import { ORIGIN, ROOT_KEY } from './service.ts';
import { type Client, clientOf } from './service-client.ts';

const ENTRY = fileURLToPath(new URL('../../src/entry/node.ts', import.meta.url));

export interface ServiceProcesses {
  readonly urls: readonly string[];
  readonly databaseUrl: string;
  readonly root: Client;
  readonly nobody: Client;
  as(key: string | null, instance?: number): Client;
  sql<Row extends pg.QueryResultRow>(statement: string, values?: unknown[]): Promise<Row[]>;
  stop(): Promise<void>;
}

/** `npm start`, several times over, each API and workers in a process of its own, on one database. */
export async function startServiceProcesses(count: number): Promise<ServiceProcesses> {
  const { url: databaseUrl, drop } = await createTestDatabase();
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 4 });
  pool.on('error', () => {});
  const children = Array.from({ length: count }, () => startChild(databaseUrl));
  const urls = await Promise.all(children.map(listening));
  const as = (key: string | null, instance = 0) => clientOf(urls[instance] ?? '', key);
  return {
    urls,
    databaseUrl,
    root: as(ROOT_KEY),
    nobody: as(null),
    as,
    sql: async (statement, values = []) => (await pool.query(statement, values)).rows,
    stop: async () => {
      await Promise.all(children.map(stopChild));
      await pool.end();
      await drop();
    },
  };
}

function startChild(databaseUrl: string): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', ENTRY], {
    env: {
      PATH: process.env.PATH,
      PORT: '0',
      PUBLIC_ORIGIN: ORIGIN,
      DATABASE_URL: databaseUrl,
      TAPLINE_ROOT_KEY: ROOT_KEY,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Where the child says that it listens. */
function listening(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk;
      const url = /listens on (http:\S+)/.exec(said)?.[1];
      if (url !== undefined) resolve(url);
    });
    child.once('exit', (code) => reject(new Error(`the service ended with ${code}: ${said}`)));
  });
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await ended;
  clearTimeout(late);
}
