import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { exportPKCS8 } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { listenOn } from '../../src/entry/listen.node.ts';
import { type Program, startCommand } from '../support/program.ts';
import { ROOT_KEY, startTestService, type TestService } from '../support/service.ts';
import { vectorExchanges } from '../support/smart-tap.ts';
import { World } from '../support/world.ts';

const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
const page = readFileSync(new URL('../../docs/smarttap.md', import.meta.url), 'utf8');
const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

// A test starts up to five processes, one after the other.
vi.setConfig({ testTimeout: 300_000 });

let folder: string;
const running: Program[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tapline-commands-'));
});
afterEach(async () => {
  for (const program of running.splice(0)) {
    program.process.kill('SIGKILL');
    await program.ended;
  }
});
afterAll(() => rm(folder, { recursive: true }));

/** A command in a folder of its own, where it may write. */
function start(...args: string[]): Program {
  const program = startCommand(process.execPath, ['--import', TSX, CLI, ...args], {}, folder);
  running.push(program);
  return program;
}

async function run(...args: string[]) {
  const program = start(...args);
  return { code: await program.ended, said: program.said(), complained: program.complained() };
}

/** A simulated phone that listens, for a collector of its own, and how to tap it. */
async function startPhone(...args: string[]) {
  const program = start('wallet', '--port', '0', ...args);
  const [, hint = ''] = await program.hasSaid(/^npm run tapline -- (terminal --phone .*)$/m);
  return { program, tapping: hint.split(' ') };
}

const bundleOf = (said: string) => said.slice(said.indexOf('\n= the bundle, opened\n'));

describe('decode', () => {
  test('explains all that one tap has, from words and from standard input', async () => {
    const apdus = vectorExchanges('synthetic-plain').flatMap((one) => [one.command, one.response]);
    const { code, said } = await run('decode', ...apdus);
    for (const found of ['SELECT OSE  00a40400', 'mdn, handset nonce', 'collector ID: 20180608']) {
      expect(said).toContain(found);
    }
    expect(code).toBe(0);
    const options = { input: `${apdus.join('\n')}\n`, encoding: 'utf8' } as const;
    const piped = spawnSync(process.execPath, ['--import', TSX, CLI, 'decode'], options);
    expect([piped.stdout, piped.status]).toEqual([said, 0]);
  });

  test('tells the field of a bad one, and ends with 1', async () => {
    const { code, said } = await run('decode', '9000', 'd4030d7372730194');
    expect(said).toContain('status 9000: success');
    expect(said).toContain('neither answer nor command: command/');
    expect(code).toBe(1);
  });
});

describe('terminal and wallet', () => {
  test('work together at once, with a key that only its owner may read', async () => {
    const { program, tapping } = await startPhone();
    const [file = ''] = (await readdir(folder)).filter((name) => name.endsWith('.pem'));
    expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600);
    const { code, said } = await run(...tapping);
    expect(said).toMatch(/^passes were read \(9000: success\)\n {2}ly "member-0001", object /m);
    expect(bundleOf(said)).toContain('text: "member-0001"');
    expect(code).toBe(0);
    expect(program.said()).toContain('\n→ 00a404000a4f53452e5641532e303100\n    SELECT OSE');
    program.process.kill('SIGTERM');
    expect(await program.ended).toBe(0);
  });

  test('read the same with and without zlib, in chunks, in both streams', async () => {
    const passes = ['--pass', 'loyalty:2018', '--pass', 'giftCard:碰一碰'];
    const { tapping } = await startPhone('--max-response', '60', '--key-version', '7', ...passes);
    const result = /^passes were read.*\n(?: {2}.*\n)* {2}authenticated: live, key 7$/m;
    for (const options of [[], ['--no-zlib', '--second-select', '--stream', 'K']]) {
      const { code, said } = await run(...tapping, ...options);
      expect(code).toBe(0);
      expect(said).toContain('GET MORE DATA  90c00000');
      expect(said).toMatch(/^= the answer of \d parts$/m);
      expect(said.includes('flags: encrypted, compressed')).toBe(options.length === 0);
      expect(said.includes('SELECT Smart Tap 2')).toBe(options.length > 0);
      expect(result.exec(said)?.[0]).toMatch(/ly "2018".*\n.*gc "碰一碰"/);
    }
  });

  test('end with 0 when there is nothing, and with 1 when the user has to act', async () => {
    const both = ['--pass', 'loyalty:1', '--pass', 'loyalty:2'];
    const { tapping } = await startPhone('--choose', '--not-ready', ...both);
    const none = await run(...tapping, '--types', 'offer,flight');
    expect([none.code, none.said]).toEqual([0, expect.stringContaining('(9102: no pass')]);
    const early = await run(...tapping, '--pre-signed');
    expect([early.code, early.said]).toEqual([0, expect.stringContaining('pre-signed, key 1')]);
    const asked = await run(...tapping);
    expect([asked.code, asked.said]).toEqual([1, expect.stringContaining('(9302: several')]);
    const picked = await run(...tapping);
    expect([picked.code, picked.said]).toEqual([0, expect.stringContaining('ly "1", object')]);
    expect(picked.said).toContain('do not go on to payment');
  });

  test('push a receipt and the use of the first pass, which the phone acknowledges', async () => {
    const { tapping } = await startPhone();
    const { code, said } = await run(...tapping, '--push', 'https://example.com/r/1');
    expect(said).toMatch(/^→ 9052.*\n {4}PUSH DATA {2}90520000/m);
    expect(said).toContain('nsu, ');
    expect(said).toContain('what was pushed was acknowledged (9000: success)');
    expect(code).toBe(0);
  });

  test('a phone that never comes to an end is given up in time', async () => {
    const endless = createHttpServer((request, response) => {
      request.resume();
      if (request.url !== '/apdu') return void response.writeHead(404).end();
      // Each part comes at once, and there is always one more.
      setTimeout(() => response.end(Buffer.from('9100', 'hex')), 50);
    });
    const { port } = await listenOn(endless, { port: 0, host: '127.0.0.1' });
    await writeFile(join(folder, 'late.pem'), pem());
    const begun = performance.now();
    const { code, said } = await run(
      ...['terminal', '--collector', '1', '--key', 'late.pem', '--within', '2'],
      ...['--phone', `http://127.0.0.1:${port}`],
    );
    endless.close();
    expect(said).toMatch(/^the phone is gone: the tap has taken longer than 2 seconds$/m);
    expect(code).toBe(1);
    expect(performance.now() - begun).toBeLessThan(30_000);
  });

  test.each(['terminal', 'wallet'])(
    '%s --help says how it is used, and ends with 0',
    async (name) => {
      const { code, said } = await run(name, '--help');
      const text = page.slice(page.indexOf('## Try it'), page.indexOf('## Records'));
      const inPage = new Set(text.match(/--[a-z][a-z-]+/g));
      const told: readonly string[] = said.match(/--[a-z][a-z-]+/g) ?? [];
      expect(told.length).toBeGreaterThan(8);
      expect(told.filter((option) => !inPage.has(option) && option !== '--help')).toEqual([]);
      expect(code).toBe(0);
    },
  );

  test('a phone that is not there is told', async () => {
    const closed = createServer();
    const { port } = await listenOn(closed, { port: 0, host: '127.0.0.1' });
    await new Promise((resolve) => closed.close(resolve));
    await writeFile(join(folder, 'any.pem'), pem());
    const phone = ['--phone', `http://127.0.0.1:${port}`];
    const gone = await run('terminal', '--collector', '1', '--key', 'any.pem', ...phone);
    expect(gone.said).toMatch(/^the phone is gone: fetch failed, .*ECONNREFUSED/m);
    expect(gone.code).toBe(1);
  });

  test('a taken port is told, and no file is left', async () => {
    const taken = createServer();
    const { port } = await listenOn(taken, { port: 0, host: '127.0.0.1' });
    const before = await readdir(folder);
    const { code, complained } = await run('wallet', '--port', String(port));
    taken.close();
    expect(complained).toContain(`port ${port} is taken: set --port to another`);
    expect(code).toBe(1);
    expect(await readdir(folder)).toEqual(before);
  });
});

