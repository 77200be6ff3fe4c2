import { once } from 'node:events';
import { readdir, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { processesOf } from '../support/embedded-child.ts';
import { makeTestFolder } from '../support/postgres.ts';
import { type Program, startCommand, startProgram } from '../support/program.ts';

// Each makes a database of its own, on whatever else the machine does.
vi.setConfig({ testTimeout: 90_000 });

let folder: string;
let env: Record<string, string>;

beforeEach(async () => {
  folder = await makeTestFolder();
  env = { PORT: '0', TAPLINE_DATA_DIR: folder };
});
afterEach(async () => {
  const left = await processesOf('postgres', folder);
  for (const pid of left) process.kill(pid, 'SIGKILL');
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  expect(left).toEqual([]);
});

const LISTENS = /Tapline listens on/;
const DATABASE_ENDED = /the database ended/g;

async function stopBy(signal: NodeJS.Signals, program: Program): Promise<number | null> {
  program.process.kill(signal);
  return program.ended;
}

describe('a service whose database dies', () => {
  it('says so once and leaves with 1, and the next start goes on', async () => {
    const service = startProgram(['src/entry/node.ts'], env);
    await service.hasSaid(LISTENS);
    for (const pid of await processesOf('postgres', folder)) process.kill(pid, 'SIGKILL');
    expect(await service.ended).toBe(1);
    expect(service.complained().match(DATABASE_ENDED)).toHaveLength(1);

    const next = startProgram(['src/entry/node.ts'], env);
    await next.hasSaid(LISTENS);
    expect(await stopBy('SIGTERM', next)).toBe(0);
    expect(next.complained()).not.toMatch(DATABASE_ENDED);
  });
});

describe('a signal stops the database too', () => {
  it.each([
    ['SIGINT', 'while the first start prepares it', /preparing/, 1],
    ['SIGTERM', 'in the middle of the story', /The same card/, 0],
  ] as const)('%s to the demo %s', async (signal, _when, moment, code) => {
    const demo = startProgram(['demo/main.ts'], env);
    await demo.hasSaid(moment);
    expect(await stopBy(signal, demo)).toBe(code);
    expect(demo.said()).toContain('stopping…');
    expect(demo.complained()).toBe('');
  });

  it('SIGTERM to npm, whose shell keeps it for itself', async () => {
    const inShell = 'node --import tsx src/entry/node.ts; true';
    const npm = { ...env, npm_lifecycle_event: 'start' };
    const shell = startCommand('sh', ['-c', inShell], npm);
    await shell.hasSaid(LISTENS);
    await stopBy('SIGTERM', shell);
    expect(shell.said()).toContain('stopping…');
  });
});

describe('a port that is taken', () => {
  it('is told at once, before anything is prepared', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const service = startProgram(['src/entry/node.ts'], { ...env, PORT: String(port) });
    expect(await service.ended).toBe(1);
    expect(service.complained()).toMatch(`Tapline does not start: port ${port} is taken`);
    expect(await readdir(folder)).toEqual([]);
    other.close();
  });
});
