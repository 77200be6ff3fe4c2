import { equalInConstantTime } from '../platform/bytes.ts';
import type { Db } from '../platform/database.ts';
import { sha256Hex } from '../platform/hashes.ts';
import { parseApiKey } from './key-format.ts';
import type { Caller } from './model.ts';
import { findLiveKey } from './store.ts';

/** Finds the caller behind a bearer token; null when there is none. */
export type Authenticate = (token: string) => Promise<Caller | null>;

interface Known {
  readonly caller: Caller;
  readonly checkedAt: number;
}

const CACHE_SIZE = 10_000;

/** Authenticates against the root key and the stored API keys. */
export function authenticator(
  reads: Db,
  rootKey: string | null,
  staleMilliseconds: number,
): Authenticate {
  const rootHash = rootKey === null ? null : sha256Hex(rootKey);

  async function check(token: string): Promise<Caller | null> {
    if (rootHash !== null && equalInConstantTime(sha256Hex(token), rootHash)) {
      return { kind: 'root' };
    }
    const parts = parseApiKey(token);
    const key = parts === null ? null : await findLiveKey(reads, parts.id);
    if (parts === null || key === null) return null;
    const { caller, secretSha256 } = key;
    if (caller.kind !== 'key' || caller.mode !== parts.mode) return null;
    return equalInConstantTime(sha256Hex(parts.secret), secretSha256) ? caller : null;
  }

  return remembering(check, staleMilliseconds);
}

/**
 * A token that was good is remembered for `staleMilliseconds`, so a revocation is seen within that
 * time; 0 checks always.
 */
export function remembering(check: Authenticate, staleMilliseconds: number): Authenticate {
  const known = new Map<string, Known>();
  return async (token) => {
    if (token.length > 1000) return null;
    const now = performance.now();
    const cached = known.get(token);
    if (cached && now - cached.checkedAt < staleMilliseconds) return cached.caller;
    known.delete(token);
    const caller = await check(token);
    if (caller === null || staleMilliseconds === 0) return caller;
    if (known.size >= CACHE_SIZE) known.clear();
    known.set(token, { caller, checkedAt: now });
    return caller;
  };
}
