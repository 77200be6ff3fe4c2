import { resolve } from 'node:path';
import { findCluster, SUPERUSER } from './cluster.node.ts';
import { readOrMakePassword } from './password.node.ts';
import { findPostmaster } from './postmaster.node.ts';
import { urlOf } from './start-embedded-postgres.node.ts';

/** The URL of the PostgreSQL that another process runs in a data folder; null when none does. */
export async function findRunningPostgres(dataDir: string): Promise<string | null> {
  const folder = resolve(dataDir);
  const data = await findCluster(folder);
  const postmaster = data === null ? null : await findPostmaster(data);
  if (postmaster === null || postmaster.port === null || !postmaster.isReady) return null;
  return urlOf(postmaster.port, await readOrMakePassword(folder, false), SUPERUSER);
}
