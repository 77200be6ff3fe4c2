import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  openOutward,
  PUBLIC_INTERNET,
  type Reach,
  resolveHost,
} from '../../src/platform/outward.node.ts';
import { selfSigned } from '../support/certificate.ts';
import { type DnsServer, startDnsServer } from '../support/dns-server.ts';
import { postAfterALook, postAnywhere } from '../support/naive/outward.ts';

const servers: Server[] = [];

async function listening<Some extends Server>(server: Some, host: string, port = 0) {
  servers.push(server);
  server.listen(port, host);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

afterAll(async () => {
  for (const server of servers) server.close();
});

/** The receiver of most tests: on this machine, in plain HTTP, and allowed for once. */
const HERE: Reach = { ...PUBLIC_INTERNET, flawOf: () => null, mayConnect: () => true };
const MESSAGE = { headers: { 'Content-Type': 'application/json' }, body: '{"a":"券"}' };

describe('a receiver', () => {
  let url: string;
  let received: { request: IncomingMessage; body: string }[] = [];
  let answer: (response: ServerResponse, request: IncomingMessage) => void;

  beforeAll(async () => {
    const server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8');
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        received.push({ request, body });
        answer(response, request);
      });
    });
    url = `http://127.0.0.1:${await listening(server, '127.0.0.1')}/hook?x=1`;
  });

  const send = (more: Partial<Reach> = {}) => {
    received = [];
    return openOutward({ ...HERE, ...more })({ url, ...MESSAGE });
  };

  it('gets the headers and the very bytes, once', async () => {
    answer = (response) => response.writeHead(204).end();
    const headers = { ...MESSAGE.headers, 'webhook-id': 'ntc_1' };
    received = [];
    const outcome = await openOutward(HERE)({ url, headers, body: MESSAGE.body });
    expect(outcome).toEqual({ answered: true, status: 204, retryAfter: null });
    expect(received).toHaveLength(1);
    const [{ request, body }] = received as [(typeof received)[0]];
    expect(body).toBe(MESSAGE.body);
    expect(request).toMatchObject({ method: 'POST', url: '/hook?x=1' });
    expect(request.headers).toMatchObject({
      'webhook-id': 'ntc_1',
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(MESSAGE.body)),
    });
  });

  it.each([200, 201, 400, 404, 410, 500])('answers %i', async (status) => {
    answer = (response) => response.writeHead(status).end('some body');
    expect(await send()).toEqual({ answered: true, status, retryAfter: null });
  });

  it('says with 429 when to come again', async () => {
    answer = (response) => response.writeHead(429, { 'Retry-After': '120' }).end();
    expect(await send()).toEqual({ answered: true, status: 429, retryAfter: '120' });
  });

  it.each([301, 302, 303, 307, 308])('is not left for another with %i', async (status) => {
    let followed = 0;
    const other = createTcpServer(() => {
      followed += 1;
    });
    const port = await listening(other, '127.0.0.1');
    const Location = `http://127.0.0.1:${port}/inside`;
    answer = (response) => response.writeHead(status, { Location }).end();
    expect(await send()).toEqual({ answered: true, status, retryAfter: null });
    expect(received).toHaveLength(1);
    expect(followed).toBe(0);
  });

  it('that never answers is a failure at the deadline', async () => {
    answer = () => {};
    const begun = performance.now();
    expect(await send({ timeoutMs: 300 })).toEqual({ answered: false, reason: 'timeout' });
    expect(performance.now() - begun).toBeLessThan(3000);
  });

  it('whose body drips on has answered, and is left at the deadline', async () => {
    answer = (response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(timer));
    };
    const begun = performance.now();
    expect(await send({ timeoutMs: 300 })).toMatchObject({ answered: true, status: 200 });
    expect(performance.now() - begun).toBeLessThan(3000);
  });

  it('whose body never ends is left after a little of it', async () => {
    let written = 0;
    let closed: Promise<unknown> = Promise.resolve();
    answer = (response) => {
      response.writeHead(200);
      closed = once(response, 'close');
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(16_384))) written += 16_384;
      };
      response.on('drain', more);
      more();
    };
    const begun = performance.now();
    expect(await send()).toMatchObject({ answered: true, status: 200 });
    await closed;
    expect(performance.now() - begun).toBeLessThan(3000);
    expect(written).toBeLessThan(16_000_000);
  });

  it('with headers without end is a failure', async () => {
    answer = (response) => {
      response.writeHead(200, { 'X-Long': 'x'.repeat(20_000) }).end();
    };
    expect(await send()).toEqual({ answered: false, reason: 'unreachable' });
  });

  it.each<[what: string, bytes: string]>([
    ['hangs up', ''],
    ['speaks no HTTP', 'SSH-2.0-OpenSSH_9.6\r\n'],
    ['ends in its headers', 'HTTP/1.1 200 OK\r\nContent-'],
  ])('that %s is a failure', async (_what, bytes) => {
    const odd = createTcpServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end(bytes));
    });
    const port = await listening(odd, '127.0.0.1');
    const outcome = await openOutward(HERE)({ url: `http://127.0.0.1:${port}/`, ...MESSAGE });
    expect(outcome).toEqual({ answered: false, reason: 'unreachable' });
  });

  it('that is not there is a failure', async () => {
    const gone = createTcpServer();
    const port = await listening(gone, '127.0.0.1');
    await new Promise((resolve) => gone.close(resolve));
    const outcome = await openOutward(HERE)({ url: `http://127.0.0.1:${port}/`, ...MESSAGE });
    expect(outcome).toEqual({ answered: false, reason: 'unreachable' });
  });

  it('whose name is slow to look up is given up at the deadline', async () => {
    const resolve = () => new Promise<never>(() => {});
    expect(await send({ resolve, timeoutMs: 200 })).toEqual({ answered: false, reason: 'timeout' });
  });
});

