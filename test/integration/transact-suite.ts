import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { type Database, only, statement, type Tx } from '../../src/platform/database.ts';
import { CommitUnknownError, sqlState, violatedConstraint } from '../../src/platform/transact.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { runOn } from '../support/postgres.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';

const insert = statement<never>('test.insert', 'insert into notes (id) values ($1)');
const touch = statement<{ hits: number }>(
  'test.touch',
  'update notes set hits = hits + 1 where id = $1 returning hits',
);
const readHits = statement<{ hits: number }>('test.hits', 'select hits from notes where id = $1');
const repeatableRead = statement<never>(
  'test.repeatable_read',
  'set transaction isolation level repeatable read',
);
const fail = statement<never>('test.fail', `select * from test_fail($1)`);
const backend = statement<{ pid: number }>('test.backend', 'select pg_backend_pid() as pid');
const suicide = statement<never>(
  'test.suicide',
  'select pg_terminate_backend(pg_backend_pid()), pg_sleep(5)',
);

/** What every driver must do alike with transactions. */
export function transactSuite(open: (url: string) => Database): void {
  let server: TestDatabase;
  let proxy: TcpProxy;
  let database: Database;
  let attempts: number;

  beforeAll(async () => {
    server = await createTestDatabase();
    const { url } = server;
    await runOn(url, 'create table notes (id text primary key, hits int not null default 0)');
    await runOn(url, 'create table late (id text unique deferrable initially deferred)');
    await runOn(
      url,
      `create function test_fail(state text) returns void language plpgsql
         as $$ begin raise exception using errcode = state; end $$`,
    );
    proxy = await startTcpProxy(url);
  });
  beforeEach(async () => {
    attempts = 0;
    await runOn(server.url, `truncate notes, late; insert into notes values ('a'), ('b')`);
    database = open(proxy.url);
  });
  afterEach(() => database.close());
  afterAll(async () => {
    await proxy.close();
    await server.drop();
  });

  /** Runs work in transactions and counts how often it is begun. */
  const counted = <T>(work: (tx: Tx, attempt: number) => Promise<T>, limit?: number) =>
    database.transact(
      (tx) => {
        attempts += 1;
        return work(tx, attempts);
      },
      limit === undefined ? {} : { attempts: limit },
    );
  const hits = async (id: string) =>
    (await runOn<{ hits: number }>(server.url, 'select hits from notes where id = $1', [id]))[0]
      ?.hits ?? null;
  const kill = (pid: number) => runOn(server.url, 'select pg_terminate_backend($1)', [pid]);

  it('commits what the work did and gives its result', async () => {
    expect(await counted(async (tx) => only(await tx.run(touch, ['a'])).hits)).toBe(1);
    expect(await hits('a')).toBe(1);
    expect(attempts).toBe(1);
  });

  it('rolls back when the work throws, and goes on with the same connection', async () => {
    const pid = await counted(async (tx) => only(await tx.run(backend, [])).pid);
    const thrown = new Error('no');
    const failed = counted(async (tx) => {
      await tx.run(touch, ['a']);
      throw thrown;
    });
    await expect(failed).rejects.toBe(thrown);
    expect(await hits('a')).toBe(0);
    expect(await counted(async (tx) => only(await tx.run(backend, [])).pid)).toBe(pid);
  });

  it('does not call it committed when a failed statement was passed over', async () => {
    const swallowed = counted(async (tx) => {
      await tx.run(touch, ['a']);
      await tx.run(insert, ['a']).catch(() => {});
    });
    await expect(swallowed).rejects.toThrow('ended in ROLLBACK');
    expect(await hits('a')).toBe(0);
  });

  it('passes a refused constraint on, at its statement and at COMMIT, and never repeats', async () => {
    const atOnce = await counted((tx) => tx.run(insert, ['a'])).catch((error: unknown) => error);
    expect([sqlState(atOnce), violatedConstraint(atOnce)]).toEqual(['23505', 'notes_pkey']);
    const late = statement<never>('test.late', 'insert into late values ($1), ($1)');
    const atCommit = await counted((tx) => tx.run(late, ['x'])).catch((error: unknown) => error);
    expect(atCommit).not.toBeInstanceOf(CommitUnknownError);
    expect([sqlState(atCommit), violatedConstraint(atCommit)]).toEqual(['23505', 'late_id_key']);
    expect(attempts).toBe(2);
  });

  it('tries again after a serialization failure', async () => {
    const result = await counted(async (tx, attempt) => {
      await tx.run(repeatableRead, []);
      await tx.run(readHits, ['a']);
      if (attempt === 1) await runOn(server.url, `update notes set hits = 10 where id = 'a'`);
      return only(await tx.run(touch, ['a'])).hits;
    });
    expect([result, attempts]).toEqual([11, 2]);
  });

  it('tries again after a deadlock', async () => {
    const other = open(server.url);
    let bothHold = () => {};
    const meeting = new Promise<void>((resolve) => {
      bothHold = resolve;
    });
    let holding = 0;
    const lockBoth = (one: Database, first: string, second: string) =>
      one.transact(async (tx) => {
        attempts += 1;
        await tx.run(touch, [first]);
        holding += 1;
        if (holding === 2) bothHold();
        await meeting;
        await tx.run(touch, [second]);
      });
    await Promise.all([lockBoth(database, 'a', 'b'), lockBoth(other, 'b', 'a')]);
    await other.close();
    expect([await hits('a'), await hits('b'), attempts]).toEqual([2, 2, 3]);
  });

  it('tries a bounded number of times', async () => {
    const always = (tx: Tx) => tx.run(fail, ['40001']);
    expect(sqlState(await counted(always).catch((error: unknown) => error))).toBe('40001');
    expect(attempts).toBe(5);
    await expect(counted(always, 2)).rejects.toThrow();
    expect(attempts).toBe(7);
  });

  it('tries no more when the caller has waited long', async () => {
    const clock = vi.spyOn(performance, 'now');
    clock.mockReturnValueOnce(0).mockReturnValue(6000);
    await expect(counted((tx) => tx.run(fail, ['40P01']))).rejects.toThrow();
    clock.mockRestore();
    expect(attempts).toBe(1);
  });

  it('repeats what died before COMMIT was sent, and keeps nothing of the first try', async () => {
    const during = counted(async (tx, attempt) => {
      await tx.run(touch, ['a']);
      if (attempt === 1) await tx.run(suicide, []);
      await tx.run(touch, ['b']);
    });
    await during;
    expect([await hits('a'), await hits('b'), attempts]).toEqual([1, 1, 2]);
    await counted(async (tx, attempt) => {
      await tx.run(touch, ['a']);
      if (attempt > 3) return;
      await kill(only(await tx.run(backend, [])).pid);
      await pause(50);
    });
    expect([await hits('a'), attempts]).toEqual([2, 4]);
  });

  it('says that the outcome is unknown when the connection is cut at COMMIT, and never repeats', async () => {
    const before = proxy.commits;
    proxy.cutNextCommit('after');
    await expect(counted((tx) => tx.run(touch, ['a']))).rejects.toThrow(CommitUnknownError);
    expect([await hits('a'), attempts, proxy.commits - before]).toEqual([1, 1, 1]);

    proxy.cutNextCommit('before');
    await expect(counted((tx) => tx.run(touch, ['b']))).rejects.toThrow(CommitUnknownError);
    expect([await hits('b'), attempts, proxy.commits - before]).toEqual([0, 2, 2]);

    await counted((tx) => tx.run(touch, ['b']));
    expect([await hits('b'), attempts]).toEqual([1, 3]);
  });

  it('would do it twice if it took a lost answer to COMMIT for a failure', async () => {
    proxy.cutNextCommit('after');
    const work = (tx: Tx) => tx.run(touch, ['a']);
    await database.transact(work).catch(() => database.transact(work));
    expect(await hits('a')).toBe(2);
  });

  it('says that the outcome of a lost single statement is unknown', async () => {
    await expect(database.single.run(suicide, [])).rejects.toThrow(CommitUnknownError);
    const refused = await database.single.run(insert, ['a']).catch((error: unknown) => error);
    expect(violatedConstraint(refused)).toBe('notes_pkey');
    await database.single.run(insert, ['c']);
    expect(await database.reads.run(readHits, ['c'])).toEqual([{ hits: 0 }]);
  });

  it('reads on after its connection was killed', async () => {
    const pid = only(await database.reads.run(backend, [])).pid;
    await kill(pid);
    await pause(50);
    expect(await database.reads.run(readHits, ['a'])).toEqual([{ hits: 0 }]);
  });
}
