import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { benchClaims } from './claims.ts';
import { table } from './figures.ts';
import { benchRedemptions } from './redemptions.ts';
import { openStage, type Stage } from './stage.ts';
import { benchTaps, makeIssuer } from './taps.ts';

// `npm run bench`: prints each figure beside its baseline of the same run; `-- --write` also puts
// them into docs/benchmarks.md.
const stage = await openStage();
try {
  const key = await makeIssuer(stage);
  const wallets = await makeWallets(stage, 20_000);
  const taps = await benchTaps(stage, key, wallets);
  const claims = await benchClaims(stage, wallets);
  const redemptions = await benchRedemptions(stage, wallets);
  const text = [table(taps), table(claims), table(redemptions)].join('\n\n');
  console.log(`${heading()}\n\n${text}`);
  if (process.argv.includes('--write')) write(text);
} finally {
  await stage.close();
}

async function makeWallets({ sql }: Stage, count: number): Promise<string[]> {
  const { rows } = await sql.query<{ id: string }>(
    `insert into wallets (id, pairwise_secret)
     select 'wal_' || lpad(to_hex(n), 26, '0'), 'bench'
       from generate_series(1, $1::int) n returning id`,
    [count],
  );
  return rows.map(({ id }) => id);
}

function heading(): string {
  const [cpu] = cpus();
  const date = new Date().toISOString().slice(0, 10);
  return `${date}, ${cpus().length} cores (${cpu?.model.trim()}), shared by load, service and PostgreSQL, Node ${process.version}`;
}

function write(text: string): void {
  const file = new URL('../docs/benchmarks.md', import.meta.url);
  const page = readFileSync(file, 'utf8');
  const [intro = ''] = page.split('<!-- figures -->');
  writeFileSync(file, `${intro}<!-- figures -->\n\n${heading()}\n\n${text}\n`);
}
