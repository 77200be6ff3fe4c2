import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Bytes, fromBase64 } from './bytes.ts';
import { ConfigError } from './config.ts';
import { makeSecret } from './embedded/password.node.ts';
import { SEALING_KEY_BYTES } from './sealing.ts';

/**
 * The key for secrets in the embedded database, kept beside it and not in it, and made at the first
 * start. Without it those secrets are lost, and nothing else.
 * @throws ConfigError when the file holds something else
 */
export async function readOrMakeSecretKey(dataDir: string): Promise<Bytes> {
  const file = join(dataDir, 'secret-key');
  const known = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return makeSecret(file, randomBytes(SEALING_KEY_BYTES).toString('base64'));
  });
  const key = fromBase64(known.trim());
  if (key?.length === SEALING_KEY_BYTES) return key;
  throw new ConfigError(`${file} must hold ${SEALING_KEY_BYTES} bytes in base64`);
}
