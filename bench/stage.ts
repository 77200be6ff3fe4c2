import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { startEmbeddedPostgres } from '../src/platform/embedded/start-embedded-postgres.node.ts';
import { cpuSeconds } from './cpu.ts';

export const ROOT_KEY = 'bench-root-key-of-no-value';

/** What every bench stands on: a fresh PostgreSQL and the service in a process of its own. */
export interface Stage {
  readonly databaseUrl: string;
  readonly servicePort: number;
  readonly servicePid: number;
  readonly baselinePort: number;
  readonly sql: pg.Client;
  /** CPU seconds used so far by the service, by the baseline server and by PostgreSQL. */
  cpu(): { readonly service: number; readonly baseline: number; readonly postgres: number };
  call<T>(method: string, path: string, body?: unknown): Promise<T>;
  close(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const dataDir = mkdtempSync(join(tmpdir(), 'tapline-bench-'));
  chmodSync(dataDir, 0o755);
  const postgres = await startEmbeddedPostgres({
    dataDir,
    log: () => {},
    ...(process.env.BENCH_PG && { settings: { shared_preload_libraries: 'pg_stat_statements' } }),
  });
  const postmaster = Number(
    readFileSync(join(dataDir, 'postgres/postmaster.pid'), 'utf8').split('\n')[0],
  );
  const env = { DATABASE_URL: postgres.url, TAPLINE_ROOT_KEY: ROOT_KEY };
  const service = start('../src/entry/node.ts', { ...env, PORT: '8791' });
  await reachable(8791, '/readyz');
  const baseline = start('./baseline-server.ts', { ...env, PORT: '8792' });
  await reachable(8792, '/healthz');
  const sql = new pg.Client({ connectionString: postgres.url });
  await sql.connect();
  return {
    databaseUrl: postgres.url,
    servicePort: 8791,
    servicePid: service.pid ?? 0,
    baselinePort: 8792,
    sql,
    cpu: () => ({
      service: cpuSeconds(service.pid ?? 0),
      baseline: cpuSeconds(baseline.pid ?? 0),
      postgres: cpuSeconds(postmaster),
    }),
    call: (method, path, body) => call(8791, method, path, body),
    close: async () => {
      await sql.end();
      for (const child of [service, baseline]) await stopped(child);
      await postgres.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function start(script: string, env: Record<string, string>): ChildProcess {
  const file = fileURLToPath(new URL(script, import.meta.url));
  return spawn(
    process.execPath,
    [...(process.env.BENCH_NODE_ARGS?.split(' ') ?? []), '--import', 'tsx', file],
    {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
}

function stopped(child: ChildProcess): Promise<unknown> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  return ended;
}

async function reachable(port: number, path: string): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    const response = await fetch(`http://127.0.0.1:${port}${path}`).catch(() => null);
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`nothing answers on port ${port}`);
}

async function call<T>(port: number, method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: { Authorization: `Bearer ${ROOT_KEY}`, 'Content-Type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return JSON.parse(text) as T;
}
