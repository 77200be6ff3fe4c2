import { setTimeout as pause } from 'node:timers/promises';
import { drizzle } from 'drizzle-orm/postgres-js';
import { sql as text } from 'drizzle-orm/sql';
import postgres from 'postgres';
import { openEdgeDatabase } from '../../src/platform/database.edge.ts';
import { openDatabase } from '../../src/platform/database.node.ts';
import { type Database, statement } from '../../src/platform/database.ts';
import { CommitUnknownError } from '../../src/platform/transact.ts';

/**
 * Run as a process of its own, because uncaught exceptions are counted:
 * `pair-load.ts <driver> <database URL> <seconds> <patience>`. Every call writes the two rows of a
 * pair in one transaction; what is not settled so many seconds after the end has hung. The last
 * line of the output is a LoadReport.
 */
export interface LoadReport {
  readonly calls: number;
  readonly done: readonly string[];
  readonly unknown: readonly string[];
  readonly failed: readonly string[];
  readonly hung: readonly string[];
  readonly uncaught: readonly string[];
}

export const APPLICATION_NAME = 'tapline-load';

const LANES = 12;

/** Writes pairs, one at a time, through connections that it may share with the other lanes. */
interface Writer {
  write(id: string): Promise<void>;
}

/** A client of one lane's own. */
interface Client extends Writer {
  close(): Promise<void>;
}

const insertHalf = statement<never>('load.insert', 'insert into pairs (id, half) values ($1, $2)');
const readHalves = statement<never>('load.read', 'select half from pairs where id = $1');

function ours(database: Database): Client {
  return {
    write: async (id) => {
      await database.transact(async (tx) => {
        await tx.run(insertHalf, [id, 'left']);
        await pause(Math.random() * 4);
        await tx.run(insertHalf, [id, 'right']);
      });
      await database.reads.run(readHalves, [id]).catch(() => []);
    },
    close: () => database.close(),
  };
}

/** A client for a few transactions and then another, as requests at the edge do. */
function oneClientAtATime(open: () => Client): Writer {
  let writer = open();
  let uses = 0;
  const renew = async () => {
    uses = 0;
    await writer.close();
    writer = open();
  };
  return {
    write: async (id) => {
      uses += 1;
      if (uses > 20) await renew();
      await writer.write(id).catch(async (error: unknown) => {
        await renew();
        throw error;
      });
    },
  };
}

function postgresJs(url: string, max: number): postgres.Sql {
  const connection = { application_name: APPLICATION_NAME };
  return postgres(url, { max, fetch_types: false, connection, onnotice: () => {} });
}

function drizzleOnPostgresJs(url: string): Writer {
  const pool = postgresJs(url, 6);
  const db = drizzle(pool);
  return {
    write: async (id) => {
      await db.transaction(async (tx) => {
        await tx.execute(text`insert into pairs (id, half) values (${id}, 'left')`);
        await pause(Math.random() * 4);
        await tx.execute(text`insert into pairs (id, half) values (${id}, 'right')`);
      });
      await db.execute(text`select half from pairs where id = ${id}`).catch(() => []);
    },
  };
}

/** postgres.js as its documents allow it for one connection; what hangs is left behind. */
function bareConnection(url: string): Client {
  const sql = postgresJs(url, 1);
  const writePair = async (id: string) => {
    await sql.unsafe('begin');
    await sql`insert into pairs (id, half) values (${id}, 'left')`;
    await pause(Math.random() * 4);
    await sql`insert into pairs (id, half) values (${id}, 'right')`;
    await sql.unsafe('commit');
  };
  const impatience = async () => {
    await pause(500);
    throw new Error('no answer');
  };
  return {
    write: async (id) => {
      try {
        await Promise.race([writePair(id), impatience()]);
      } catch (error) {
        await Promise.race([sql.unsafe('rollback'), impatience()]);
        throw error;
      }
    },
    close: () => sql.end({ timeout: 0 }),
  };
}

/** One writer a lane; lanes share a pool where there is one. */
export const DRIVERS = {
  pg: (url: string) => {
    const settings = { connectionString: url, max: 6, applicationName: APPLICATION_NAME };
    const shared = ours(openDatabase(settings));
    return () => shared;
  },
  edge: (url: string) => () => oneClientAtATime(() => ours(openEdgeDatabase(url))),
  'drizzle on postgres.js': (url: string) => {
    const shared = drizzleOnPostgresJs(url);
    return () => shared;
  },
  'bare postgres.js': (url: string) => () => oneClientAtATime(() => bareConnection(url)),
} as const;

export type DriverName = keyof typeof DRIVERS;

async function main(
  driver: DriverName,
  url: string,
  seconds: number,
  patience: number,
): Promise<void> {
  const outcomes = { done: [], unknown: [], failed: [] } as Record<string, string[]>;
  const running = new Set<string>();
  const uncaught: string[] = [];
  for (const event of ['uncaughtException', 'unhandledRejection']) {
    process.on(event, (error: unknown) => void uncaught.push(String(error)));
  }
  const writerFor = DRIVERS[driver](url);
  const end = Date.now() + seconds * 1000;
  let calls = 0;

  async function call(writer: Writer, id: string): Promise<void> {
    running.add(id);
    const outcome = await writer.write(id).then(
      () => 'done',
      (error: unknown) => (error instanceof CommitUnknownError ? 'unknown' : 'failed'),
    );
    running.delete(id);
    outcomes[outcome]?.push(id);
  }

  async function lane(writer: Writer): Promise<void> {
    while (Date.now() < end) {
      calls += 1;
      await call(writer, `${driver}-${process.pid}-${calls}`);
    }
  }

  const lanes = Promise.all(Array.from({ length: LANES }, () => lane(writerFor())));
  await Promise.race([lanes, pause((seconds + patience) * 1000)]);
  const report = { calls, ...outcomes, hung: [...running], uncaught };
  process.stdout.write(`\n${JSON.stringify(report)}\n`, () => process.exit(0));
}

const [driver, url, seconds, patience] = process.argv.slice(2);
if (process.argv[1]?.endsWith('pair-load.ts') && driver && url) {
  await main(driver as DriverName, url, Number(seconds), Number(patience));
}
