import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { wranglerEnvironment } from '../support/edge-worker.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const WRANGLER = join(ROOT, 'node_modules/wrangler/bin/wrangler.js');

/** What workerd has natively, and who may ask for it. */
const BUILTINS: Readonly<Record<string, string>> = {
  'node:buffer': 'node_modules/postgres/',
  'node:events': 'node_modules/postgres/',
  'node:stream': 'node_modules/postgres/',
  'node:crypto': 'src/platform/hashes.ts',
};
const NODE_PACKAGES = [
  'bullmq',
  'ioredis',
  'nodemailer',
  'pg',
  'pg-pool',
  'pino',
  'prom-client',
  '@hono/node-server',
];
/** What Cloudflare takes in the free plan, though there it counts the compressed bytes. */
const LARGEST_BYTES = 3_000_000;

interface Metafile {
  readonly inputs: Readonly<
    Record<string, { readonly imports: readonly { path: string; external?: boolean }[] }>
  >;
}

interface Bundle {
  readonly metafile: Metafile;
  readonly bytes: number;
}

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tapline-bundle-'));
});
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));

/** Bundles an entry as `wrangler deploy` does, and uploads nothing. */
async function bundle(name: string, entry: readonly string[] = []): Promise<Bundle> {
  const out = join(folder, name);
  const to = ['--config', 'wrangler.toml', '--dry-run', '--outdir', out, '--metafile'];
  const env = { ...process.env, ...wranglerEnvironment(folder), WRANGLER_HIDE_BANNER: 'true' };
  await promisify(execFile)(process.execPath, [WRANGLER, 'deploy', ...entry, ...to], {
    cwd: ROOT,
    env,
  });
  const metafile = JSON.parse(await readFile(join(out, 'bundle-meta.json'), 'utf8')) as Metafile;
  const script = entry.length === 0 ? 'edge.js' : 'canary.js';
  return { metafile, bytes: (await stat(join(out, script))).size };
}

/** What must not be at the edge, each with the reason that it is there. */
function offences({ inputs }: Metafile): string[] {
  const found = Object.entries(inputs).flatMap(([file, { imports }]) => {
    const builtins = imports
      .filter(({ path }) => isBuiltin(path))
      .map(({ path }) => (path.startsWith('node:') ? path : `node:${path}`))
      .filter((path) => !file.includes(BUILTINS[path] ?? 'nobody'));
    const own = /\.node\.ts$/.test(file) ? [file] : [];
    const packages = NODE_PACKAGES.filter((name) => file.includes(`node_modules/${name}/`));
    return [...builtins, ...own, ...packages];
  });
  return [...new Set(found)];
}

test('the edge bundle holds nothing that only Node has', async () => {
  const { metafile, bytes } = await bundle('edge');
  expect(Object.keys(metafile.inputs)).toContain('src/app.ts');
  expect(offences(metafile)).toEqual([]);
  expect(bytes).toBeLessThan(LARGEST_BYTES);
}, 60_000);

test('a bundle that reaches Node would be caught', async () => {
  const canary = join(folder, 'canary.ts');
  const lines = [
    `import { openLog } from '${ROOT}src/platform/log.node.ts';`,
    `import { openMail } from '${ROOT}src/platform/mail.node.ts';`,
    `import { openQueues } from '${ROOT}src/queue/queue.node.ts';`,
    `import { readFileSync } from 'node:fs';`,
    `import { Buffer } from 'node:buffer';`,
    `const all = () => [openLog, openMail, openQueues, readFileSync, Buffer];`,
    `export default { fetch: () => new Response(String(all())) };`,
  ];
  await writeFile(canary, lines.join('\n'));
  const { metafile } = await bundle('canary', [canary]);
  expect(offences(metafile)).toEqual(
    expect.arrayContaining([
      'src/platform/log.node.ts',
      'src/queue/queue.node.ts',
      'bullmq',
      'ioredis',
      'nodemailer',
      'pg',
      'pino',
      'node:fs',
      'node:buffer',
    ]),
  );
}, 60_000);
