import { randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { commandOf } from './process-table.node.ts';

/** Before the random part stands the number of the process that makes it. */
const DRAFT = /\.new-(?:(\d+)-)?/;
/** Long after any copy or initdb has ended; by then another process may have got the number. */
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

/** Drafts of this process, which a process of the same number before it cannot have made. */
const ownDrafts = new Set<string>();

/** Where a file or folder is made before it is put in its place whole. */
export function draftOf(place: string): string {
  const draft = `${place}.new-${process.pid}-${randomName()}`;
  ownDrafts.add(draft);
  return draft;
}

/** A folder of our own in which something is made before a rename puts it in its place whole. */
export async function makeStaging(parent: string, name: string): Promise<string> {
  const folder = draftOf(join(parent, name));
  await mkdir(folder);
  return folder;
}

/** Clears what a start that was killed half-way left behind. */
export async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent).catch(() => [])) {
    const found = DRAFT.exec(name);
    const draft = join(parent, name);
    if (found === null || ownDrafts.has(draft)) continue;
    if ((await isGone(found[1])) || (await isOld(draft))) await discard(draft);
  }
}

async function isGone(maker: string | undefined): Promise<boolean> {
  if (maker === undefined || Number(maker) === process.pid) return true;
  const command = await commandOf(Number(maker));
  return command === null || command.program === '';
}

async function isOld(draft: string): Promise<boolean> {
  const found = await stat(draft).catch(() => null);
  return found !== null && Date.now() - found.mtimeMs > ABANDONED_AFTER_MS;
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
