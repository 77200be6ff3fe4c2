import { sealWaiting } from '../src/audit/seal.ts';
import { foldEntries } from '../src/numbers/fold.ts';
import type { WorkerContext } from './context.ts';

/** Seals what the audit has got since, and adds it to the numbers of its coupon classes. */
export async function auditSeal({ database }: WorkerContext): Promise<void> {
  await sealWaiting(database, foldEntries);
}
