import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CONFIG = fileURLToPath(new URL('../../wrangler.toml', import.meta.url));

const LOCAL = {
  remote: false,
  persist: false,
  watch: false,
  inspector: false,
  logLevel: 'none',
  server: { hostname: '127.0.0.1', port: 0 },
} as const;

type StartedWorker = Awaited<ReturnType<typeof import('wrangler')['unstable_startWorker']>>;

export interface EdgeWorker {
  readonly url: string;
  stop(): Promise<void>;
}

export interface EdgeWorkerOptions {
  readonly databaseUrl: string;
  readonly origin: string;
  readonly rootKey: string;
  /** Connects without wrangler's stand-in for Hyperdrive, which dies when a connection is reset. */
  readonly directly?: boolean;
}

/** The edge entry in workerd, as `wrangler dev` runs it, without a network or a home folder. */
export async function startEdgeWorker(options: EdgeWorkerOptions): Promise<EdgeWorker> {
  const home = await mkdtemp(join(tmpdir(), 'tapline-wrangler-'));
  Object.assign(process.env, wranglerEnvironment(home));
  const { unstable_startWorker: startWorker } = await import('wrangler');
  const worker = await startWorker({
    config: CONFIG,
    sendMetrics: false,
    envFiles: [],
    bindings: {
      PUBLIC_ORIGIN: { type: 'plain_text', value: options.origin },
      TAPLINE_ROOT_KEY: { type: 'secret_text', value: options.rootKey },
      HYPERDRIVE: options.directly
        ? { type: 'json', value: { connectionString: options.databaseUrl } }
        : { type: 'hyperdrive', id: 'test', localConnectionString: options.databaseUrl },
    },
    dev: LOCAL,
  });
  return running(worker, home);
}

async function running(worker: StartedWorker, home: string): Promise<EdgeWorker> {
  const { origin: url } = await worker.url;
  return {
    url,
    stop: async () => {
      await worker.dispose();
      await rm(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
}

/** A script of our own in workerd, with nothing of Node's about it. */
export async function startPlainWorker(script: URL): Promise<EdgeWorker> {
  const home = await mkdtemp(join(tmpdir(), 'tapline-wrangler-'));
  Object.assign(process.env, wranglerEnvironment(home));
  const { unstable_startWorker: startWorker } = await import('wrangler');
  const worker = await startWorker({
    name: 'plain',
    entrypoint: fileURLToPath(script),
    compatibilityDate: '2026-04-01',
    sendMetrics: false,
    envFiles: [],
    dev: LOCAL,
  });
  return running(worker, home);
}

/** Keeps wrangler from the network and from the home folder, which may be missing. */
export function wranglerEnvironment(home: string): Record<string, string> {
  return {
    XDG_CONFIG_HOME: home,
    WRANGLER_HOME: home,
    WRANGLER_LOG_PATH: join(home, 'logs'),
    WRANGLER_REGISTRY_PATH: join(home, 'registry'),
    WRANGLER_SEND_METRICS: 'false',
    WRANGLER_SEND_ERROR_REPORTS: 'false',
    CLOUDFLARE_CF_FETCH_ENABLED: 'false',
    CI: 'true',
  };
}
