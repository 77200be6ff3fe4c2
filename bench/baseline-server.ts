import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import pg from 'pg';

/**
 * The least that any service of this kind does: Hono, one ES256 check, one select, one insert; and
 * the naive claim, a transaction for each request.
 */
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
const app = new Hono();
const keys = new Map<string, CryptoKey>();

async function keyOf(spki: string): Promise<CryptoKey> {
  const known = keys.get(spki);
  if (known) return known;
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  const key = await crypto.subtle.importKey('spki', Buffer.from(spki, 'base64'), algorithm, false, [
    'verify',
  ]);
  keys.set(spki, key);
  return key;
}

app.get('/healthz', (c) => c.text('up'));

app.post('/tap', async (c) => {
  const { payload } = await c.req.json<{ payload: string }>();
  const [header = '', claims = '', signature = ''] = payload.split('.');
  const { presentation } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as {
    presentation: string;
  };
  const { rows } = await pool.query({
    name: 'select',
    text: 'select spki from issuer_keys limit 1',
  });
  const authentic = await crypto.subtle.verify(
    { name: 'ECDSA', hash: 'SHA-256' },
    await keyOf(rows[0].spki),
    Buffer.from(signature, 'base64url'),
    Buffer.from(`${header}.${claims}`),
  );
  if (!authentic) return c.body(null, 401);
  await pool.query({
    name: 'insert',
    text: 'insert into baseline_taps (token) values ($1)',
    values: [presentation],
  });
  return c.json({ ok: true });
});

app.post('/claim', async (c) => {
  const { walletId } = await c.req.json<{ walletId: string }>();
  const client = await pool.connect();
  try {
    await client.query('begin');
    const { rowCount } = await client.query({
      name: 'guarded',
      text: 'update baseline_stock set claimed = claimed + 1 where id = 0 and claimed < stock',
    });
    await client.query({
      name: 'claim',
      text: 'insert into baseline_claims (wallet_id) values ($1)',
      values: [walletId],
    });
    await client.query('commit');
    return c.json({ claimed: rowCount });
  } finally {
    client.release();
  }
});

serve({ fetch: app.fetch, port: Number(process.env.PORT), hostname: '127.0.0.1' });
