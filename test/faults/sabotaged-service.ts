import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import pg from 'pg';
import { createApp } from '../../src/app.ts';
import { openBatchingDesk } from '../../src/claims/batching-desk.ts';
import type { ClaimDesk } from '../../src/claims/desk.ts';
import { drainBatch } from '../../src/claims/drain.ts';
import { lanesWithOldClaims } from '../../src/claims/store.ts';
import { openDatabase } from '../../src/platform/database.node.ts';
import type { Database } from '../../src/platform/database.ts';
import { pause } from '../../src/platform/pause.ts';
import { createTestDatabase } from '../support/database.ts';
import { openSabotage, type Sabotage } from '../support/sabotage.ts';
import { ORIGIN, ROOT_KEY, type TestService } from '../support/service.ts';
import { clientOf } from '../support/service-client.ts';
import { serviceOver } from '../support/wallet-api.ts';
import { World } from '../support/world.ts';

/** The service in this process, in which any call may go wrong: of the API and of its workers. */
export interface SabotagedService
  extends Pick<TestService, 'root' | 'nobody' | 'as' | 'sql' | 'stop'> {
  readonly sabotage: Sabotage;
  readonly world: World;
  /** Its database, through which calls are counted. */
  readonly database: Database;
}

/** A claim that waits longer has lost its bell or its worker. */
const OLD_CLAIM_SECONDS = 0.02;
const LOOK_MS = 5;

export async function startSabotagedService(): Promise<SabotagedService> {
  const { url: databaseUrl, drop } = await createTestDatabase();
  const sabotage = openSabotage();
  const plain = openDatabase({ connectionString: databaseUrl, max: 8 });
  const database = sabotage.over(plain);
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  const claimDesk = await openBatchingDesk({
    database,
    intake: database,
    ring: (lane) => sabotage.around('ring', () => decide(database, lane)),
    onDecided: async () => async () => {},
    pollMilliseconds: LOOK_MS,
  });
  const stopSweep = startSweep(plain);
  const server = await serve(appOver(database, claimDesk, sabotage));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const as = (key: string | null) => clientOf(url, key);
  const root = as(ROOT_KEY);
  return {
    sabotage,
    world: new World({ root, as }),
    database,
    root,
    nobody: as(null),
    as,
    sql: async (statement, values = []) => (await pool.query(statement, values)).rows,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await stopSweep();
      await claimDesk.close();
      await Promise.all([plain.close(), pool.end()]);
      await drop();
    },
  };
}

function appOver(database: Database, claimDesk: ClaimDesk, sabotage: Sabotage) {
  const outboxRang = () => sabotage.at('outbox bell');
  return createApp({ ...serviceOver(database), origin: ORIGIN, claimDesk, outboxRang });
}

async function serve(app: ReturnType<typeof createApp>): Promise<Server> {
  const server = createServer(getRequestListener(app.fetch));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return server;
}

async function decide(database: Database, lane: number): Promise<void> {
  while ((await drainBatch(database, lane)).size > 0);
}

/** What the workers' sweep does: finds the claims that were left, where nothing goes wrong. */
function startSweep(database: Database): () => Promise<void> {
  let stopped = false;
  const ended = (async () => {
    while (!stopped) {
      const lanes = await lanesWithOldClaims(database.reads, OLD_CLAIM_SECONDS);
      for (const lane of lanes) await decide(database, lane);
      await pause(LOOK_MS);
    }
  })();
  return () => {
    stopped = true;
    return ended;
  };
}
