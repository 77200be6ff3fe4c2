import { sha256Hex } from '../platform/hashes.ts';

/**
 * What the address of a session ends with. It is made of the device's own secret, so that the
 * device gets the same address when it touches again, and nobody else can make it.
 */
export function sessionToken(tapId: string, deviceSecret: string): string {
  return sha256Hex(`${tapId}.${deviceSecret}`).slice(0, 40);
}

/** A text that does not match names no session. */
export const SESSION_TOKEN = /^[0-9a-f]{40}$/;
