import {
  chown,
  lstat,
  mkdir,
  readdir,
  readFile,
  realpath,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FolderInUseError } from '../../src/platform/embedded/errors.node.ts';
import {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from '../../src/platform/embedded/start-embedded-postgres.node.ts';
import { launchInChild, processesOf } from '../support/embedded-child.ts';
import { makeTestFolder, runOn } from '../support/postgres.ts';

const isRoot = process.getuid?.() === 0;

let folder: string;
let dataDir: string;
let lines: string[];
let running: EmbeddedPostgres[];

beforeEach(async () => {
  folder = await makeTestFolder();
  dataDir = join(folder, '.tapline');
  lines = [];
  running = [];
});
afterEach(async () => {
  for (const postgres of running) await postgres.stop();
  expect(await processesOf('postgres', folder)).toEqual([]);
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

async function start(more: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> {
  const log = (line: string) => void lines.push(line);
  const postgres = await startEmbeddedPostgres({ dataDir, log, ...more });
  running.push(postgres);
  return postgres;
}

async function killAll(program: string): Promise<void> {
  for (const pid of await processesOf(program, folder)) process.kill(pid, 'SIGKILL');
}

const drafts = async () => (await readdir(dataDir)).filter((name) => name.includes('.new-'));
const remember = (url: string) => runOn(url, 'create table memory as select 7 as n');
const recall = (url: string) => runOn(url, 'select n from memory');

describe('a start', () => {
  it('makes a database that depends on nothing of this machine', async () => {
    const { url } = await start();
    const [settings] = await runOn(
      url,
      `select current_database() as name, current_user as user, current_setting('fsync') as fsync,
         current_setting('TimeZone') as zone, current_setting('listen_addresses') as address,
         current_setting('unix_socket_directories') as sockets,
         current_setting('max_connections') as connections,
         pg_encoding_to_char(encoding) as encoding, datlocprovider::text as provider,
         datlocale as locale from pg_database where datname = current_database()`,
    );
    expect(settings).toEqual({
      name: 'tapline',
      user: 'tapline',
      fsync: 'on',
      zone: 'UTC',
      address: '127.0.0.1',
      sockets: '',
      connections: '300',
      encoding: 'UTF8',
      provider: 'b',
      locale: 'C.UTF-8',
    });
    expect((await stat(join(dataDir, 'password'))).mode & 0o777).toBe(0o600);
    await expect(runOn(url.replace(/:[^:@]+@/, ':wrong@'), 'select')).rejects.toThrow(/password/);
    expect(lines).toEqual(['preparing the database (first start only)…']);
    expect((await readdir(dataDir)).sort()).toEqual(['password', 'postgres', 'postgres.log']);
  });

  it('keeps the data of the one before, and is quick', async () => {
    const first = await start();
    await remember(first.url);
    await first.stop();
    await expect(runOn(first.url, 'select')).rejects.toThrow();

    const began = Date.now();
    const second = await start();
    expect(Date.now() - began).toBeLessThan(5_000);
    expect(await recall(second.url)).toEqual([{ n: 7 }]);
    expect(lines).toHaveLength(1);
  });

  it('passes settings on', async () => {
    const { url } = await start({ settings: { work_mem: '5MB' } });
    expect(await runOn(url, 'show work_mem')).toEqual([{ work_mem: '5MB' }]);
  });

  it('can be stopped twice', async () => {
    const postgres = await start();
    await Promise.all([postgres.stop(), postgres.stop()]);
    await postgres.stop();
  });
});

describe('a folder in use', () => {
  it('refuses a second start and does not disturb the first', async () => {
    const first = await start();
    await expect(start()).rejects.toThrow(FolderInUseError);
    await expect(start()).rejects.toThrow(`another Tapline is running in ${dataDir}`);
    await remember(first.url);
  });

  it('goes to exactly one of three first starts at once', async () => {
    const outcomes = await Promise.allSettled([start(), start(), start()]);
    const refused = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [outcome.reason] : [],
    );
    expect(refused).toEqual([expect.any(FolderInUseError), expect.any(FolderInUseError)]);
    expect(running).toHaveLength(1);
    for (const { url } of running) await remember(url);
    expect(await drafts()).toEqual([]);
  });

  it('stays owned when the owner session breaks', async () => {
    const losses: Error[] = [];
    const first = await start({ onLost: (error) => losses.push(error) });
    const owner = `select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'tapline-owner'`;
    await runOn(first.url, owner);
    await expect.poll(() => lines).toContainEqual(expect.stringContaining('opened again'));
    await expect(start()).rejects.toThrow(FolderInUseError);
    expect(losses).toEqual([]);
  });

  it('tells the service when the database has died, and starts again', async () => {
    const losses: Error[] = [];
    const first = await start({ onLost: (error) => losses.push(error) });
    await remember(first.url);
    await killAll('postgres');
    await expect
      .poll(() => losses)
      .toEqual([
        expect.objectContaining({ message: expect.stringContaining('the database ended') }),
      ]);
    const second = await start();
    expect(await recall(second.url)).toEqual([{ n: 7 }]);
  });
});

describe('after kill -9', () => {
  it('of the service, the next start takes over from the PostgreSQL left running', async () => {
    const child = launchInChild(dataDir);
    const url = (await child.line('up')).slice(3);
    await remember(url);
    await expect(start()).rejects.toThrow(FolderInUseError);
    await child.kill();
    expect(await processesOf('postgres', folder)).toHaveLength(1);

    const next = await start();
    expect(await recall(next.url)).toEqual([{ n: 7 }]);
    expect(lines.at(-1)).toContain('killed Tapline');
  });

  it('of the service and its PostgreSQL, the next start recovers', async () => {
    const child = launchInChild(dataDir);
    const url = (await child.line('up')).slice(3);
    await remember(url);
    await killAll('postgres');
    await child.kill();
    expect(await recall((await start()).url)).toEqual([{ n: 7 }]);
  });

  it('in the middle of the first start, the next one begins again', async () => {
    const child = launchInChild(dataDir);
    await child.line('preparing');
    await expect.poll(() => processesOf('initdb', folder), { interval: 5 }).toHaveLength(1);
    await pause(100);
    await child.kill();
    await killAll('initdb');
    expect(await lstat(join(dataDir, 'postgres')).catch(() => null)).toBeNull();
    expect(await drafts()).toHaveLength(1);

    await remember((await start()).url);
    expect(await drafts()).toEqual([]);
  });

  it('drafts of the living stay and those of the dead go, at a later start too', async () => {
    const first = await start();
    await first.stop();
    const living = `postgres.new-${process.ppid}-0a`;
    for (const name of [living, `postgres.new-${process.pid}-0b`, 'password.new-0c']) {
      await mkdir(join(dataDir, name));
    }
    await start();
    expect(await drafts()).toEqual([living]);
  });
});

describe('a pid file left behind', () => {
  it.each([
    ['whose number a stranger has got', `${process.pid}\n/x\n1\n5432\n\n127.0.0.1\n\nready\n`],
    ['that a power cut left empty', ''],
  ])('%s is put aside', async (_, text) => {
    const first = await start();
    await remember(first.url);
    await first.stop();
    const file = join(dataDir, 'postgres', 'postmaster.pid');
    await writeFile(file, text);
    if (isRoot) await chown(file, 65_534, 65_534);
    const longAgo = new Date(Date.now() - 3_600_000);
    await utimes(file, longAgo, longAgo);
    const second = await start();
    expect(await recall(second.url)).toEqual([{ n: 7 }]);
    expect(await readFile(file, 'utf8')).not.toBe(text);
  });
});

describe('what cannot be used is refused in plain words', () => {
  it.each([
    ['16\n', /a database of PostgreSQL 16.*needs one of PostgreSQL 17.*DATABASE_URL/],
    ['', /holds no database.*DATABASE_URL/],
  ])('data of another version (%j)', async (version, message) => {
    const data = join(dataDir, 'postgres');
    await mkdir(data, { recursive: true });
    await writeFile(join(data, 'PG_VERSION'), version);
    await writeFile(join(dataDir, 'password'), 'secret');
    if (isRoot) {
      await expect(start()).rejects.toThrow(/belongs to user 0.*chown -R.*DATABASE_URL/s);
      await chown(data, 65_534, 65_534);
    }
    await expect(start()).rejects.toThrow(message);
  });

  it('a file where the folder should be', async () => {
    await writeFile(dataDir, '');
    await expect(start()).rejects.toThrow(`a file is in the way of the folder ${dataDir}`);
    dataDir = join(dataDir, 'deeper');
    await expect(start()).rejects.toThrow(`a file is in the way of the folder ${dataDir}`);
  });

  it('data without its password', async () => {
    const first = await start();
    await first.stop();
    await rm(join(dataDir, 'password'));
    await expect(start()).rejects.toThrow(/password is missing/);
  });
});

describe.runIf(isRoot)('as root, in a folder closed to others', () => {
  it('keeps the data where PostgreSQL can reach it, and finds it again', async () => {
    dataDir = join(folder, 'closed', '.tapline');
    await mkdir(join(folder, 'closed'), { mode: 0o700 });
    const first = await start();
    const place = await realpath(join(dataDir, 'postgres'));
    try {
      expect(place).toMatch(/^\/var\/lib\/tapline\/[0-9a-f]{16}$/);
      expect(lines).toContainEqual(expect.stringContaining(`the data is kept in ${place}`));
      await remember(first.url);
      await first.stop();
      const second = await start();
      expect(await recall(second.url)).toEqual([{ n: 7 }]);
      await expect(start()).rejects.toThrow(FolderInUseError);
      await second.stop();
      await rm(place, { recursive: true });
      await expect(start()).rejects.toThrow(/points to a folder that is gone/);
    } finally {
      await rm(place, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    }
  });
});
