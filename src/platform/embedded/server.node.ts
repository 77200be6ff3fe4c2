import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type FileHandle, open, readFile, rename, stat, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Account } from './account.node.ts';
import { BARE_ENVIRONMENT, cannotStart } from './command.node.ts';
import { findPostmaster, stopPostmaster } from './postmaster.node.ts';
import { withProgress } from './progress.node.ts';

export interface LaunchOptions {
  readonly dataDir: string;
  readonly data: string;
  readonly postgres: string;
  readonly account: Account | null;
  readonly settings: Readonly<Record<string, string>>;
  readonly log: (line: string) => void;
}

/** A PostgreSQL that is our own child and answers on its port. */
export interface Server {
  readonly port: number;
  readonly exited: Promise<void>;
  stop(): Promise<void>;
  /** Leaves the process to whoever owns the folder now. */
  abandon(): void;
}

/**
 * Starts PostgreSQL and waits until it answers; null when it found its port or its folder taken,
 * which another try sorts out.
 */
export async function launch(options: LaunchOptions): Promise<Server | null> {
  const port = await freePort();
  const logFile = join(options.dataDir, 'postgres.log');
  const output = await openLog(logFile);
  let child: ChildProcess;
  let logStart: number;
  try {
    logStart = (await output.stat()).size;
    child = await spawnPostgres(options, port, output);
  } finally {
    await output.close();
  }
  const server = superviseChild(child, port);
  try {
    const ready = untilReady(child, options.data);
    if (await withProgress(options.log, 'still starting the database', ready)) return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
  const said = (await readFile(logFile)).subarray(logStart).toString();
  if (TAKEN.test(said)) return null;
  // On a full disk there is no room for a word about it in the log.
  const { bavail, bsize } = await statfs(options.data);
  const reason = bavail * bsize < 1_000_000 ? 'No space left on device' : said.trim();
  throw new Error(`the database does not start (${logFile}):\n${reason}`);
}

const TAKEN =
  /"postmaster\.pid" (already exists|is empty)|shared memory block|could not (bind|create any TCP)/;

/** A session of its own keeps a Ctrl-C in the terminal from stopping the database before us. */
async function spawnPostgres(options: LaunchOptions, port: number, output: FileHandle) {
  const child = spawn(options.postgres, postgresArguments(options, port), {
    ...options.account,
    cwd: '/',
    env: BARE_ENVIRONMENT,
    stdio: ['ignore', output.fd, output.fd],
    detached: true,
  });
  try {
    await once(child, 'spawn');
  } catch (error) {
    throw cannotStart(error as NodeJS.ErrnoException, options.account);
  }
  return child;
}

function postgresArguments({ data, settings }: LaunchOptions, port: number): string[] {
  const all = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    // A whole service keeps about sixty; tests and a second process come beside it.
    max_connections: '300',
    timezone: 'UTC',
    log_timezone: 'UTC',
    lc_messages: 'C',
    // Refused statements are the service's to report; here remain starts, stops and crashes.
    log_min_messages: 'log',
    log_checkpoints: 'off',
    ...settings,
  };
  const switches = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return ['-D', data, '-p', String(port), ...switches];
}

function superviseChild(child: ChildProcess, port: number): Server {
  // When this process ends without stop(), the database shuts down by itself.
  const shutDown = () => void child.kill('SIGINT');
  const exited = new Promise<void>((resolve) => {
    if (hasExited(child)) return resolve();
    process.once('exit', shutDown);
    child.once('exit', () => {
      process.off('exit', shutDown);
      resolve();
    });
  });
  const stop = async () => {
    if (child.pid !== undefined && !hasExited(child)) {
      await stopPostmaster(child.pid, async () => hasExited(child));
    }
    await exited;
  };
  const abandon = () => {
    process.off('exit', shutDown);
    child.unref();
  };
  return { port, exited, stop, abandon };
}

function hasExited(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** False when the process has ended instead. */
async function untilReady(child: ChildProcess, data: string): Promise<boolean> {
  while (!hasExited(child)) {
    const postmaster = await findPostmaster(data);
    if (postmaster?.pid === child.pid && postmaster?.isReady) return true;
    await pause(20);
  }
  return false;
}

/** The log of the database outlives us, as the database does when we are killed. */
async function openLog(file: string): Promise<FileHandle> {
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (size > 8_000_000) await rename(file, `${file}.1`);
  return open(file, 'a', 0o600);
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}
