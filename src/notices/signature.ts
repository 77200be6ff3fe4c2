import { type Bytes, fromBase64, toBase64, utf8 } from '../platform/bytes.ts';

/** A message as it is signed. */
export interface SignedMessage {
  readonly id: string;
  /** Seconds since 1970, of this attempt. */
  readonly timestamp: number;
  readonly body: string;
}

const PREFIX = 'whsec_';
const SECRET_BYTES = 32;

/** A new secret as its receiver stores it. */
export function newWebhookSecret(): string {
  return PREFIX + toBase64(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)));
}

/**
 * The headers of a Standard Webhooks message (1.0.0): a signature by each secret, so that a
 * receiver may verify with the old or the new one while they are exchanged.
 */
export async function signedHeaders(
  { id, timestamp, body }: SignedMessage,
  secrets: readonly string[],
): Promise<Record<string, string>> {
  const content = utf8(`${id}.${timestamp}.${body}`);
  const signatures = await Promise.all(secrets.map((secret) => sign(content, secret)));
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatures.join(' '),
  };
}

async function sign(content: Bytes, secret: string): Promise<string> {
  const raw = secret.startsWith(PREFIX) ? fromBase64(secret.slice(PREFIX.length)) : null;
  if (raw === null) throw new TypeError('not a webhook secret');
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', raw, algorithm, false, ['sign']);
  return `v1,${toBase64(new Uint8Array(await crypto.subtle.sign('HMAC', key, content)))}`;
}
