import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { parsePublicKeyPem, publicKeyPoint } from '../issuers/public-key.ts';
import { fromBase64Url } from '../platform/bytes.ts';
import { quoted } from './quoted.ts';
import { StartRefusedError } from './start.ts';

/**
 * The 32 bytes of a collector's long-term key in a PEM file, PKCS #8 or SEC 1.
 * @throws StartRefusedError that says what the file is instead; never what is in it
 */
export async function readPrivateKey(file: string): Promise<Uint8Array> {
  const key = privateKeyOf(await readText(file), quoted(file));
  const { crv, d } = key.asymmetricKeyType === 'ec' ? key.export({ format: 'jwk' }) : {};
  const bytes = crv === 'P-256' ? fromBase64Url(d ?? '') : null;
  if (bytes === null) {
    throw new StartRefusedError(`${quoted(file)} is a private key, but not of P-256`);
  }
  return bytes;
}

function privateKeyOf(pem: string, name: string): KeyObject {
  if (/-----BEGIN PUBLIC KEY-----/.test(pem)) {
    throw new StartRefusedError(`${name} is a public key: the terminal signs with the private one`);
  }
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(pem)) {
    const remedy = '`openssl pkey -in <file> -out <other file>` takes the passphrase off';
    throw new StartRefusedError(`${name} is encrypted: ${remedy}`);
  }
  try {
    return createPrivateKey(pem);
  } catch {
    // What OpenSSL says tells nobody what to do, and may repeat what it has read.
    throw new StartRefusedError(`${name} is no private key in PEM`);
  }
}

/**
 * The point of a collector's public key in a PEM file, in the one form that issuers register.
 * @throws StartRefusedError
 */
export async function readPublicKey(file: string): Promise<Uint8Array> {
  const parsed = parsePublicKeyPem(await readText(file));
  if (parsed.ok) return publicKeyPoint(parsed.spki);
  throw new StartRefusedError(`${quoted(file)} is no public key of P-256: ${parsed.reason}`);
}

export interface FreshKeyPair {
  /** PKCS #8. */
  readonly privateKeyPem: string;
  /** The point, uncompressed. */
  readonly publicKey: Uint8Array;
}

export function makeKeyPair(): FreshKeyPair {
  const { privateKey, publicKey } = generateKeyPairSync('ec', {
    namedCurve: 'prime256v1',
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'der' },
  });
  return {
    privateKeyPem: privateKey,
    publicKey: publicKeyPoint(publicKey.toString('base64')),
  };
}

/**
 * Writes a private key that only this user may read.
 * @throws StartRefusedError when there is such a file already
 */
export async function writePrivateKey(file: string, pem: string): Promise<void> {
  await writeFile(file, pem, { mode: 0o600, flag: 'wx' }).catch((error: unknown) => {
    throw notPossible(error, 'written', file);
  });
}

function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw notPossible(error, 'read', file);
  });
}

function notPossible(error: unknown, what: string, file: string): StartRefusedError {
  const { code } = error as NodeJS.ErrnoException;
  return new StartRefusedError(`${quoted(file)} cannot be ${what}: ${code}`);
}
