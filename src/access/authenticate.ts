import { equalInConstantTime, sha256Hex } from '../platform/bytes.ts';
import type { Db } from '../platform/database.ts';
import { parseApiKey } from './key-format.ts';
import type { Caller } from './model.ts';
import { findLiveKey } from './store.ts';

/** Finds the caller behind a bearer token; null when there is none. */
export type Authenticate = (token: string) => Promise<Caller | null>;

interface Known {
  readonly caller: Caller;
  readonly secretSha256: string;
  readonly readAt: number;
}

const CACHE_SIZE = 10_000;

/**
 * Authenticates against the root key and the stored API keys. A key is remembered for
 * `staleMilliseconds`, so its revocation is seen within that time; 0 asks the database always.
 */
export function authenticator(
  reads: Db,
  rootKey: string | null,
  staleMilliseconds: number,
): Authenticate {
  const known = new Map<string, Known>();
  const rootHash = rootKey === null ? null : sha256Hex(rootKey);

  async function find(id: string): Promise<Known | null> {
    const cached = known.get(id);
    if (cached && performance.now() - cached.readAt < staleMilliseconds) return cached;
    known.delete(id);
    const found = await findLiveKey(reads, id);
    if (found === null) return null;
    const fresh = { ...found, readAt: performance.now() };
    if (known.size >= CACHE_SIZE) known.clear();
    if (staleMilliseconds > 0) known.set(id, fresh);
    return fresh;
  }

  return async (token) => {
    if (token.length > 1000) return null;
    if (rootHash !== null && equalInConstantTime(sha256Hex(token), rootHash)) {
      return { kind: 'root' };
    }
    const parts = parseApiKey(token);
    if (parts === null) return null;
    const key = await find(parts.id);
    if (key === null || key.caller.kind !== 'key' || key.caller.mode !== parts.mode) return null;
    const presented = sha256Hex(parts.secret);
    return equalInConstantTime(presented, key.secretSha256) ? key.caller : null;
  };
}
