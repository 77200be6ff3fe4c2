import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { it } from 'vitest';
import { openQueues, openWorker } from '../../src/queue/queue.node.ts';
import { createTestDatabase } from '../support/database.ts';

it('boot', async () => {
  const t = await createTestDatabase();
  const target = new URL(t.url);
  let refuse = true;
  let conns = 0;
  const server = createServer((c) => {
    conns++;
    c.on('error', () => {});
    if (refuse) return c.destroy();
    const u = connect(Number(target.port), target.hostname);
    u.on('error', () => {});
    c.pipe(u);
    u.pipe(c);
    c.on('close', () => u.destroy());
    u.on('close', () => c.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(t.url);
  url.port = String((server.address() as any).port);
  const place = { kind: 'postgres', connectionString: url.href } as const;
  let beats = 0;
  const iv = setInterval(() => beats++, 10);
  const got: unknown[] = [];
  const worker = openWorker(
    'clones.make',
    place,
    { concurrency: 2 },
    async (d) => void got.push(d),
  );
  let errors = 0;
  worker.on('error', () => errors++);
  console.log('opened', Date.now());
  setTimeout(() => {
    console.log('STILL ALIVE?', beats, errors);
  }, 500);
  const dog = new Worker2();
  await pause(1000);
  console.log('beats', beats, 'errors', errors, 'conns', conns);
  refuse = false;
  const queues = openQueues({ kind: 'postgres', connectionString: t.url });
  await queues.send([{ name: 'clones.make', data: { a: 1 }, jobId: 'x1' }]);
  await pause(3000);
  console.log('got', got, 'beats', beats, 'errors', errors);
  clearInterval(iv);
  process.exit(0);
}, 20000);
class Worker2 {}