const pem = () =>
  generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();

describe('terminal at a service', () => {
  let service: TestService;
  let world: World;
  beforeAll(async () => {
    service = await startTestService({ instances: 1, workers: false });
    world = new World(service);
  });
  afterAll(() => service.stop());

  test('reads the pass of a wallet, and one with another key reads none', async () => {
    const foo = await world.merchant();
    const walletId = await world.wallet();
    const objectId = await world.pass(foo, await world.passClass(foo), walletId);
    await writeFile(join(folder, 'foo.pem'), await exportPKCS8(foo.terminal.privateKey));
    await writeFile(join(folder, 'other.pem'), pem());
    const tap = (key: string, wallet = walletId, apiKey = ROOT_KEY) =>
      run(
        'terminal',
        ...['--url', service.urls[0] ?? '', '--wallet', wallet, '--api-key', apiKey],
        ...['--collector', foo.collectorId, '--key', key, '--terminal-id', 'till-1'],
      );
    const stranger = await tap('other.pem');
    expect([stranger.code, stranger.said]).toEqual([1, expect.stringContaining('(9500: ')]);
    const { code, said } = await tap('foo.pem');
    expect([code, said]).toEqual([0, expect.stringContaining(`ly "value of ${objectId}"`)]);
    const [row] = await service.sql('select terminal_id from taps where wallet_id = $1', [
      walletId,
    ]);
    expect(row).toEqual({ terminal_id: 'till-1' });
    const refused = await tap('foo.pem', 'wal_0', 'secret-secret-secret');
    expect(refused.said).toMatch(/^the phone is gone: .* answered 401 unauthenticated: /m);
    expect(refused.code).toBe(1);
    for (const { said: told, complained } of [stranger, refused]) {
      expect(`${told}${complained}`).not.toMatch(/secret|PRIVATE/);
    }
  });
});

describe('wrong usage', () => {
  test('ends with 2 and tells how it is used', async () => {
    const { code, complained } = await run('terminal', '--key', 'secret', '--key', 'secret');
    expect(complained).toMatch(/^terminal: --key is given twice\n\nusage: npm run tapline/);
    expect(complained).not.toContain('secret');
    expect(code).toBe(2);
  });

  test('a wrong key file ends with 1, and is not told', async () => {
    await writeFile(join(folder, 'wrong.pem'), 'secret');
    const phone = ['--phone', 'http://127.0.0.1:1'];
    const { code, said, complained } = await run(
      ...['terminal', '--collector', '1', '--key', 'wrong.pem', ...phone],
    );
    expect(complained).toContain('"wrong.pem" is no private key in PEM');
    expect(`${said}${complained}`).not.toContain('secret');
    expect(code).toBe(1);
  });
});
