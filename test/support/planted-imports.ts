import { appendFileSync, existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

type How = 'plainly' | 'as a type' | 'at run time';

/** An import by one file of another, both made for it. */
export interface Planted {
  readonly from: string;
  /** A path from the root of the tree, a package, or a specifier that begins with a dot. */
  readonly to: string | null;
  readonly how: How;
}

export interface Breach extends Planted {
  /** The rule that finds it in `from`. */
  readonly rule: string;
}

function breach(rule: string, from: string, to: string | null, how: How = 'plainly'): Breach {
  return { rule, from, to, how };
}

/** The file with the rules, and with the order of the slices in their names. */
export const CONFIG = fileURLToPath(new URL('../../.dependency-cruiser.cjs', import.meta.url));

const { forbidden } = createRequire(import.meta.url)(CONFIG) as {
  readonly forbidden: readonly { readonly name: string }[];
};
/** The names of all rules. */
export const RULES = forbidden.map(({ name }) => name);
/** Of the slices that have others behind them. */
const ORDER = '-before-later-slices';

/** One breach of each rule. */
export const PLANTS: readonly Breach[] = [
  breach('pure-imports-pure', 'src/coupons/model.ts', 'src/platform/ids.ts'),
  breach('tables-only-by-stores', 'src/coupons/change.ts', 'src/coupons/tables.ts'),
  breach('tables-import-tables', 'src/coupons/tables.ts', 'src/platform/database.ts'),
  breach('store-stands-on-tables', 'src/coupons/class-store.ts', 'src/coupons/change.ts'),
  breach('drizzle-in-stores', 'src/coupons/offer-view.ts', 'drizzle-orm'),
  breach('verbs-know-no-transport', 'src/taps/tap.ts', 'hono'),
  breach('routes-call-verbs', 'src/taps/routes.ts', 'src/taps/store.ts'),
  breach('routes-apart', 'src/coupons/routes.ts', 'src/wallets/routes.ts'),
  breach('face-only-by-app', 'src/passes/read.ts', 'src/wallet-api/merge.ts'),
  breach('platform-at-the-bottom', 'src/platform/log.ts', 'src/queue/jobs.ts'),
  breach('queue-on-platform', 'src/queue/relay.ts', 'src/claims/drain.ts'),
  breach('records-on-platform', 'src/audit/store.ts', 'src/access/model.ts'),
  breach('problems-are-texts', 'src/problems/registry.ts', 'src/claims/drain.ts'),
  breach('http-under-routes', 'src/http/service.ts', 'src/claims/drain.ts'),
  breach('http-only-for-faces', 'workers/sweep.ts', 'src/http/env.ts'),
  breach('workers-call-verbs', 'workers/claims-drain.ts', 'src/claims/routes.ts'),
  breach('workers-only-by-entry', 'src/queue/queue.node.ts', 'workers/start.ts'),
  breach('pages-only-by-entry', 'src/passes/show.ts', 'src/web/document.tsx'),
  breach('pages-show', 'src/web/claim/page.tsx', 'src/claims/hand-in.ts'),
  breach('islands-run-in-browsers', 'src/web/claim/island.tsx', 'src/http/body.ts'),
  breach('smarttap-alone', 'src/smarttap/codec.ts', 'src/platform/bytes.ts'),
  breach('smarttap-by-index', 'src/taps/apdu.ts', 'src/smarttap/codec.ts'),
  breach('smarttap-two-ends', 'src/smarttap/terminal/read.ts', 'src/smarttap/wallet/write.ts'),
  breach('edge-clean', 'src/entry/edge.ts', 'src/app.ts'),
  breach('node-only-in-node-files', 'src/platform/bytes.ts', 'node:buffer'),
  breach('edge-only-at-the-edge', 'src/queue/send.ts', 'src/platform/database.edge.ts'),
  breach('drivers-in-platform', 'src/entry/api.node.ts', 'pg'),
  breach('installed-for-running', 'src/platform/text.ts', 'yaml'),
  breach('no-cycle', 'src/passes/rules.ts', 'src/passes/validity.ts'),
  breach('no-missing', 'src/passes/insert.ts', './gone.ts'),
  breach('no-orphan', 'src/passes/left-over.ts', null),
  breach('no-dead-module', 'src/passes/unused.ts', 'src/passes/model.ts'),
  breach('roots-stay-roots', 'src/taps/start.ts', 'src/entry/node.ts'),
  breach('entry-only-by-roots', 'src/app.ts', 'src/entry/api.node.ts'),
  breach('tools-apart', 'src/wallets/create.ts', 'test/support/postgres.ts'),
  breach('pure-tests-need-no-server', 'test/unit/safety.test.ts', 'src/platform/safety.node.ts'),
  breach('slice-has-a-place', 'src/stamps/grant.ts', 'src/platform/ids.ts'),
  ...RULES.filter((name) => name.endsWith(ORDER)).map((name) =>
    breach(name, `src/${name.slice(0, -ORDER.length)}/early.ts`, 'src/counter/lookup.ts'),
  ),
];

/** The ways an import hides. */
export const HIDDEN_PLANTS: readonly Breach[] = [
  breach('pure-imports-pure', 'src/claims/decide.ts', 'zod', 'as a type'),
  breach('routes-call-verbs', 'src/claims/schemas.ts', 'src/claims/store.ts', 'as a type'),
  breach('verbs-know-no-transport', 'src/claims/drain.ts', 'bullmq', 'at run time'),
];

/** The rest of the way where a breach is a cycle, or reaches something through others. */
export const WAYS: readonly Planted[] = [
  { from: 'src/passes/validity.ts', to: 'src/passes/rules.ts', how: 'as a type' },
  { from: 'src/app.ts', to: 'src/platform/bytes.ts', how: 'plainly' },
  { from: 'src/platform/safety.node.ts', to: 'pg', how: 'plainly' },
];

/** A small tree that keeps every rule: a root, a route, a verb, a store, a worker and a test. */
export const CLEAN_TREE: readonly Planted[] = [
  ['src/entry/node.ts', 'src/entry/api.node.ts'],
  ['src/entry/api.node.ts', 'src/app.ts'],
  ['src/entry/api.node.ts', 'workers/start.ts'],
  ['src/entry/api.node.ts', 'src/platform/database.node.ts'],
  ['src/platform/database.node.ts', 'pg'],
  ['src/app.ts', 'src/claims/routes.ts'],
  ['src/claims/routes.ts', 'hono'],
  ['src/claims/routes.ts', 'src/claims/claim.ts'],
  ['src/claims/claim.ts', 'src/claims/decide.ts'],
  ['src/claims/claim.ts', 'src/claims/store.ts'],
  ['src/claims/decide.ts', 'src/coupons/model.ts'],
  ['src/claims/store.ts', 'src/claims/tables.ts'],
  ['src/claims/tables.ts', 'drizzle-orm'],
  ['workers/main.ts', 'workers/start.ts'],
  ['workers/start.ts', 'src/claims/claim.ts'],
  ['test/unit/claims.test.ts', 'src/claims/decide.ts'],
].map(([from = '', to = '']) => ({ from, to, how: 'plainly' }) as const);

const DEV_DEPENDENCIES = ['yaml'];

/** Writes the imports, what they import, and the packages, into an empty folder. */
export function plantTree(root: string, imports: readonly Planted[]): void {
  const names = imports.flatMap(({ to }) => (to !== null && isPackage(to) ? [to] : []));
  for (const name of names) plantPackage(root, name);
  const versions = (some: readonly string[]) => Object.fromEntries(some.map((name) => [name, '1']));
  const manifest = {
    type: 'module',
    dependencies: versions(names.filter((name) => !DEV_DEPENDENCIES.includes(name))),
    devDependencies: versions(DEV_DEPENDENCIES),
  };
  write(root, 'package.json', JSON.stringify(manifest));
  for (const folder of ['src', 'workers', 'test'])
    mkdirSync(join(root, folder), { recursive: true });
  for (const planted of imports) plantImport(root, planted);
}

function plantImport(root: string, { from, to, how }: Planted): void {
  if (to === null) {
    write(root, from, 'export {};\n');
    return;
  }
  const isFile = /\.tsx?$/.test(to) && !to.startsWith('.');
  if (isFile && !existsSync(join(root, to))) write(root, to, 'export {};\n');
  const specifier = isFile ? pathBetween(from, to) : to;
  const line = {
    plainly: `import '${specifier}';\n`,
    'as a type': `import type { Planted } from '${specifier}';\n`,
    'at run time': `await import('${specifier}');\n`,
  };
  // A page holds what only a reader of JSX understands.
  write(
    root,
    from,
    from.endsWith('.tsx') ? `${line[how]}export const shown = <p />;\n` : line[how],
  );
}

function isPackage(to: string): boolean {
  return !to.includes('.') && !to.startsWith('node:');
}

function plantPackage(root: string, name: string): void {
  const manifest = JSON.stringify({
    name,
    version: '1.0.0',
    type: 'module',
    exports: './index.js',
  });
  const folder = `node_modules/${name}`;
  if (existsSync(join(root, folder))) return;
  write(root, `${folder}/package.json`, manifest);
  write(root, `${folder}/index.js`, 'export {};\n');
}

function pathBetween(from: string, to: string): string {
  const path = relative(dirname(from), to);
  return path.startsWith('.') ? path : `./${path}`;
}

/** Adds to a file, because one file may import several. */
function write(root: string, path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  appendFileSync(join(root, path), text);
}
