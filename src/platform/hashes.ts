import { createHash } from 'node:crypto';

/** In the calling thread: for these short texts a trip to a thread pool costs more than the hash. */
export function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The SHA-256 of bytes that come one after the other. */
export interface RunningSha256 {
  add(bytes: Uint8Array): void;
  /** Of what was added so far. */
  hex(): string;
}

export function runningSha256(): RunningSha256 {
  const hash = createHash('sha256');
  return {
    add: (bytes) => void hash.update(bytes),
    hex: () => hash.copy().digest('hex'),
  };
}
