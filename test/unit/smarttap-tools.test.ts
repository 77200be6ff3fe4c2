import { createECDH, generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { readOptions, UsageError } from '../../src/entry/options.node.ts';
import { quoted } from '../../src/entry/quoted.ts';
import { explain, smartTapDecode } from '../../src/entry/smart-tap-decode.node.ts';
import {
  makeKeyPair,
  readPrivateKey,
  readPublicKey,
  writePrivateKey,
} from '../../src/entry/smart-tap-keys.node.ts';
import { type PhoneOptions, SimulatedPhone } from '../../src/entry/smart-tap-phone.ts';
import { phoneServer } from '../../src/entry/smart-tap-phone-server.node.ts';
import { smartTapTerminal } from '../../src/entry/smart-tap-terminal.node.ts';
import { smartTapWallet } from '../../src/entry/smart-tap-wallet.node.ts';
import { createTerminal, toHex } from '../../src/smarttap/index.ts';
import { vectorExchanges } from '../support/smart-tap.ts';
import { COLLECTOR, collectorKey, KEY_VERSION, openssl } from '../support/smart-tap-stage.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tapline-tools-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('options', () => {
  const OPTIONS = { key: { type: 'string' }, all: { type: 'boolean' } } as const;

  test.each([
    [['--other=secret'], '--other is not known'],
    [['secret'], 'a word stands without its option'],
    [['--key'], '--key: its value is wrong'],
    [['--key', '--all'], '--key: its value is wrong'],
    [['--all=secret'], '--all: its value is wrong'],
    [['--key', 'secret', '--key', 'secret'], '--key is given twice'],
  ])('%j is refused without telling a value', (args, message) => {
    expect(() => readOptions(args, OPTIONS)).toThrow(new UsageError(message));
  });

  const GOOD = ['--collector', '12345678', '--key', 'k.pem'];
  const SERVICE = ['--url', 'http://localhost:1', '--wallet', 'wal_1', '--api-key', 'secret'];
  test.each([
    [[], '--key is missing'],
    [GOOD, '--wallet is missing'],
    [[...GOOD, ...SERVICE, '--phone', 'http://localhost:1'], '--phone stands instead'],
    [[...GOOD, '--phone', 'ftp://localhost'], '--phone is a URL'],
    [[...GOOD, '--phone', 'http://localhost:1?a'], '--phone is a URL'],
    [[...GOOD, ...SERVICE.slice(0, 4), '--api-key', 'a secret'], '--api-key is printable'],
    [[...GOOD, '--wallet', '../x', '--api-key', 'secret'], '--wallet begins with wal_'],
    [['--key', 'k.pem', '--collector', '4294967296'], '--collector is a whole number'],
    [[...GOOD, ...SERVICE, '--key-version', '-1'], '--key-version'],
    [[...GOOD, ...SERVICE, '--types', 'loyalty,'], '--types is a list of all,allExceptPpse,ppse'],
    [[...GOOD, ...SERVICE, '--stream', 'X'], '--stream is S (1, 3, 5) or K (0, 1, 2)'],
    [[...GOOD, ...SERVICE, '--terminal-id', 'a b'], '--terminal-id has 1 to 64'],
    [[...GOOD, ...SERVICE, '--push', 'no uri'], '--push is a URI of at most 100 bytes'],
    [[...GOOD, ...SERVICE, '--push', `https://a.b/${'碰'.repeat(30)}`], '--push is a URI of at'],
    [[...GOOD, ...SERVICE, '--within', '0'], '--within is a whole number from 1 to 3600'],
  ])('of a terminal: %j', (args, message) => {
    expect(() => smartTapTerminal(args)).toThrow(UsageError);
    expect(() => smartTapTerminal(args)).toThrow(message);
    expect(() => smartTapTerminal(args)).not.toThrow(/secret/);
  });

  test.each([
    [[], '--port is missing'],
    [['--port', '65536'], '--port is a whole number from 0 to 65535'],
    [['--port', '0', '--collector', '1'], '--public-key is missing'],
    [['--port', '0', '--public-key', 'k.pem'], '--collector is missing'],
    [['--port', '0', '--pass', 'loyalty'], '--pass is <type>:<value>, with a type of loyalty'],
    [['--port', '0', '--pass', 'bus:1'], '--pass is <type>:<value>'],
    [['--port', '0', '--max-response', '250'], '--max-response is a whole number from 1 to 249'],
  ])('of a wallet: %j', (args, message) => {
    expect(() => smartTapWallet(args)).toThrow(UsageError);
    expect(() => smartTapWallet(args)).toThrow(message);
  });
});

test('decode knows no option', () => {
  expect(smartTapDecode(['--hex', '9000'])).toBeNull();
});