describe('over TLS', () => {
  const name = 'hooks.example.test';
  const { cert, key } = selfSigned(name);
  let port: number;
  let servername: unknown;

  beforeAll(async () => {
    const server = createTlsServer({ cert, key }, (request, response) => {
      servername = (request.socket as { servername?: unknown }).servername;
      request.resume().on('end', () => response.end());
    });
    port = await listening(server, '127.0.0.1');
  });

  const toName = (host: string, more: Partial<Reach>) =>
    openOutward({ ...HERE, resolve: async () => ['127.0.0.1'], ...more })({
      url: `https://${host}:${port}/`,
      ...MESSAGE,
    });

  it('a receiver is who its certificate says', async () => {
    expect(await toName(name, { ca: cert })).toMatchObject({ answered: true, status: 200 });
    expect(servername).toBe(name);
  });

  it('another name, or a certificate that nobody trusts, is none', async () => {
    const none = { answered: false, reason: 'unreachable' };
    expect(await toName('other.example.test', { ca: cert })).toEqual(none);
    expect(await toName(name, {})).toEqual(none);
  });
});

describe('the inside of a network', () => {
  let hits = 0;
  let port: number;
  let dns: DnsServer;
  const NAMES: Readonly<Record<string, readonly string[]>> = {
    'loop.example.com': ['127.0.0.1'],
    'zero.example.com': ['0.0.0.0'],
    'other-loop.example.com': ['127.9.9.9'],
    'loop6.example.com': ['::1'],
    'unspecified6.example.com': ['::'],
    'mapped.example.com': ['::ffff:7f00:1'],
    'compatible.example.com': ['::7f00:1'],
    'nat64.example.com': ['64:ff9b::7f00:1'],
    'local-nat64.example.com': ['64:ff9b:1::7f00:1'],
    'sixtofour.example.com': ['2002:7f00:1::1'],
    'teredo.example.com': ['2001:0:7f00:1::1'],
    'metadata.example.com': ['169.254.169.254'],
    'metadata6.example.com': ['fd00:ec2::254'],
    'link.example.com': ['fe80::1'],
    'ten.example.com': ['10.0.0.1'],
    'twelve.example.com': ['172.16.0.1'],
    'sixteen.example.com': ['192.168.0.1'],
    'carrier.example.com': ['100.64.0.1'],
    'multicast.example.com': ['224.0.0.1'],
    'broadcast.example.com': ['255.255.255.255'],
    'one-of-two.example.com': ['192.0.2.1', '127.0.0.1'],
    'second-family.example.com': ['8.8.8.8', '::1'],
    'first-family.example.com': ['127.0.0.1', '2606:4700::1111'],
  };

  beforeAll(async () => {
    // It listens on every address of this machine and must never be connected to.
    const canary = createTcpServer((socket) => {
      hits += 1;
      socket.on('error', () => {});
      socket.destroy();
    });
    port = await listening(canary, '::').catch(() => listening(canary, '0.0.0.0'));
    dns = await startDnsServer((name) => NAMES[name] ?? null);
  });
  afterAll(() => dns.close());

  const SPELLINGS = [
    'https://127.0.0.1:PORT/',
    'http://127.0.0.1:PORT/',
    'https://127.1:PORT/',
    'https://127.0.1:PORT/',
    'https://2130706433:PORT/',
    'https://0x7f000001:PORT/',
    'https://0x7f.0.0.1:PORT/',
    'https://0x7f.1:PORT/',
    'https://0177.0.0.1:PORT/',
    'https://017700000001:PORT/',
    'https://127.0.0.01:PORT/',
    'https://127.000.000.001:PORT/',
    'https://127.0.0.1.:PORT/',
    'https://0.0.0.0:PORT/',
    'https://0:PORT/',
    'https://127.127.127.127:PORT/',
    'https://[::1]:PORT/',
    'https://[0:0:0:0:0:0:0:1]:PORT/',
    'https://[::]:PORT/',
    'https://[::ffff:127.0.0.1]:PORT/',
    'https://[::ffff:7f00:1]:PORT/',
    'https://[::127.0.0.1]:PORT/',
    'https://[64:ff9b::127.0.0.1]:PORT/',
    'https://[2002:7f00:1::]:PORT/',
    'https://localhost:PORT/',
    'https://LOCALHOST:PORT/',
    'https://localhost.:PORT/',
    'https://localhost.localdomain:PORT/',
    'https://①②⑦.⓪.⓪.①:PORT/',
    'https://１２７.０.０.１:PORT/',
    'https://127。0。0。1:PORT/',
    'https://8.8.8.8%2f@127.0.0.1:PORT/',
    'https://hooks.example.com@127.0.0.1:PORT/',
    'https://hooks.example.com:443@127.0.0.1:PORT/',
    'https://127.0.0.1:PORT\\@hooks.example.com/',
    'https://127.0.0.1:PORT#@hooks.example.com/',
    'https://%31%32%37.0.0.1:PORT/',
    'https:127.0.0.1:PORT/',
    'https:///127.0.0.1:PORT/',
    'https://\t127.0.0.1:PORT/',
    'https://127.0.0.1\n:PORT/',
    ' https://127.0.0.1:PORT/',
    ...Object.keys(NAMES).map((name) => `https://${name}:PORT/`),
    'https://loop.example.com.:PORT/',
    'https://nowhere.example.com:PORT/',
  ];
  const REFUSED = ['url-refused', 'address-refused', 'name-not-found'];

  it(`is not reached by any of ${SPELLINGS.length} spellings`, async () => {
    expect(SPELLINGS.length).toBeGreaterThan(60);
    const resolve = (host: string) => resolveHost(host, [dns.address]);
    const post = openOutward({ ...PUBLIC_INTERNET, resolve, timeoutMs: 5000 });
    // Each is tried against both walls together, and against the inner one alone.
    const lastWall = openOutward({ ...PUBLIC_INTERNET, flawOf: () => null, resolve });
    hits = 0;
    for (const spelling of SPELLINGS) {
      const url = spelling.replace('PORT', String(port));
      for (const send of [post, lastWall]) {
        const outcome = await send({ url, ...MESSAGE });
        expect(outcome, url).toMatchObject({ answered: false });
        expect(REFUSED, url).toContain(outcome.answered ? '' : outcome.reason);
      }
    }
    expect(hits).toBe(0);
  });

  it('is reached by the naive twin through many of them', async () => {
    hits = 0;
    for (const spelling of SPELLINGS) {
      const url = spelling.replace('PORT', String(port));
      // The names stand in our own DNS alone, which the twin does not ask.
      if (URL.canParse(url) && !url.includes('example.com:')) await postAnywhere(url);
    }
    expect(hits).toBeGreaterThan(15);
  });
});

