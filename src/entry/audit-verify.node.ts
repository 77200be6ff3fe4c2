import { type ChainEnd, parseHead } from '../audit/model.ts';
import { type Verdict, verifyChain } from '../audit/verify.ts';
import { openDatabase } from '../platform/database.node.ts';
import { findDatabase } from './find-database.node.ts';
import type { ProcessContext, Start } from './start.ts';

/**
 * What `tapline audit …` is to do; null when that is no such command. The process ends with 0 when
 * the chain holds, and with 1 when it does not or could not be read to its end.
 */
export function auditVerify([verb, ...options]: readonly string[]): Start | null {
  if (verb !== 'verify') return null;
  if (options.length === 0) return (context) => verify(context, []);
  const [option, text = ''] = options;
  const head = parseHead(text);
  if (option !== '--head' || head === null || options.length > 2) return null;
  return (context) => verify(context, [head]);
}

async function verify(context: ProcessContext, heads: readonly ChainEnd[]) {
  const { url, release } = await findDatabase(context);
  const database = openDatabase({
    connectionString: url,
    max: 1,
    applicationName: 'tapline-audit',
  });
  const stop = async () => {
    await database.close();
    await release();
  };
  try {
    const verdict = await verifyChain(database.reads, heads);
    context.say(told(verdict, heads.length > 0));
    // Whoever stopped this meanwhile is not to take it for a good end.
    if (context.ending.aborted) process.exitCode = 1;
    context.end(verdict.ok ? 0 : 1);
    return { stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function told(verdict: Verdict, hadHead: boolean): string {
  if (verdict.ok) {
    const { position, hash } = verdict;
    const advice = hadHead ? '' : '\nno head was given: give one that was published and kept';
    return `the audit holds up to position ${position}, hash ${hash}${advice}`;
  }
  const { damage, position, entry } = verdict;
  const place = position === null ? '' : ` at position ${position}`;
  return `the audit was tampered with: ${damage}${place}${entry === null ? '' : `, entry ${entry}`}`;
}
