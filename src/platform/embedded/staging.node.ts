import { randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

const MARK = '.new-';
/** Long after any copy or initdb has ended. */
const ABANDONED_AFTER_MS = 15 * 60_000;

/**
 * Where root puts what an unprivileged user must reach and cannot: a place that exists on every
 * Linux, that only root can write to, and that is not emptied at a reboot.
 */
export const SHARED_FOLDER = '/var/lib/tapline';

/** Makes a folder that other users can pass through, whatever the umask; an existing one stays. */
export async function makeTraversable(folder: string, mode: 0o711 | 0o755): Promise<void> {
  const created = await mkdir(folder, { recursive: true });
  if (created !== undefined) await chmod(folder, mode);
}

export function randomName(): string {
  return randomBytes(8).toString('hex');
}

/** A folder of our own in which something is made before a rename puts it in its place whole. */
export async function makeStaging(parent: string, name: string): Promise<string> {
  await removeAbandoned(parent);
  const folder = join(parent, `${name}${MARK}${randomName()}`);
  await mkdir(folder);
  return folder;
}

/** Clears what a start that was killed half-way left behind. */
async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!name.includes(MARK)) continue;
    const folder = join(parent, name);
    const found = await stat(folder).catch(() => null);
    if (found === null || Date.now() - found.mtimeMs < ABANDONED_AFTER_MS) continue;
    await discard(folder);
  }
}

/**
 * Removes a folder, with patience for a process that writes its last file there. What cannot be
 * removed stays: it is in nobody's way, and a later start tries again.
 */
export async function discard(folder: string): Promise<void> {
  const options = { recursive: true, force: true, maxRetries: 5, retryDelay: 100 };
  await rm(folder, options).catch(() => {});
}

/** True when a rename or link found its place taken by another start that was faster. */
export function isTaken(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'EEXIST' || code === 'ENOTEMPTY';
}

/** Makes new names in a folder survive a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
