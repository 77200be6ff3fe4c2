import { type Db, rareStatement } from '../platform/database.ts';

const find = rareStatement<{ new_coupon_id: string }>(
  'select new_coupon_id from transfers where token_sha256 = $1 and to_wallet_id = $2',
);

export async function findAccepted(
  db: Db,
  tokenSha256: string,
  walletId: string,
): Promise<string | null> {
  const [row] = await db.run(find, [tokenSha256, walletId]);
  return row?.new_coupon_id ?? null;
}
