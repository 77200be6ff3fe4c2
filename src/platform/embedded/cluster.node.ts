import {
  chown,
  lstat,
  mkdir,
  readdir,
  readFile,
  realpath,
  rename,
  rmdir,
  symlink,
} from 'node:fs/promises';
import { join } from 'node:path';
import { type Account, canReach } from './account.node.ts';
import { runToEnd } from './command.node.ts';
import { EmbeddedPostgresError, USE_A_SERVER } from './errors.node.ts';
import { writeWhole } from './password.node.ts';
import { withProgress } from './progress.node.ts';
import {
  discard,
  isTaken,
  makeStaging,
  makeTraversable,
  randomName,
  SHARED_FOLDER,
  syncFolder,
} from './staging.node.ts';

export const SUPERUSER = 'tapline';
const MAJOR_VERSION = '17';

export interface ClusterOptions {
  readonly dataDir: string;
  readonly account: Account | null;
  readonly initdb: string;
  readonly password: string;
  readonly log: (line: string) => void;
}

/** The real path of the data that an earlier start made, or null when there is none yet. */
export async function findCluster(dataDir: string): Promise<string | null> {
  const place = join(dataDir, 'postgres');
  const found = await lstat(place).catch(() => null);
  if (found === null) return null;
  const data = await realpath(place).catch(() => null);
  if (data === null) {
    throw new EmbeddedPostgresError(
      `${place} points to a folder that is gone: put it back, ` +
        'or remove the link to start with an empty database',
    );
  }
  return (await isEmptyFolder(data)) ? null : data;
}

async function isEmptyFolder(folder: string): Promise<boolean> {
  // A folder we may not read holds somebody's data; the check of its owner says the rest.
  const names = await readdir(folder).catch(() => ['unknown']);
  return names.length === 0;
}

/** Refuses data that is no PostgreSQL's, or another major version's. */
export async function checkVersion(data: string): Promise<void> {
  const text = await readFile(join(data, 'PG_VERSION'), 'utf8').catch(() => '');
  const version = text.trim();
  if (version === MAJOR_VERSION) return;
  const what = version === '' ? 'no database' : `a database of PostgreSQL ${version}`;
  throw new EmbeddedPostgresError(
    `${data} holds ${what}, and this release needs one of PostgreSQL ${MAJOR_VERSION}: ` +
      `move the folder away, or ${USE_A_SERVER}`,
  );
}

/**
 * Makes the data in a folder of its own and renames it into place, so that whatever is in place
 * is whole; of two starts at once the slower one takes what the faster has made.
 */
export async function createCluster(options: ClusterOptions): Promise<string> {
  const { dataDir, account, log } = options;
  log('preparing the database (first start only)…');
  const place = join(dataDir, 'postgres');
  const direct = await canReach(dataDir, account);
  const home = direct ? dataDir : SHARED_FOLDER;
  await makeTraversable(home, 0o755);
  const staging = await makeStaging(home, 'postgres');
  try {
    await initialise(staging, options);
    const fresh = join(staging, 'data');
    if (direct) await moveIntoPlace(fresh, place);
    else await linkIntoPlace(fresh, place, log);
  } finally {
    await discard(staging);
  }
  await syncFolder(dataDir);
  return realpath(place);
}

async function moveIntoPlace(fresh: string, place: string): Promise<void> {
  await rename(fresh, place).catch(unlessTaken);
}

/** For data that PostgreSQL's user could not reach inside the data folder. */
async function linkIntoPlace(fresh: string, place: string, log: (line: string) => void) {
  const real = join(SHARED_FOLDER, randomName());
  await rename(fresh, real);
  await syncFolder(SHARED_FOLDER);
  try {
    await rmdir(place).catch(() => {});
    await symlink(real, place);
    log(`the data is kept in ${real}, because ${place} is closed to PostgreSQL's user`);
  } catch (error) {
    await discard(real);
    unlessTaken(error);
  }
}

function unlessTaken(error: unknown): void {
  if (!isTaken(error)) throw error;
}

async function initialise(staging: string, { account, initdb, password, log }: ClusterOptions) {
  const data = join(staging, 'data');
  const passwordFile = join(staging, 'password');
  await mkdir(data, { mode: 0o700 });
  await writeWhole(passwordFile, password);
  if (account !== null) {
    for (const path of [data, passwordFile, staging]) {
      await chown(path, account.uid, account.gid);
    }
  }
  const args = [
    `--pgdata=${data}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--locale=C.UTF-8',
    '--no-instructions',
  ];
  const { ok, output } = await withProgress(
    log,
    'still preparing the database',
    runToEnd(initdb, args, account),
  );
  if (!ok) throw new Error(`initdb failed:\n${output}`);
}
