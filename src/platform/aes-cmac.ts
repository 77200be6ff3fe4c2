import { cbc, cmac } from '@noble/ciphers/aes.js';

/** AES-CMAC (RFC 4493) under a key of 16 bytes. */
export function aesCmac(key: Uint8Array, message: Uint8Array): Uint8Array {
  return cmac(message, key);
}

/** AES-CBC over whole blocks, from a first block of zeros. Nothing is padded. */
export function aesCbcDecrypt(key: Uint8Array, blocks: Uint8Array): Uint8Array {
  return cbc(key, new Uint8Array(16), { disablePadding: true }).decrypt(blocks);
}
