import { authenticator } from '../../src/access/authenticate.ts';
import { newApiKey } from '../../src/access/key-format.ts';
import { insertApiKey } from '../../src/access/store.ts';
import { createApp } from '../../src/app.ts';
import type { Service } from '../../src/http/service.ts';
import { openDatabase } from '../../src/platform/database.node.ts';
import type { Database } from '../../src/platform/database.ts';
import { sha256Hex } from '../../src/platform/hashes.ts';
import { silentLog } from '../../src/platform/log.ts';
import { noMetrics } from '../../src/platform/metrics.ts';
import { nodeSmartTapPrimitives } from '../../src/platform/smart-tap-primitives.node.ts';
import { pollingBells } from '../../src/terminals/bells.ts';
import { createTestDatabase } from './database.ts';

export const ROOT_KEY = 'root-key-of-the-tests';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** As parsed and unchecked: a test looks into answers of every shape. */
  readonly body: ReturnType<typeof JSON.parse>;
}

export interface WalletApi {
  readonly database: Database;
  /** Calls `/walletobjects/v1<path>`; as root, unless a key or null for nobody is given. */
  call(method: string, path: string, body?: unknown, options?: CallOptions): Promise<Answer>;
  /** Any path, with the body as it is written. */
  raw(method: string, path: string, init?: RequestInit): Promise<Answer>;
  /** An issuer of this id with a collector ID and no keys, and an API key of it. */
  issuer(id: string, scopes?: readonly string[]): Promise<string>;
  stop(): Promise<void>;
}

export interface CallOptions {
  readonly key?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The whole app over a database of its own, spoken to without a socket. */
export async function startWalletApi(): Promise<WalletApi> {
  const { url, drop } = await createTestDatabase();
  const database = openDatabase({ connectionString: url, max: 8 });
  const app = createApp(serviceOver(database));

  async function raw(method: string, path: string, init: RequestInit = {}): Promise<Answer> {
    const response = await app.request(path, { method, ...init });
    const text = await response.text();
    const body = text === '' ? null : JSON.parse(text);
    return { status: response.status, headers: response.headers, body };
  }

  const call: WalletApi['call'] = (method, path, body, { key = ROOT_KEY, headers = {} } = {}) =>
    raw(method, `/walletobjects/v1${path}`, {
      headers: {
        ...(key !== null && { Authorization: `Bearer ${key}` }),
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });

  async function issuer(id: string, scopes: readonly string[] = ['*']): Promise<string> {
    await call('POST', '/issuer', { issuerId: id, name: `Issuer ${id}` });
    return giveKey(database, id, scopes);
  }

  const stop = async () => {
    await database.close();
    await drop();
  };
  return { database, call, raw, issuer, stop };
}

/** An API key of that issuer. */
export async function giveKey(
  database: Database,
  issuerId: string,
  scopes: readonly string[],
): Promise<string> {
  const { id, mode, secret, key } = newApiKey('test');
  const secretSha256 = sha256Hex(secret);
  const lastFour = key.slice(-4);
  const row = { id, issuerId, mode, scopes, secretSha256, lastFour, expiresAt: null };
  await database.transact((tx) => insertApiKey(tx, row));
  return key;
}

/** What the routes stand on, over that database and nothing else. */
export function serviceOver(database: Database): Service {
  return {
    database,
    origin: 'http://tapline.test',
    authenticate: authenticator(database.reads, ROOT_KEY, 0),
    authenticateTill: async () => null,
    claimDesk: {
      submit: () => Promise.reject(new Error('no claims in this test')),
      close: async () => {},
    },
    outboxRang: () => {},
    sealer: null,
    codeSender: null,
    signInProvider: null,
    bells: pollingBells(100),
    closing: new AbortController().signal,
    smartTap: nodeSmartTapPrimitives,
    log: silentLog,
    metrics: noMetrics,
    readiness: async () => ({}),
    metricsText: null,
  };
}
