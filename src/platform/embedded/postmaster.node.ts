import { link, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { EmbeddedPostgresError } from './errors.node.ts';
import { type Command, commandOf } from './process-table.node.ts';
import { randomName } from './staging.node.ts';

/** A running PostgreSQL, as its postmaster.pid tells. */
export interface Postmaster {
  readonly pid: number;
  /** Null while it has not opened its port yet. */
  readonly port: number | null;
  readonly isReady: boolean;
}

/** The PostgreSQL that runs on this data, whoever started it; null when there is none. */
export async function findPostmaster(data: string): Promise<Postmaster | null> {
  const file = join(data, 'postmaster.pid');
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return null;
  const postmaster = parsePidFile(text);
  if (postmaster === null) {
    await setAsideWreck(file, text);
    return null;
  }
  const state = await stateOf(postmaster.pid, data);
  if (state === 'running') return postmaster;
  if (state === 'unrelated') await setAside(file, text);
  return null;
}

/** The file's lines: pid, data, start time, port, socket folder, address, shared memory, state. */
export function parsePidFile(text: string): Postmaster | null {
  const lines = text.split('\n').map((line) => line.trim());
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 1) return null;
  const port = Number(lines[3]);
  return { pid, port: port > 0 ? port : null, isReady: lines[7] === 'ready' };
}

/**
 * 'unrelated' is a process that got the number of a postmaster that died without removing its
 * file, or that one's zombie. PostgreSQL itself asks only whether the number is in use.
 */
async function stateOf(pid: number, data: string): Promise<'running' | 'gone' | 'unrelated'> {
  const command = await commandOf(pid);
  if (command === null) return 'gone';
  return isPostmasterOf(command, data) ? 'running' : 'unrelated';
}

/** True for a postmaster of this data, and when in doubt for one that does not name its data. */
export function isPostmasterOf({ program, args }: Command, data: string): boolean {
  if (basename(program) !== 'postgres') return false;
  return !args.includes('-D ') || `${args} `.includes(`-D ${data} `);
}

/** A power cut can leave the file empty, which PostgreSQL takes for another one's start. */
async function setAsideWreck(file: string, text: string): Promise<void> {
  const found = await stat(file).catch(() => null);
  if (found !== null && Date.now() - found.mtimeMs > STARTING_MS) await setAside(file, text);
}

/** Removes a stale pid file, and only that: another start may have written a new one meanwhile. */
async function setAside(file: string, staleText: string): Promise<void> {
  const aside = `${file}.stale-${randomName()}`;
  try {
    await rename(file, aside);
  } catch {
    return;
  }
  if ((await readFile(aside, 'utf8')) !== staleText) await link(aside, file).catch(() => {});
  await rm(aside, { force: true });
}

/** Ample for the moment between the making of a pid file and the writing of its lines. */
const STARTING_MS = 5_000;
const FAST_SHUTDOWN_MS = 60_000;

/**
 * Fast shutdown: connections are closed, what is committed is on the disk. A PostgreSQL that
 * hangs is ended harder; it recovers at its next start.
 */
export async function stopPostmaster(pid: number, isGone: () => Promise<boolean>): Promise<void> {
  const steps = [
    ['SIGINT', FAST_SHUTDOWN_MS],
    ['SIGQUIT', 10_000],
    ['SIGKILL', 10_000],
  ] as const;
  for (const [signal, patience] of steps) {
    sendSignal(pid, signal);
    const deadline = Date.now() + patience;
    while (Date.now() < deadline) {
      if (await isGone()) return;
      await pause(10);
    }
  }
  throw new EmbeddedPostgresError(`the database's process ${pid} does not end`);
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

export async function hasEnded(pid: number, data: string): Promise<boolean> {
  return (await stateOf(pid, data)) !== 'running';
}
