import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ORIGIN, startTestService, type TestService } from '../../support/service.ts';
import { type Problem, told } from '../../support/service-client.ts';

let service: TestService;

beforeAll(async () => {
  service = await startTestService({ workers: false });
});
afterAll(() => service.stop());

/** Sends bytes as they are and gives what comes back until the other side closes. */
function rawly(...pieces: readonly string[]): Promise<string> {
  const { hostname, port } = new URL(service.urls[0] ?? '');
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    let answer = '';
    socket.setEncoding('latin1').on('data', (chunk) => {
      answer += chunk;
    });
    // What was answered before the other side closed counts.
    socket.on('error', () => {}).on('close', () => resolve(answer));
    for (const piece of pieces) socket.write(piece);
  });
}

const codeOf = (answer: string) => {
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  const status = /^HTTP\/1\.1 (\d+)/.exec(head)?.[1];
  return `${status} ${(JSON.parse(body) as Problem).code}`;
};

describe('what Node refuses before any handler is a problem too', () => {
  test('a header of 10 MB', async () => {
    const answer = await rawly(
      `GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(10_000_000)}\r\n\r\n`,
    );
    expect(codeOf(answer)).toBe('431 headers-too-large');
  });

  test('a path of 100 kB', async () => {
    const answer = await rawly(`GET /${'x'.repeat(100_000)} HTTP/1.1\r\nHost: x\r\n\r\n`);
    expect(codeOf(answer)).toBe('431 headers-too-large');
  });

  test.each([
    ['what is no HTTP', '\u0016\u0003\u0001TLS?\r\n\r\n'],
    ['a header that is none', 'GET /healthz HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n'],
    ['no host', 'GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n'],
    ['a host that is none', 'GET /healthz HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n'],
    ['a target that is no path', 'OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'],
    ['a length in words', 'POST /v1/taps HTTP/1.1\r\nHost: x\r\nContent-Length: much\r\n\r\n'],
    [
      'a length and chunks',
      'POST /v1/taps HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
  ])('%s', async (_what, request) => {
    expect(codeOf(await rawly(request))).toBe('400 malformed-http');
  });

  test('and the service goes on', async () => {
    expect((await service.nobody.get('/healthz')).status).toBe(200);
  });
});

describe('a path that is none', () => {
  test.each([
    '/nothing',
    '/v2/wallets',
    '/v1',
    '/problems/none',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/%',
  ])('%s', async (path) => {
    const answer = await service.root.get<Problem>(path);
    expect(told(answer)).toBe('404 not-found');
    expect(answer.body.type).toBe(`${ORIGIN}/problems/not-found`);
  });
});

describe('a method that the path does not know', () => {
  test.each([
    ['DELETE', '/v1/wallets', 'OPTIONS, POST'],
    ['PUT', '/v1/coupon-classes/1001.x', 'GET, HEAD, OPTIONS, PATCH'],
    ['POST', '/healthz', 'GET, HEAD, OPTIONS'],
    ['PATCH', '/v1/redemptions', 'OPTIONS, POST'],
    ['GET', '/v1/taps', 'OPTIONS, POST'],
    ['PURGE', '/v1/api-keys/0000000000000000', 'DELETE, OPTIONS'],
  ])('%s %s', async (method, path, allow) => {
    const answer = await service.root.send<Problem>(method, path);
    expect(told(answer)).toBe('405 method-not-allowed');
    expect(answer.headers.get('allow')).toBe(allow);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(answer.body.type).toBe(`${ORIGIN}/problems/method-not-allowed`);
  });

  test('is told to nobody without a key where one is needed', async () => {
    const answer = await service.nobody.send('DELETE', '/v1/wallets');
    expect(told(answer)).toBe('401 unauthenticated');
    expect(answer.headers.get('allow')).toBeNull();
  });

  test('is not told in Google’s face, which answers as Google does', async () => {
    const { status, headers } = await service.root.send('DELETE', '/walletobjects/v1/issuer/1');
    expect([status, headers.get('allow')]).toEqual([404, null]);
  });
});

describe('without a body of its own', () => {
  test('HEAD answers what GET does', async () => {
    for (const path of ['/healthz', '/v1/coupon-classes', '/nothing']) {
      const head = await service.root.send('HEAD', path);
      expect([head.status, head.text]).toEqual([(await service.root.get(path)).status, '']);
    }
    const { status, headers, text } = await service.root.send('HEAD', '/v1/wallets');
    expect([status, headers.get('allow'), text]).toEqual([405, 'OPTIONS, POST', '']);
  });

  test('OPTIONS tells the methods of a path that is there', async () => {
    const { status, headers, text } = await service.root.send('OPTIONS', '/v1/api-keys');
    expect([status, headers.get('allow'), text]).toEqual([204, 'GET, HEAD, OPTIONS, POST', '']);
    expect(told(await service.root.send('OPTIONS', '/nothing'))).toBe('404 not-found');
  });
});

describe('a problem says its language', () => {
  test.each([
    ['zh-CN', 'zh-CN', '未找到'],
    ['en', 'en', 'There is no such thing'],
    ['fr', 'en', 'There is no such thing'],
  ])('asked for in %s', async (asked, language, title) => {
    const answer = await service.root.get<Problem>('/nothing', { 'Accept-Language': asked });
    expect(answer.body.title).toBe(title);
    expect(answer.headers.get('content-language')).toBe(language);
    expect(answer.headers.get('vary')).toBe('Accept-Language');
  });
});
