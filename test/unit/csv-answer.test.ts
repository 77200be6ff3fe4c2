import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { afterEach, expect, test } from 'vitest';
import { csvAnswer } from '../../src/http/csv-answer.ts';
import { newRouter } from '../../src/http/router.ts';
import { type Log, silentLog } from '../../src/platform/log.ts';

let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** Serves a file on a real socket; gives its address. */
async function serve(pieces: AsyncGenerator<string, void>, log: Log = silentLog): Promise<string> {
  const app = newRouter();
  app.get('/file', (c) => csvAnswer(c, log, { name: 'a.csv', pieces }));
  server = createServer(getRequestListener(app.fetch)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/file`;
}

/** Endless pieces of 64 kB, which remember how many were made and whether they were let go. */
function endless() {
  const seen = { made: 0, letGo: false };
  async function* pieces(): AsyncGenerator<string, void> {
    try {
      for (;;) {
        seen.made += 1;
        yield 'x'.repeat(65_536);
      }
    } finally {
      seen.letGo = true;
    }
  }
  return { seen, pieces: pieces() };
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function open(url: string): Promise<IncomingMessage> {
  const [response] = (await once(get(url), 'response')) as [IncomingMessage];
  response.on('error', () => {});
  return response;
}

test('a file arrives whole', async () => {
  async function* pieces(): AsyncGenerator<string, void> {
    yield 'id\r\n';
    yield '券\r\n';
  }
  const response = await fetch(await serve(pieces()));
  expect(await response.text()).toBe('id\r\n券\r\n');
  expect(response.headers.get('content-disposition')).toBe('attachment; filename="a.csv"');
});

test('of a file that nobody takes no more is made than the sockets hold', async () => {
  const { seen, pieces } = endless();
  const response = await open(await serve(pieces));
  response.pause();
  await expect.poll(() => seen.made, { timeout: 5000 }).toBeGreaterThan(0);
  await pause(300);
  const made = seen.made;
  await pause(300);
  expect(seen.made).toBe(made);
  expect(made).toBeLessThan(200);
  response.destroy();
});

test('a file is let go when its reader is gone', async () => {
  const { seen, pieces } = endless();
  const response = await open(await serve(pieces));
  await once(response, 'data');
  response.destroy();
  await expect.poll(() => seen.letGo, { timeout: 5000 }).toBe(true);
  const made = seen.made;
  await pause(100);
  expect(seen.made).toBe(made);
});

test('a file that cannot be finished is broken off and told in the log', async () => {
  async function* pieces(): AsyncGenerator<string, void> {
    yield 'id\r\n';
    await pause(50);
    throw new Error('the database is gone');
  }
  const told: string[] = [];
  const log = { ...silentLog, error: (event: string) => void told.push(event) };
  const response = await fetch(await serve(pieces(), log));
  await expect(response.text()).rejects.toThrow();
  expect(told).toEqual(['an export broke off']);
});

test('a request that asks for the head alone has nothing made for it', async () => {
  const { seen, pieces } = endless();
  const response = await fetch(await serve(pieces), { method: 'HEAD' });
  expect([response.status, await response.text(), seen.made]).toEqual([200, '', 0]);
});
