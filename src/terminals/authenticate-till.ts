import { type Authenticate, remembering } from '../access/authenticate.ts';
import type { Db } from '../platform/database.ts';
import { sha256Hex } from '../platform/hashes.ts';
import { findTillBySecret } from './till-store.ts';

/** Finds the paired till behind its cookie; unpairing is seen within `staleMilliseconds`. */
export function tillAuthenticator(reads: Db, staleMilliseconds: number): Authenticate {
  return remembering((secret) => findTillBySecret(reads, sha256Hex(secret)), staleMilliseconds);
}
