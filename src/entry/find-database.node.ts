import { findRunningPostgres } from '../platform/embedded/running-postgres.node.ts';
import { openResources } from './resources.node.ts';
import type { ProcessContext } from './start.ts';

/** A server, the embedded database while a service runs on it, or else started for this. */
export async function findDatabase(context: ProcessContext) {
  const { databaseUrl, dataDir } = context.config;
  const running = databaseUrl ?? (await findRunningPostgres(dataDir));
  if (running !== null) return { url: running, release: async () => {} };
  const resources = await openResources(context);
  return { url: resources.databaseUrl, release: resources.release };
}
