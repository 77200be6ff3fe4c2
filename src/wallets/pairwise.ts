import { sha256Hex } from '../platform/hashes.ts';

/** A reference that is stable for a wallet and a collector and tells two collectors nothing. */
export function pairwiseRef(secret: string, collectorId: string): string {
  return `ref_${sha256Hex(`${secret}.${collectorId}`).slice(0, 36)}`;
}
