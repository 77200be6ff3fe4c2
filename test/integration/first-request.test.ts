import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase } from '../support/database.ts';
import { freePort } from '../support/free-port.ts';
import { startProgram } from '../support/program.ts';

let database: { readonly url: string; drop(): Promise<void> };
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test('whoever gets a connection while the service starts gets an answer', async () => {
  const port = await freePort();
  const service = startProgram(['src/entry/node.ts', '--api-only'], {
    PORT: String(port),
    DATABASE_URL: database.url,
  });
  let answer: Response | null = null;
  while (answer === null) {
    const refused = () => new Promise<null>((resolve) => setTimeout(() => resolve(null), 2));
    answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(refused);
  }
  expect(answer.status).toBe(200);
  service.process.kill('SIGTERM');
  expect(await service.ended).toBe(0);
});
