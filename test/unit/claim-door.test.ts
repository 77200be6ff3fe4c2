import { expect, test } from 'vitest';
import { openBatchingDesk } from '../../src/claims/batching-desk.ts';
import type { ClaimRequest } from '../../src/claims/desk.ts';
import type { Database, Db } from '../../src/platform/database.ts';

const request = (id: string): ClaimRequest => ({
  id,
  classId: '1.a',
  walletId: 'wal_1',
  tapId: null,
  actor: 'root',
  requestId: 'req_1',
  key: null,
});

/** A database that answers when it is told to. */
function slowDatabase(): { database: Database; answer: () => void } {
  const waiting: (() => void)[] = [];
  const run = () =>
    new Promise<never>((_, reject) => waiting.push(() => reject(new Error('gone'))));
  const db = { run } as unknown as Db;
  const database = { reads: db, single: db, transact: run } as unknown as Database;
  const answer = () => {
    for (const tell of waiting.splice(0)) tell();
  };
  return { database, answer };
}

test('who comes when the line is full is sent away at once, and the next is let in again', async () => {
  const { database, answer } = slowDatabase();
  const desk = await openBatchingDesk({
    database,
    intake: database,
    ring: async () => {},
    onDecided: async () => async () => {},
    pollMilliseconds: 10_000,
    mostPresent: 2,
  });
  const inside = [desk.submit(request('a'), 5000), desk.submit(request('b'), 0)].map((visit) =>
    visit.catch((error: Error) => error.message),
  );
  await expect(desk.submit(request('c'), 5000)).rejects.toMatchObject({ code: 'too-many-claims' });
  await expect(desk.submit(request('d'), 0)).rejects.toMatchObject({ code: 'too-many-claims' });
  await new Promise((resolve) => setTimeout(resolve, 20));
  answer();
  expect(await Promise.all(inside)).toEqual(['gone', 'gone']);
  const later = desk.submit(request('e'), 0).catch((error: Error) => error.message);
  await new Promise((resolve) => setTimeout(resolve, 20));
  answer();
  expect(await later).toBe('gone');
  await desk.close();
});
