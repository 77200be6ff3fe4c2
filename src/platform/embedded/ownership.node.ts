import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { isConnectionLoss, sqlState } from '../transact.ts';
import { EmbeddedPostgresError, FolderInUseError } from './errors.node.ts';
import { hasEnded, type Postmaster, stopPostmaster } from './postmaster.node.ts';

/**
 * Who owns a data folder: the one process whose session holds this advisory lock in the folder's
 * own PostgreSQL. The lock goes with the process however it ends, and no file can be left behind.
 */
const OWNER_LOCK = '(1952542828, 1)';

/** How long a lock may be held by the session of a process that was killed a moment ago. */
const HELD_MS = 2_000;
/** Whoever started a PostgreSQL has this long to lock it before it counts as left behind. */
const YOUNG_SECONDS = 3;
const YOUNG_PATIENCE_MS = 5_000;

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'tapline-owner',
    connectionTimeoutMillis: 10_000,
    options: '-c idle_session_timeout=0 -c statement_timeout=0',
  });
  // Its end is noticed by the 'end' event; without a listener the error ends the process.
  client.on('error', () => {});
  await client.connect();
  return client;
}

/** The session that owns the folder from now on; null when another process owns it. */
export async function claim(url: string): Promise<pg.Client | null> {
  const client = await connect(url);
  if (await tryLock(client)) return client;
  await client.end();
  return null;
}

async function tryLock(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>(
    `select pg_try_advisory_lock${OWNER_LOCK} as locked`,
  );
  return rows[0]?.locked === true;
}

export interface Keeping {
  readonly client: pg.Client;
  readonly url: string;
  readonly dataDir: string;
  readonly log: (line: string) => void;
  readonly onLost: (error: Error) => void;
}

/**
 * Holds the ownership. When its session breaks, as all do when one backend crashes, another takes
 * the lock again; only a lock that another process has got meanwhile is a loss. Returns the end.
 */
export function keepOwnership({ client, url, dataDir, log, onLost }: Keeping): () => Promise<void> {
  let current = client;
  let ended = false;
  const watch = () => current.once('end', () => void retake());
  async function retake() {
    let lastTry = Date.now() + HELD_MS;
    while (!ended) {
      const next = await claim(url).catch(() => 'unreachable' as const);
      if (next === 'unreachable') lastTry = Date.now() + HELD_MS;
      else if (next !== null) {
        current = next;
        if (ended) return void current.end().catch(() => {});
        log('the session that owns the data folder broke and was opened again');
        return watch();
      } else if (Date.now() > lastTry) return onLost(new FolderInUseError(dataDir));
      await pause(200);
    }
  }
  watch();
  return async () => {
    ended = true;
    await current.end().catch(() => {});
  };
}

/**
 * Looks at a PostgreSQL on this folder that this process has not started. Throws FolderInUseError
 * when a living process owns it; stops it when its owner was killed. Otherwise returns for
 * another look.
 */
export async function settleWith(
  postmaster: Postmaster,
  folder: { dataDir: string; data: string; url: string; log: (line: string) => void },
): Promise<void> {
  const client = await connect(folder.url).catch(notYet);
  if (client === null) return;
  try {
    if (!(await isServerOf(client, folder.data))) return;
    if (!(await takeFromTheDead(client))) throw new FolderInUseError(folder.dataDir);
    folder.log('stopping the database that a killed Tapline left running…');
    await stopPostmaster(postmaster.pid, () => hasEnded(postmaster.pid, folder.data));
  } catch (error) {
    if (!isConnectionLoss(error)) throw error;
  } finally {
    await client.end().catch(() => {});
  }
}

/** Null while it starts or shuts down, or has gone. */
function notYet(error: unknown): null {
  if (!sqlState(error)?.startsWith('28')) return null;
  throw new EmbeddedPostgresError(
    'the running database does not accept the password beside it: stop it and start again',
    { cause: error },
  );
}

async function isServerOf(client: pg.Client, data: string): Promise<boolean> {
  const { rows } = await client.query<{ data: string }>(
    `select current_setting('data_directory') as data`,
  );
  return rows[0]?.data === data;
}

async function takeFromTheDead(client: pg.Client): Promise<boolean> {
  const began = Date.now();
  let heldSince = began;
  for (;;) {
    const { isHeld, isYoung } = await look(client);
    if (!isHeld) heldSince = Date.now();
    else if (Date.now() - heldSince > HELD_MS) return false;
    const mayTry = !isYoung || Date.now() - began > YOUNG_PATIENCE_MS;
    if (!isHeld && mayTry && (await tryLock(client))) return true;
    await pause(100);
  }
}

async function look(client: pg.Client): Promise<{ isHeld: boolean; isYoung: boolean }> {
  const { rows } = await client.query<{ isHeld: boolean; isYoung: boolean }>(
    `select
       exists (select from pg_locks
         where locktype = 'advisory' and granted and (classid, objid) = ${OWNER_LOCK}
           and database = (select oid from pg_database where datname = current_database())
       ) as "isHeld",
       clock_timestamp() - pg_postmaster_start_time() < interval '${YOUNG_SECONDS} s' as "isYoung"`,
  );
  return rows[0] ?? { isHeld: true, isYoung: true };
}
