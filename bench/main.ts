import type { KeyObject } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { benchClaims, makeClasses } from './claims.ts';
import { makeWallets } from './coupons.ts';
import { table } from './figures.ts';
import { benchRedemptions } from './redemptions.ts';
import { benchScale } from './scale.ts';
import { benchSmartTap } from './smart-tap.ts';
import { soak } from './soak.ts';
import { openStage, type Stage } from './stage.ts';
import { benchTaps, makeIssuer } from './taps.ts';

const WALLETS = 20_000;

// `npm run bench`: prints each figure beside its baseline of the same run; `-- --write` also puts
// them into docs/benchmarks.md; `-- --soak` prints the memory over ten minutes of load instead.
const stage = await openStage();
try {
  const key = await makeIssuer(stage);
  const wallets = await makeWallets(stage, { first: 0, end: WALLETS });
  await makeClasses(stage);
  if (process.argv.includes('--soak')) await soak(stage, wallets);
  else await figures(stage, key, wallets);
} finally {
  await stage.close();
}

async function figures(stage: Stage, key: KeyObject, wallets: readonly string[]): Promise<void> {
  const tables = [
    await benchSmartTap(),
    await benchTaps(stage, key, wallets),
    await benchClaims(stage, wallets),
    await benchRedemptions(stage, WALLETS),
    await benchScale(stage, WALLETS),
  ];
  const text = tables.map(table).join('\n\n');
  console.log(`${heading()}\n\n${text}`);
  if (process.argv.includes('--write')) write(text);
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
