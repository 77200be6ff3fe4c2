import { randomBytes } from 'node:crypto';
import { link, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddedPostgresError } from './errors.node.ts';
import { draftOf, isTaken } from './staging.node.ts';

/** The password of the embedded database, which only the user of this folder can read. */
export async function readOrMakePassword(dataDir: string, isFirstStart: boolean): Promise<string> {
  const file = join(dataDir, 'password');
  const known = await readFile(file, 'utf8').catch(ifMissing);
  if (known !== null) return known.trim();
  if (!isFirstStart) {
    throw new EmbeddedPostgresError(
      `${file} is missing, and the database beside it opens with nothing else: put it back, ` +
        'or move the folder away to start with an empty database',
    );
  }
  return makeSecret(file, randomBytes(32).toString('base64url'));
}

/**
 * Puts a secret into its file, which only its owner can read; gives the one that is there. It is
 * linked into place whole, so of two first starts at once both use the one that came first.
 */
export async function makeSecret(file: string, secret: string): Promise<string> {
  const draft = draftOf(file);
  await writeWhole(draft, secret);
  try {
    await link(draft, file);
  } catch (error) {
    if (!isTaken(error)) throw error;
  } finally {
    await rm(draft);
  }
  return (await readFile(file, 'utf8')).trim();
}

/** Writes a file that only its owner can read, and waits until it is on the disk. */
export async function writeWhole(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(`${text}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function ifMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}