describe('what is told', () => {
  test('cannot command a screen', () => {
    expect(quoted('a\u001b[2Jb\u202ec\u2028d"e\ud800')).toBe(
      '"a\\u001b[2Jb\\u{202e}c\\u{2028}d\\"e\ufffd"',
    );
  });

  const exchanges = vectorExchanges('synthetic-plain');

  test.each(exchanges)('$name is explained', ({ command, response }) => {
    expect(explain(command, 'input').refused).toBe(false);
    expect(explain(response.replaceAll(/../g, '$& '), 'input').refused).toBe(false);
  });

  test('of a command that is cut off anywhere it is told that it is refused', () => {
    for (const { command } of exchanges) {
      // A header alone is a command, one with Le too, and without its last byte it only has no Le.
      for (let length = 12; length < command.length - 2; length += 2) {
        const { told, refused } = explain(command.slice(0, length), 'input');
        const isAnswer = /^(?:data of no whole message|status)/.test(told);
        expect([length, refused || isAnswer]).toEqual([length, true]);
      }
    }
  });

  test.each([
    ['9', 'input is not pairs of hex digits'],
    ['90zz', 'input is not pairs of hex digits'],
    ['9050000002d403', 'no message: ndef[0]/payload length is cut off'],
    ['90c0000001aa00', '! command/data has length 1, not 0'],
    ['00a4', 'neither answer nor command: command/p1 is cut off'],
    ['6f0250009000', '! refused: fci/6f/50 is not "AndroidPay"'],
  ])('%s is refused', (text, message) => {
    const { told, refused } = explain(text, 'input');
    expect(told).toContain(message);
    expect(refused).toBe(true);
  });
});

describe('a key file', () => {
  const inFile = async (name: string, text: string) => {
    const file = join(folder, name);
    await writeFile(file, text);
    return file;
  };
  const ecPem = (type: 'pkcs8' | 'sec1', cipher: object = {}) =>
    generateKeyPairSync('ec', {
      namedCurve: 'prime256v1',
      privateKeyEncoding: { type, format: 'pem', ...cipher },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });

  test.each(['pkcs8', 'sec1'] as const)('in %s gives the key of its public half', async (type) => {
    const { privateKey, publicKey } = ecPem(type);
    const exchange = createECDH('prime256v1');
    exchange.setPrivateKey(await readPrivateKey(await inFile(`${type}.pem`, privateKey)));
    const point = await readPublicKey(await inFile(`${type}-public.pem`, publicKey));
    expect(toHex(point)).toBe(exchange.getPublicKey('hex'));
  });

  const cipher = { cipher: 'aes-256-cbc', passphrase: 'secret' };
  const rsa = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  test.each([
    ['encrypted, PKCS #8', ecPem('pkcs8', cipher).privateKey, 'is encrypted'],
    ['encrypted, SEC 1', ecPem('sec1', cipher).privateKey, 'is encrypted'],
    ['public', ecPem('pkcs8').publicKey, 'is a public key'],
    ['of RSA', rsa.privateKey, 'but not of P-256'],
    ['no PEM', 'secret', 'is no private key in PEM'],
    ['cut off', ecPem('pkcs8').privateKey.slice(0, 90), 'is no private key in PEM'],
  ])('that is %s is told plainly', async (_what, text, message) => {
    const refused = readPrivateKey(await inFile('wrong.pem', text));
    await expect(refused).rejects.toThrow(message);
    const [, body = 'secret'] = text.split('\n');
    await expect(refused).rejects.not.toThrow(body);
  });

  test('that is not there, or no public key, is told too', async () => {
    await expect(readPrivateKey(join(folder, 'none.pem'))).rejects.toThrow(
      /cannot be read: ENOENT/,
    );
    const file = await inFile('private.pem', ecPem('pkcs8').privateKey);
    await expect(readPublicKey(file)).rejects.toThrow(/no public key of P-256: private-key/);
  });

  test('is written for its owner alone, and never over another', async () => {
    const file = join(folder, 'fresh.pem');
    await writePrivateKey(file, makeKeyPair().privateKeyPem);
    const written = await readFile(file, 'utf8');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await expect(writePrivateKey(file, 'other')).rejects.toThrow(/cannot be written: EEXIST/);
    expect(await readFile(file, 'utf8')).toBe(written);
  });
});

const PASSES = ['loyalty', 'offer'].map((type) => ({
  objectId: `1.${type}`,
  classId: '1.class',
  issuerId: '1',
  type: type as 'loyalty' | 'offer',
  redemptionValue: `value of ${type}`,
}));

const terminal = createTerminal({
  primitives: openssl,
  collectorId: COLLECTOR,
  keys: [{ version: KEY_VERSION, privateKey: collectorKey.privateKey }],
});

/** A phone whose time a test lets pass, and what it has said. */
function phoneWith(options: Partial<PhoneOptions> = {}) {
  const clock = { now: 0 };
  const said: string[] = [];
  const known = { collectorId: COLLECTOR, keyVersion: KEY_VERSION, maxResponseBytes: undefined };
  const phone = new SimulatedPhone(
    {
      ...known,
      publicKey: collectorKey.publicKey,
      passes: PASSES,
      locked: false,
      readyToPay: true,
      choose: false,
      ...options,
    },
    { primitives: openssl, say: (line) => said.push(line), now: () => clock.now },
  );
  const tap = () => terminal.tap((command) => phone.answer(command));
  return { phone, clock, said, tap };
}

