import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { isConnectionLoss } from '../transact.ts';
import { accountFor, canReach } from './account.node.ts';
import { prepareBinaries } from './binaries.node.ts';
import { checkVersion, createCluster, findCluster, SUPERUSER } from './cluster.node.ts';
import { EmbeddedPostgresError, inPlainWords, USE_A_SERVER } from './errors.node.ts';
import { claim, keepOwnership, settleWith } from './ownership.node.ts';
import { readOrMakePassword } from './password.node.ts';
import { findPostmaster } from './postmaster.node.ts';
import { type LaunchOptions, launch, type Server } from './server.node.ts';
import { makeTraversable, removeAbandoned, SHARED_FOLDER } from './staging.node.ts';

export interface EmbeddedPostgresOptions {
  /** Keeps everything of it; made when missing. */
  readonly dataDir: string;
  readonly log: (line: string) => void;
  /** More settings of postgresql.conf, or other values for ours. */
  readonly settings?: Readonly<Record<string, string>>;
  /**
   * Called once when the database is lost while it should run: its process has ended, or another
   * Tapline owns the folder. The service should then end. A broken owner session alone is opened
   * again without a call. By default it is logged.
   */
  readonly onLost?: (error: Error) => void;
}

export interface EmbeddedPostgres {
  readonly url: string;
  /** Fast shutdown; resolves when the process has ended. */
  stop(): Promise<void>;
}

/** Starts the PostgreSQL of a data folder, and makes it when this is the first start. */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir);
  try {
    const { folder, password } = await prepareFolder(dataDir, options);
    const owned = await ownServer(folder, password);
    return await open(owned, folder, password, options);
  } catch (error) {
    throw inPlainWords(error, dataDir);
  }
}

type Folder = LaunchOptions;
type Owned = { readonly server: Server; readonly client: pg.Client };

async function prepareFolder(dataDir: string, { log, settings = {} }: EmbeddedPostgresOptions) {
  await makeTraversable(dataDir, 0o711);
  for (const parent of [dataDir, SHARED_FOLDER]) await removeAbandoned(parent);
  const existing = await findCluster(dataDir);
  const account = await accountFor(existing);
  if (existing !== null && !(await canReach(existing, account))) throw unreachable(existing);
  const { initdb, postgres } = await prepareBinaries({ dataDir, account, log });
  const password = await readOrMakePassword(dataDir, existing === null);
  const data = existing ?? (await createCluster({ dataDir, account, initdb, password, log }));
  await checkVersion(data);
  return { folder: { dataDir, data, postgres, account, settings, log }, password };
}

function unreachable(data: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    `${data} lies in a folder that is closed to PostgreSQL's user: ` +
      `open it with chmod a+x, move the data, or ${USE_A_SERVER}`,
  );
}

const ANSWER_MS = 60_000;

/** A server of our own that this process owns, after whatever still runs on the folder. */
async function ownServer(folder: Folder, password: string): Promise<Owned> {
  const deadline = Date.now() + ANSWER_MS;
  while (Date.now() < deadline) {
    const postmaster = await findPostmaster(folder.data);
    if (postmaster === null) {
      const owned = await launchAndClaim(folder, password);
      if (owned !== null) return owned;
    } else if (postmaster.port !== null) {
      const url = urlOf(postmaster.port, password, 'postgres');
      await settleWith(postmaster, { ...folder, url });
    }
    await pause(100);
  }
  throw new EmbeddedPostgresError(
    `a PostgreSQL that does not answer holds ${folder.data}: see ${folder.dataDir}/postgres.log`,
  );
}

async function launchAndClaim(folder: Folder, password: string): Promise<Owned | null> {
  const server = await launch(folder);
  if (server === null) return null;
  try {
    const client = await claim(urlOf(server.port, password, 'postgres'));
    if (client !== null) return { server, client };
    // Another start took our server for one left behind: it will stop it and run its own.
    server.abandon();
  } catch (error) {
    await server.stop();
    if (!isConnectionLoss(error)) throw error;
  }
  return null;
}

async function open(
  { server, client }: Owned,
  { dataDir, log }: Folder,
  password: string,
  { onLost }: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  let isOver = false;
  const lost = (error: Error) => {
    if (isOver) return;
    isOver = true;
    if (onLost) onLost(error);
    else log(error.message);
  };
  const url = urlOf(server.port, password, 'postgres');
  const release = keepOwnership({ client, url, dataDir, log, onLost: lost });
  const stop = async () => {
    isOver = true;
    const released = release();
    await server.stop();
    await released;
  };
  try {
    await ensureDatabase(client);
  } catch (error) {
    await stop();
    throw error;
  }
  void server.exited.then(() => {
    void release();
    lost(new EmbeddedPostgresError(`the database ended: see ${join(dataDir, 'postgres.log')}`));
  });
  let stopping: Promise<void> | null = null;
  return {
    url: urlOf(server.port, password, SUPERUSER),
    stop: () => (stopping ??= stop()),
  };
}

async function ensureDatabase(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query('select from pg_database where datname = $1', [
    SUPERUSER,
  ]);
  if (rowCount === 0) await client.query(`create database ${SUPERUSER}`);
}

export function urlOf(port: number, password: string, database: string): string {
  // Said outright, so that a PGSSLMODE in the environment changes nothing.
  return `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/${database}?sslmode=disable`;
}