describe('a name that leads elsewhere each time', () => {
  const GOOD = '127.0.0.1';
  const CANARY = '127.0.0.2';
  const isGood = (address: string) => address === GOOD;
  let hits: Record<string, number>;
  let port: number;
  let dns: DnsServer;
  let url: string;

  beforeAll(async () => {
    const server = createServer((request, response) => {
      const address = request.socket.localAddress ?? '';
      hits[address] = (hits[address] ?? 0) + 1;
      request.resume().on('end', () => response.end());
    });
    port = await listening(server, '0.0.0.0');
    dns = await startDnsServer((_name, asked) => [asked % 2 === 0 ? GOOD : CANARY]);
    url = `http://rebind.example.com:${port}/`;
  });
  afterAll(() => dns.close());

  const resolve = (host: string) => resolveHost(host, [dns.address]);
  const ROUNDS = 40;

  it('is followed where it was checked and nowhere else', async () => {
    hits = {};
    const post = openOutward({ ...HERE, resolve, mayConnect: isGood });
    let delivered = 0;
    for (let round = 0; round < ROUNDS; round++) {
      if ((await post({ url, ...MESSAGE })).answered) delivered += 1;
    }
    expect(hits).toEqual({ [GOOD]: delivered });
    expect(delivered).toBe(ROUNDS / 2);
  });

  it('is looked up once a request', async () => {
    const before = dns.asked('rebind.example.com');
    await openOutward({ ...HERE, resolve, mayConnect: isGood })({ url, ...MESSAGE });
    expect(dns.asked('rebind.example.com')).toBe(before + 1);
  });

  it('leads the naive twin, which looks before it connects, inside', async () => {
    hits = {};
    for (let round = 0; round < ROUNDS; round++) await postAfterALook(url, resolve, isGood);
    expect(hits[CANARY]).toBeGreaterThan(0);
  });
});