describe('a simulated phone', () => {
  const SELECT = Buffer.from('00a404000a4f53452e5641532e303100', 'hex');

  test('is in one tap until it was silent for more than five seconds, or leaves the field', async () => {
    const { phone, clock, said } = phoneWith();
    const select = async () => toHex(await phone.answer(SELECT));
    const first = await select();
    clock.now = 5000;
    expect(await select()).toBe(first);
    clock.now = 10_001;
    const second = await select();
    expect(second).not.toBe(first);
    phone.leaveField();
    expect(await select()).not.toBe(second);
    expect(said.filter((line) => line === 'the phone has left the field')).toHaveLength(2);
  });

  test('hands over all that match, or the one that its user picks', async () => {
    expect((await phoneWith().tap()).passes.map(({ type }) => type)).toEqual(['ly', 'of']);
    const { phone, tap } = phoneWith({ choose: true });
    const outcomes: string[] = [];
    for (let turn = 0; turn < 4; turn++) {
      const { status, passes } = await tap();
      outcomes.push(`${status} ${passes.map(({ value }) => value)}`);
      phone.leaveField();
    }
    expect(outcomes).toEqual(['choose ', 'passes value of loyalty', 'choose ', outcomes[1]]);
  });

  test('is locked, or not ready to pay, when that is asked', async () => {
    expect((await phoneWith({ locked: true }).tap()).statusWord).toBe(0x9300);
    expect(await phoneWith({ readyToPay: false }).tap()).toMatchObject({
      statusWord: 0x9101,
      mustNotPay: true,
    });
  });

  test('tells an answer in parts once more as a whole', async () => {
    const { tap, said } = phoneWith({ maxResponseBytes: 60 });
    const { exchanges } = await tap();
    const parts = exchanges.filter(({ name }) => /^get-(?:more-)?data$/.test(name)).length;
    expect(parts).toBeGreaterThan(2);
    expect(said.filter((line) => line.startsWith('='))).toEqual([`= the answer of ${parts} parts`]);
  });
});

describe('the server of a simulated phone', () => {
  const servers: ReturnType<typeof phoneServer>[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close().closeAllConnections();
  });

  async function serving(): Promise<string> {
    const server = phoneServer(phoneWith().phone);
    servers.push(server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  const post = (url: string, type: string, body: BodyInit) =>
    fetch(url, { method: 'POST', headers: { 'Content-Type': type }, body });

  test('answers in the form of the question', async () => {
    const url = `${await serving()}/apdu`;
    const octets = await post(url, 'application/octet-stream', Uint8Array.of(0x90, 0x77, 0, 0, 0));
    expect(octets.headers.get('content-type')).toBe('application/octet-stream');
    expect(toHex(new Uint8Array(await octets.arrayBuffer()))).toBe('9400');
    const hex = await post(url, 'text/plain; charset=utf-8', '9077000000\r\n');
    expect(hex.headers.get('content-type')).toBe('text/plain');
    expect(await hex.text()).toBe('9400');
  });

  test('hands on an empty command too, which the phone refuses as the service does', async () => {
    const url = `${await serving()}/apdu`;
    const octets = await post(url, 'application/octet-stream', new Uint8Array());
    expect(toHex(new Uint8Array(await octets.arrayBuffer()))).toBe('9402');
    const hex = await post(url, 'text/plain', '');
    expect([hex.status, await hex.text()]).toEqual([200, '9402']);
  });

  test('takes the longest command in both forms', async () => {
    const url = `${await serving()}/apdu`;
    const longest = Buffer.concat([Buffer.from('90770000ff', 'hex'), Buffer.alloc(256)]);
    const octets = await post(url, 'application/octet-stream', new Uint8Array(longest));
    expect(octets.status).toBe(200);
    expect((await post(url, 'text/plain', `${longest.toString('hex')}\n`)).status).toBe(200);
  });

  test.each([
    ['/apdu', 'application/json', '{}', 415],
    ['/apdu', 'application/octet-stream', new Uint8Array(262), 413],
    ['/apdu', 'text/plain', '907', 400],
    ['/apdu', 'text/plain', '90 77', 400],
    ['/apdu', 'text/plain', '0x9077', 400],
    ['/apdu', 'text/plain', Buffer.alloc(600, '90'), 413],
    ['/reset', 'text/plain', 'x', 400],
    ['/apdu/', 'text/plain', '9077000000', 404],
    ['/apdu?a=b', 'text/plain', '9077000000', 404],
  ])('POST %s of %s, body %#, is refused', async (path, type, body, status) => {
    const response = await post(`${await serving()}${path}`, type, body);
    expect(response.status).toBe(status);
    expect(await response.text()).toMatch(/^[A-Za-z][^\n]+\n$/);
  });

  test('knows no method but POST', async () => {
    const response = await fetch(`${await serving()}/reset`);
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  });
});
