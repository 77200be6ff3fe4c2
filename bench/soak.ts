import { readFileSync } from 'node:fs';
import { post, run } from './load.ts';
import { ROOT_KEY, type Stage } from './stage.ts';

const MINUTES = 10;
const HEADERS = { Authorization: `Bearer ${ROOT_KEY}` };

/**
 * Ten minutes of claims at a calm rate, and the memory of the service after each. Prints a row a
 * minute; an answer that is no 2xx ends it.
 */
export async function soak(stage: Stage, wallets: readonly string[]): Promise<void> {
  console.log('| minute | claims | memory of the service, MB |\n|---|---|---|');
  for (let minute = 0; minute <= MINUTES; minute++) {
    const claims = minute === 0 ? 0 : await oneMinute(stage, wallets, minute);
    console.log(`| ${minute} | ${claims} | ${megabytes(stage.servicePid)} |`);
  }
}

async function oneMinute(
  stage: Stage,
  wallets: readonly string[],
  minute: number,
): Promise<number> {
  const until = performance.now() + 60_000;
  let turn = 0;
  const next = () => {
    if (performance.now() > until) return null;
    const body = JSON.stringify({ walletId: wallets[turn % wallets.length] });
    const key = `soak ${minute} ${turn++}`;
    return post('/v1/coupon-classes/900.claim-0/claims', body, {
      ...HEADERS,
      'Idempotency-Key': key,
    });
  };
  const result = await run({ port: stage.servicePort, callers: 32, next, rate: 300 });
  const bad = [...result.statuses].filter(([status]) => status >= 300);
  if (bad.length > 0) throw new Error(`answers with status ${JSON.stringify(bad)}`);
  return result.requests;
}

/** What the process holds in memory now (Linux). */
function megabytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(kilobytes) / 1024);
}
