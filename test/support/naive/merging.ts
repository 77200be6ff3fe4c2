import { rareStatement, type Tx } from '../../../src/platform/database.ts';

/** Writes another wallet on all coupons, and thinks of nothing that counts them. */
export async function mergeNaively(tx: Tx, keep: string, gone: string): Promise<void> {
  const move = rareStatement<never>('update coupons set wallet_id = $1 where wallet_id = $2');
  await tx.run(move, [keep, gone]);
}
