import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { newWebhookSecret, signedHeaders } from '../../src/notices/signature.ts';

/** The example of Standard Webhooks 1.0.0. */
const SECRET = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';
const MESSAGE = {
  id: 'msg_27UH4WbU6Z5A5EzD8u03UvzRbpk',
  timestamp: 1649367553,
  body: '{"email":"test@example.com","username":"test_user"}',
};

/** The same by other means: node:crypto where the code asks WebCrypto. */
function hmac({ id, timestamp, body }: typeof MESSAGE, secret: string): string {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  return createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
}

describe('the headers of a webhook', () => {
  it('are those of the published example', async () => {
    expect(await signedHeaders(MESSAGE, [SECRET])).toEqual({
      'webhook-id': MESSAGE.id,
      'webhook-timestamp': '1649367553',
      'webhook-signature': 'v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=',
    });
  });

  it('hold a signature by each of two secrets, the newer first', async () => {
    const secrets = [newWebhookSecret(), SECRET];
    const { 'webhook-signature': signature } = await signedHeaders(MESSAGE, secrets);
    expect(signature).toBe(secrets.map((secret) => `v1,${hmac(MESSAGE, secret)}`).join(' '));
  });

  it('sign what an independent HMAC signs, for any text', async () => {
    for (const body of ['', '{}', '{"name":"立减五元 🎟"}', 'a.b.c', 'x'.repeat(20_000)]) {
      const message = { ...MESSAGE, body };
      const secret = newWebhookSecret();
      const { 'webhook-signature': signature } = await signedHeaders(message, [secret]);
      expect(signature).toBe(`v1,${hmac(message, secret)}`);
    }
  });

  it('change with the id, the time and every byte of the body', async () => {
    const signatures = await Promise.all(
      [
        MESSAGE,
        { ...MESSAGE, id: 'msg_2' },
        { ...MESSAGE, timestamp: MESSAGE.timestamp + 1 },
        { ...MESSAGE, body: `${MESSAGE.body} ` },
      ].map(async (message) => (await signedHeaders(message, [SECRET]))['webhook-signature']),
    );
    expect(new Set(signatures).size).toBe(signatures.length);
  });

  it.each(['', 'whsec_', SECRET.slice(6), 'whsec_!', 'whpk_C2FVsBQIhrscChlQIMV+b5sSYspob7oD'])(
    'are not made with %j for a secret',
    async (secret) => {
      await expect(signedHeaders(MESSAGE, [secret])).rejects.toThrow();
    },
  );
});

it('a new secret has 32 random bytes', () => {
  const secrets = Array.from({ length: 100 }, newWebhookSecret);
  for (const secret of secrets) {
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(Buffer.from(secret.slice(6), 'base64')).toHaveLength(32);
  }
  expect(new Set(secrets).size).toBe(secrets.length);
});
