import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestService, type TestService } from '../../support/service.ts';
import { told } from '../../support/service-client.ts';
import { expectStatus, type Merchant, World } from '../../support/world.ts';

let service: TestService;
let owner: Merchant;

beforeAll(async () => {
  service = await startTestService({ workers: false });
  const world = new World(service);
  owner = await world.merchant();
  await world.store(owner, 'harbour');
});
afterAll(() => service.stop());

function pair(code: string, headers: Record<string, string> = {}) {
  return service.nobody.send('POST', '/counter/pair', {
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams({ code }).toString(),
  });
}

async function newCode(): Promise<string> {
  const path = '/v1/terminals/till-harbour/pairing-codes';
  return expectStatus(await owner.client.post<{ code: string }>(path), 201).code;
}

describe('a browser that is no till', () => {
  test.each(['/counter', '/display'])('is sent from %s to be paired', async (path) => {
    const { status, headers } = await service.nobody.get(path);
    expect(status).toBe(303);
    expect(headers.get('location')).toBe('/counter/pair');
  });

  test('is none by a cookie that nobody gave it', async () => {
    const cookie = `tapline_till=${'x'.repeat(43)}`;
    expect((await service.nobody.get('/counter', { cookie })).status).toBe(303);
  });

  test('is none any more once it is unpaired', async () => {
    const paired = await pair(await newCode());
    const cookie = (paired.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const me = await service.nobody.get<{ tillId: string }>('/v1/tills/me', { cookie });
    expectStatus(await owner.client.delete(`/v1/tills/${me.body.tillId}`), 204);
    await expect
      .poll(async () => (await service.nobody.get('/counter', { cookie })).status, {
        timeout: 10_000,
      })
      .toBe(303);
  });
});

describe('a code', () => {
  test('that is wrong is answered in words, with the form', async () => {
    const code = await newCode();
    const wrong = code === '000000' ? '000001' : '000000';
    const { status, text, headers } = await pair(wrong);
    expect(status).toBe(409);
    expect(text).toContain('role="alert"');
    expect(text).toContain('The code is not valid');
    expect(text).toContain('name="code"');
    expect(headers.get('set-cookie')).toBeNull();
  });

  test('counts once', async () => {
    const code = await newCode();
    expect((await pair(code)).status).toBe(303);
    expect((await pair(code)).status).toBe(409);
  });

  test.each(['', '12345', '1234567', 'abcdef'])(
    'of the form %j is asked for again',
    async (code) => {
      const { status, text } = await pair(code);
      expect(status).toBe(422);
      expect(text).toContain('six digits');
    },
  );

  test('is refused in Chinese to who reads Chinese', async () => {
    const { text } = await pair('12', { 'accept-language': 'zh-CN' });
    expect(text).toContain('配对码为 6 位数字');
  });

  test('that a page of others sends is not taken', async () => {
    const code = await newCode();
    const foreign: Record<string, string>[] = [
      { 'sec-fetch-site': 'cross-site' },
      { origin: 'https://elsewhere.test' },
    ];
    for (const headers of foreign) {
      expect(told(await pair(code, headers))).toBe('403 forbidden');
    }
    expect((await pair(code)).status).toBe(303);
  });
});

test('texts of a language that is not there are not found', async () => {
  expect((await service.nobody.get('/counter/texts/fr')).status).toBe(404);
});
