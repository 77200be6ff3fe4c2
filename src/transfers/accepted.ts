import type { MemberCaller } from '../access/model.ts';
import type { Db } from '../platform/database.ts';
import { sha256Hex } from '../platform/hashes.ts';
import { findAccepted } from './accepted-store.ts';

/** The coupon that a member got by a link, for who opens it again; null for anybody else. */
export function readAccepted(
  db: Db,
  { walletId }: MemberCaller,
  token: string,
): Promise<string | null> {
  return findAccepted(db, sha256Hex(token), walletId);
}
