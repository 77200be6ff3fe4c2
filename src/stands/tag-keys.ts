import type { Sealer } from '../platform/sealing.ts';
import type { TagKeys } from './model.ts';

// Bound to its row, so that the keys of one stand put in the row of another do not open.
const placeOf = (standId: string) => `stands.keys:${standId}`;

export function sealTagKeys(sealer: Sealer, standId: string, keys: TagKeys): Promise<string> {
  const { meta, file } = keys;
  return sealer.seal(JSON.stringify({ meta, file }), placeOf(standId));
}

/** @throws SealBrokenError when they were sealed with another key */
export async function openTagKeys(
  sealer: Sealer,
  standId: string,
  sealed: string,
): Promise<TagKeys> {
  return JSON.parse(await sealer.open(sealed, placeOf(standId))) as TagKeys;
}
