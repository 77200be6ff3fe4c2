import { type Bytes, decodeUtf8, fromBase64Url, toBase64Url, utf8 } from './bytes.ts';

/** Keeps texts encrypted, each bound to the place where it is kept. */
export interface Sealer {
  seal(text: string, place: string): Promise<string>;
  /** @throws SealBrokenError for anything that was not sealed with this key for this very place */
  open(sealed: string, place: string): Promise<string>;
  /** A keyed digest by which a text is found again: equal texts have equal marks in one place. */
  mark(text: string, place: string): Promise<string>;
}

/** Another key, another place, or not what was sealed. */
export class SealBrokenError extends Error {
  override readonly name = 'SealBrokenError';
}

export const SEALING_KEY_BYTES = 32;
const VERSION = 'v1.';
const NONCE_BYTES = 12;
const ALGORITHM = 'AES-GCM';

/**
 * Seals with AES-256-GCM under that key. A nonce is 96 random bits, good for some billions of
 * texts; the place is authenticated, so that a row put in place of another does not open.
 */
export function sealerOf(key: Bytes): Sealer {
  if (key.length !== SEALING_KEY_BYTES) throw new RangeError('a sealing key has 32 bytes');
  const imported = crypto.subtle.importKey('raw', key, ALGORITHM, false, ['encrypt', 'decrypt']);
  const marking = importMarkKey(key);
  const parameters = (nonce: Bytes, place: string) => ({
    name: ALGORITHM,
    iv: nonce,
    additionalData: utf8(VERSION + place),
  });
  return {
    seal: async (text, place) => {
      const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
      const encrypted = await crypto.subtle.encrypt(
        parameters(nonce, place),
        await imported,
        utf8(text),
      );
      const sealed = new Uint8Array(NONCE_BYTES + encrypted.byteLength);
      sealed.set(nonce);
      sealed.set(new Uint8Array(encrypted), NONCE_BYTES);
      return VERSION + toBase64Url(sealed);
    },
    open: async (sealed, place) => {
      const bytes = sealed.startsWith(VERSION) ? fromBase64Url(sealed.slice(VERSION.length)) : null;
      if (bytes === null) throw new SealBrokenError('not a sealed text');
      const parts = parameters(bytes.slice(0, NONCE_BYTES), place);
      const opened = await crypto.subtle
        .decrypt(parts, await imported, bytes.slice(NONCE_BYTES))
        .catch(() => {
          throw new SealBrokenError('the seal is broken');
        });
      return decodeUtf8(new Uint8Array(opened));
    },
    mark: async (text, place) => {
      // A place has no line break in it, so no two pairs of place and text read the same.
      const content = utf8(`${place}\n${text}`);
      const digest = await crypto.subtle.sign('HMAC', await marking, content);
      return toBase64Url(new Uint8Array(digest));
    },
  };
}

/** A key of its own, so that no mark tells anything of what was encrypted. */
async function importMarkKey(key: Bytes): Promise<CryptoKey> {
  const secret = await crypto.subtle.importKey('raw', key, 'HKDF', false, ['deriveKey']);
  return crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: utf8('tapline marks v1') },
    secret,
    { name: 'HMAC', hash: 'SHA-256', length: 256 },
    false,
    ['sign'],
  );
}
