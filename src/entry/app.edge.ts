import { authenticator } from '../access/authenticate.ts';
import { createApp } from '../app.ts';
import { openPollingDesk } from '../claims/polling-desk.ts';
import { ConfigError, readConfig } from '../platform/config.ts';
import type { Database } from '../platform/database.ts';
import { openDatabaseSlot } from '../platform/database-slot.ts';
import { openLog } from '../platform/log.edge.ts';
import { noMetrics } from '../platform/metrics.ts';
import { sealerOf } from '../platform/sealing.ts';
import { workersAlive } from '../queue/beat-store.ts';
import { noblePrimitives } from '../smarttap/index.ts';
import { tillAuthenticator } from '../terminals/authenticate-till.ts';
import { pollingBells } from '../terminals/bells.ts';

/** How often a live line looks for events: nobody can be called at the edge. */
const BELL_MS = 500;

/** The settings that the edge knows; wrangler.toml says what each is for. */
export interface EdgeSettings {
  readonly PUBLIC_ORIGIN?: string;
  readonly TAPLINE_ROOT_KEY?: string;
  readonly TAPLINE_SECRET_KEY?: string;
}

/** The API without its database, which every request brings along. */
export interface EdgeApp {
  /** Serves one request; the next one only when this one's answer has ended. */
  serve(request: Request, database: Database): Promise<ServedRequest>;
}

export interface ServedRequest {
  readonly response: Response;
  /** When the app and the database are free again: an answer may be made while it is read. */
  readonly ended: Promise<void>;
}

/** @throws ConfigError that names the setting and what it must be */
export function createEdgeApp(settings: EdgeSettings): EdgeApp {
  const { publicOrigin, rootKey, secretKey } = readConfig({ ...settings });
  if (publicOrigin === null) throw new ConfigError('PUBLIC_ORIGIN must be set');
  const database = openDatabaseSlot();
  const app = createApp({
    database,
    origin: publicOrigin,
    // An isolate may live for a second or a day, so it remembers no key.
    authenticate: authenticator(database.reads, rootKey, 0),
    authenticateTill: tillAuthenticator(database.reads, 0),
    claimDesk: openPollingDesk(database),
    // The workers look by themselves.
    outboxRang: () => {},
    sealer: secretKey === null ? null : sealerOf(secretKey),
    codeSender: null,
    signInProvider: null,
    bells: pollingBells(BELL_MS),
    // A signal belongs to the request that made it, and this app serves many.
    closing: null,
    smartTap: noblePrimitives,
    log: openLog(),
    metrics: noMetrics,
    readiness: () => readiness(database),
    metricsText: null,
  });
  return {
    serve: async (request, own) => {
      const release = database.fill(own);
      const lasting: Promise<void>[] = [];
      const answerLasts = (ended: Promise<void>) => void lasting.push(ended);
      try {
        const letGo = () => own.close();
        const response = await app.fetch(request, { answerLasts, letGo });
        return { response, ended: Promise.all(lasting).then(release) };
      } catch (error) {
        release();
        throw error;
      }
    },
  };
}

/** The edge hands nothing to the queue; whether the workers reach it shows in their heartbeat. */
async function readiness({ reads }: Database) {
  const alive = await workersAlive(reads).catch(() => null);
  return { database: alive !== null, workers: alive === true };
}
