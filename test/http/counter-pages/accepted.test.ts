import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestService, type TestService } from '../../support/service.ts';
import { expectStatus, type Merchant, World } from '../../support/world.ts';

let service: TestService;
let world: World;
let owner: Merchant;

beforeAll(async () => {
  service = await startTestService();
  world = new World(service);
  owner = await world.merchant();
  await world.store(owner, 'harbour');
});
afterAll(() => service.stop());

async function pairingCode(): Promise<string> {
  const made = await owner.client.post<{ code: string }>(
    '/v1/terminals/till-harbour/pairing-codes',
  );
  return expectStatus(made, 201).code;
}

function post(path: string, fields: Record<string, string>, headers: Record<string, string> = {}) {
  return service.nobody.send('POST', path, {
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(fields).toString(),
  });
}

/** The cookie of a browser that has just been paired. */
async function pairedCookie(typed = (code: string) => code): Promise<string> {
  const answer = await post('/counter/pair', { code: typed(await pairingCode()) });
  expect(answer.status).toBe(303);
  expect(answer.headers.get('location')).toBe('/counter');
  return (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
}

/** What the page hands to its script. */
function dataOf(html: string) {
  const [, json = 'null'] = /<script id="data"[^>]*>(.*?)<\/script>/s.exec(html) ?? [];
  return JSON.parse(json) as { till?: { terminalId: string }; terminalId?: string; qr?: unknown };
}

describe('pairing', () => {
  test('takes six digits and opens the counter', async () => {
    const cookie = await pairedCookie();
    const { status, text, headers } = await service.nobody.get('/counter', { cookie });
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(dataOf(text).till?.terminalId).toBe('till-harbour');
  });

  test('takes them as people and keyboards write them', async () => {
    await pairedCookie((code) => `${code.slice(0, 3)} ${code.slice(3)}`);
    const fullWidth = (digit: string) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0);
    await pairedCookie((code) => [...code].map(fullWidth).join(''));
  });

  test('gives a cookie that no script sees and no stranger sends', async () => {
    const answer = await post('/counter/pair', { code: await pairingCode() });
    const cookie = answer.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/HttpOnly/i);
    expect(cookie).toMatch(/SameSite=Lax/i);
    expect(cookie).toMatch(/Secure/i);
  });

  test('tells a browser that is paired what it is', async () => {
    const cookie = await pairedCookie();
    const { text } = await service.nobody.get('/counter/pair', { cookie });
    expect(text).toContain('This browser is paired as harbour');
  });
});

describe('the counter', () => {
  test('is drawn by the server, in the language that was chosen', async () => {
    const cookie = await pairedCookie();
    const english = await service.nobody.get('/counter', { cookie });
    expect(english.text).toContain('<html lang="en">');
    expect(english.text).toContain('Recognition off');
    const chinese = await service.nobody.get('/counter?lang=zh-CN', { cookie });
    expect(chinese.text).toContain('<html lang="zh-CN">');
    expect(chinese.text).toContain('未上传单据数');
  });

  test('allows its own script and style alone', async () => {
    const cookie = await pairedCookie();
    const { text, headers } = await service.nobody.get('/counter', { cookie });
    const policy = headers.get('content-security-policy') ?? '';
    const [, nonce] = /script-src 'nonce-([^']+)'/.exec(policy) ?? [];
    expect(policy).toContain("default-src 'none'");
    expect(text.match(/<script /g)?.length).toBe(2);
    expect(text.split(`nonce="${nonce}"`)).toHaveLength(4);
    expect(text).not.toMatch(/ style=|onclick=/);
  });

  test('has the texts of either language at hand', async () => {
    for (const locale of ['en', 'zh-CN']) {
      const { status, body } = await service.nobody.get(`/counter/texts/${locale}`);
      expect(status).toBe(200);
      expect(body).toMatchObject({ bill: { redeem: expect.any(String) } });
    }
  });
});

describe('the display', () => {
  test('belongs to the till and shows where to tap, with the stand’s printed link', async () => {
    const cookie = await pairedCookie();
    const without = await service.nobody.get('/display', { cookie });
    expect(without.status).toBe(200);
    expect(without.text).toContain('Tap your phone here');
    expect(dataOf(without.text)).toMatchObject({ terminalId: 'till-harbour', qr: null });
    const { issuerId, client } = owner;
    const stand = { issuerId, terminalId: 'till-harbour', name: 'Stand 1', tag: 'static' };
    expectStatus(await client.post('/v1/stands', stand), 201);
    const known = await service.nobody.get('/display', { cookie });
    expect(dataOf(known.text).qr).toMatchObject({ path: expect.stringMatching(/^M/) });
    expect(known.text).toContain('Or scan this code');
  });
});
