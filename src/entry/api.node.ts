import { setMaxListeners } from 'node:events';
import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { authenticator } from '../access/authenticate.ts';
import { createApp } from '../app.ts';
import { openBatchingDesk } from '../claims/batching-desk.ts';
import type { Service } from '../http/service.ts';
import type { CodeSender } from '../members/code-sender.ts';
import type { SignInProvider } from '../members/sign-in-provider.ts';
import type { Config } from '../platform/config.ts';
import { openDatabase } from '../platform/database.node.ts';
import type { Database } from '../platform/database.ts';
import type { Log } from '../platform/log.ts';
import type { ProcessMetrics } from '../platform/metrics.node.ts';
import { nodeSmartTapPrimitives } from '../platform/smart-tap-primitives.node.ts';
import { listen } from '../platform/wake-channel.node.ts';
import { workersAlive } from '../queue/beat-store.ts';
import { countParkedJobs } from '../queue/outbox-store.ts';
import { openQueues } from '../queue/queue.node.ts';
import { tillAuthenticator } from '../terminals/authenticate-till.ts';
import { rungBells } from '../terminals/bells.ts';
import { bundleAssets } from '../web/assets.node.ts';
import { webRoutes } from '../web/routes.ts';
import { openCodeSender } from './code-senders.node.ts';
import { answerHttpErrors, answerUnreadable } from './http-errors.node.ts';
import { listenOn } from './listen.node.ts';
import type { Resources } from './resources.node.ts';
import { signInProviderOf } from './sign-in.node.ts';

/** How long a revoked API key or an unpaired till may still be taken; the promise is 5 seconds. */
const KEY_STALE_MS = 2000;
/** How often waiting claims are looked at without a call. */
const POLL_MS = 250;
/** How often a live line looks without a call; with KEY_STALE_MS before it, within 5 seconds. */
const LOOK_MS = 2500;

export interface Api {
  /** Where it listens. */
  readonly url: string;
  readonly origin: string;
  stop(): Promise<void>;
}

export interface ApiOptions {
  readonly config: Config;
  readonly resources: Resources;
  readonly log: Log;
  readonly metrics: ProcessMetrics;
  readonly outboxRang: () => void;
  readonly codeSender?: CodeSender;
  readonly signInProvider?: SignInProvider;
}

/** Starts the HTTP side: everything but the workers. */
export async function startApi(options: ApiOptions): Promise<Api> {
  const { config, resources, log, metrics } = options;
  const { databaseUrl: connectionString } = resources;
  // Before anything listens: whoever connects then must find somebody who answers.
  const assets = await bundleAssets();
  const database = openDatabase({ connectionString, applicationName: 'tapline-api' });
  const intake = openDatabase({
    connectionString,
    max: 2,
    applicationName: 'tapline-intake',
    synchronousCommit: 'off',
  });
  const queues = openQueues(resources.queuePlace);
  const claimDesk = await openBatchingDesk({
    database,
    intake,
    ring: queues.ringClaims,
    onDecided: (callback) => listen(connectionString, 'claims_decided', callback, log),
    pollMilliseconds: POLL_MS,
  });
  const bells = rungBells(LOOK_MS);
  const stopListening = await listen(connectionString, 'terminal_events', bells.ring, log);
  const closing = new AbortController();
  // As many as there are live lines.
  setMaxListeners(0, closing.signal);
  const close = async () => {
    await stopListening();
    await claimDesk.close();
    await queues.close();
    await Promise.all([intake.close(), database.close()]);
  };
  // Without a Host Node would answer by itself, and not with a problem.
  const server = createServer({ requireHostHeader: false });
  const { port } = await listenOn(server, config).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  const origin = config.publicOrigin ?? `http://localhost:${port}`;
  const service: Service = {
    database,
    origin,
    authenticate: authenticator(database.reads, config.rootKey, KEY_STALE_MS),
    authenticateTill: tillAuthenticator(database.reads, KEY_STALE_MS),
    claimDesk,
    outboxRang: options.outboxRang,
    sealer: resources.sealer,
    codeSender: options.codeSender ?? openCodeSender(config, log),
    signInProvider: options.signInProvider ?? signInProviderOf(config, log),
    bells,
    closing: closing.signal,
    smartTap: nodeSmartTapPrimitives,
    log,
    metrics,
    readiness: () => readiness(database, queues.ready),
    metricsText: () => metricsText(database, metrics),
  };
  const pages = webRoutes(service, assets);
  serve(server, createApp(service, pages).fetch);
  return {
    url: `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`,
    origin,
    stop: async () => {
      closing.abort();
      await closeServer(server);
      await close();
    },
  };
}

function serve(server: Server, fetch: (request: Request) => Response | Promise<Response>): void {
  server.on('request', getRequestListener(fetch, { errorHandler: answerUnreadable }));
  answerHttpErrors(server);
}

/** Takes no new connection, lets the running requests finish, then closes. */
async function closeServer(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  // A connection whose last request was running is idle only later.
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  const late = setTimeout(() => server.closeAllConnections(), 8000);
  await closed;
  clearInterval(idle);
  clearTimeout(late);
}

async function readiness(database: Database, queueReady: () => Promise<boolean>) {
  const workers = workersAlive(database.reads).catch(() => null);
  const queue = queueReady();
  return {
    database: (await workers) !== null,
    queue: await queue,
    workers: (await workers) === true,
  };
}

/** Jobs are parked in the database, so they are counted when somebody asks, while it answers. */
async function metricsText({ reads }: Database, metrics: ProcessMetrics): Promise<string> {
  await countParkedJobs(reads).then(metrics.parkedJobs, () => {});
  return metrics.text();
}
