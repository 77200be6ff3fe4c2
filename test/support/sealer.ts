import { sealerOf } from '../../src/platform/sealing.ts';

/** Keeps the secrets of the tests. */
export const SEALER = sealerOf(new Uint8Array(32).fill(7));
