import pg from 'pg';
import { type Api, startApi } from '../../src/entry/api.node.ts';
import type { Resources } from '../../src/entry/resources.node.ts';
import type { CodeSender } from '../../src/members/code-sender.ts';
import type { SignInProvider } from '../../src/members/sign-in-provider.ts';
import { logChannel } from '../../src/notices/log-channel.ts';
import type { NoticeChannels } from '../../src/notices/model.ts';
import { openDatabase } from '../../src/platform/database.node.ts';
import type { Database } from '../../src/platform/database.ts';
import { silentLog } from '../../src/platform/log.ts';
import { openMetrics } from '../../src/platform/metrics.node.ts';
import { noMetrics } from '../../src/platform/metrics.ts';
import type { Sealer } from '../../src/platform/sealing.ts';
import type { QueuePlace } from '../../src/queue/place.node.ts';
import { type RunningWorkers, startWorkers } from '../../workers/start.ts';
import { createTestDatabase } from './database.ts';
import { SEALER } from './sealer.ts';
import { type Client, clientOf } from './service-client.ts';

export const ROOT_KEY = 'root-key-of-the-tests';
/** What `aud` names, for all API instances of a test. */
export const ORIGIN = 'https://tapline.test';

export interface TestService {
  /** One for each API instance. */
  readonly urls: readonly string[];
  readonly databaseUrl: string;
  readonly queuePlace: QueuePlace;
  /** The database as workers and verbs see it. */
  readonly database: Database;
  readonly root: Client;
  readonly nobody: Client;
  /** Calls as the holder of that key, at one of the API instances. */
  as(key: string | null, instance?: number): Client;
  sql<Row extends pg.QueryResultRow>(statement: string, values?: unknown[]): Promise<Row[]>;
  /** A fingerprint of every row of every table, but for what workers write by the clock. */
  everything(): Promise<Record<string, string>>;
  stopWorkers(): Promise<void>;
  stop(): Promise<void>;
}

export interface TestServiceOptions {
  readonly instances?: number;
  readonly workers?: boolean;
  /** How workers send notices; into a silent log unless a test looks at them. */
  readonly channels?: (database: Database) => NoticeChannels;
  /** Null: the service keeps no secrets. */
  readonly sealer?: Sealer | null;
  /** Brings one-time codes; without one nobody joins by phone. */
  readonly codeSender?: CodeSender;
  /** Where members sign in by OpenID Connect. */
  readonly signInProvider?: SignInProvider;
  /** Known to the world by the address where it listens, as browsers want it. */
  readonly ownOrigin?: boolean;
}

/** API and workers in this process, on a database of their own, spoken to over HTTP. */
export async function startTestService({
  instances = 1,
  workers: withWorkers = true,
  channels = () => ({ log: logChannel(silentLog) }),
  sealer = SEALER,
  codeSender,
  signInProvider,
  ownOrigin = false,
}: TestServiceOptions = {}): Promise<TestService> {
  const { url: databaseUrl, drop } = await createTestDatabase();
  const queuePlace: QueuePlace = { kind: 'postgres', connectionString: databaseUrl };
  const database = openDatabase({ connectionString: databaseUrl, max: 8 });
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 4 });
  pool.on('error', () => {});
  let workers: RunningWorkers | null = null;
  if (withWorkers) {
    const context = { database, log: silentLog, metrics: noMetrics, channels: channels(database) };
    workers = await startWorkers(context, queuePlace);
  }
  const apis: Api[] = [];
  for (let instance = 0; instance < instances; instance++) {
    const resources = { databaseUrl, queuePlace, sealer, release: async () => {} };
    const outboxRang = () => workers?.relayNow();
    apis.push(
      await startInstance(resources, { outboxRang, codeSender, signInProvider, ownOrigin }),
    );
  }
  const urls = apis.map(({ url }) => url);
  const as = (key: string | null, instance = 0) => clientOf(urls[instance] ?? '', key);
  const sql: TestService['sql'] = async (statement, values = []) =>
    (await pool.query(statement, values)).rows;
  const stopWorkers = async () => {
    await workers?.stop();
    workers = null;
  };
  return {
    urls,
    databaseUrl,
    queuePlace,
    database,
    root: as(ROOT_KEY),
    nobody: as(null),
    as,
    sql,
    everything: () => everything(sql),
    stopWorkers,
    stop: async () => {
      await Promise.all(apis.map((api) => api.stop()));
      await stopWorkers();
      await Promise.all([database.close(), pool.end()]);
      await drop();
    },
  };
}

interface InstanceOptions {
  readonly outboxRang: () => void;
  readonly codeSender: CodeSender | undefined;
  readonly signInProvider: SignInProvider | undefined;
  readonly ownOrigin: boolean;
}

function startInstance(resources: Resources, options: InstanceOptions): Promise<Api> {
  const { outboxRang, codeSender, signInProvider, ownOrigin } = options;
  return startApi({
    config: {
      port: 0,
      host: '127.0.0.1',
      publicOrigin: ownOrigin ? null : ORIGIN,
      databaseUrl: resources.databaseUrl,
      dataDir: '',
      redisUrl: null,
      rootKey: ROOT_KEY,
      secretKey: null,
      mail: null,
      codes: null,
      signIn: null,
    },
    resources,
    log: silentLog,
    metrics: openMetrics(),
    outboxRang,
    ...(codeSender !== undefined && { codeSender }),
    ...(signInProvider !== undefined && { signInProvider }),
  });
}

/** The heartbeat, and what is made of audit entries, which themselves are looked at. */
const BY_THE_CLOCK = [
  'worker_beats',
  'audit_seals',
  'audit_gaps',
  'audit_heads',
  'coupon_numbers',
  'coupon_totals',
];

async function everything(sql: TestService['sql']): Promise<Record<string, string>> {
  const tables = await sql<{ name: string }>(
    `select table_name as name from information_schema.tables
      where table_schema = 'public' and table_type = 'BASE TABLE' and table_name <> all ($1)`,
    [BY_THE_CLOCK],
  );
  const counts = tables.map(
    ({ name }) =>
      `select '${name}' as name, count(*) || ' rows ' || coalesce(md5(string_agg(r::text, ',' order by r::text)), '') as print from ${name} r`,
  );
  const rows = await sql<{ name: string; print: string }>(counts.join(' union all '));
  return Object.fromEntries(rows.map(({ name, print }) => [name, print]));
}
