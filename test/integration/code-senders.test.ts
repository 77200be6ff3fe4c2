import { afterAll, beforeAll, expect, test } from 'vitest';
import { gatewayCodes, toGateway } from '../../src/entry/code-gateway.node.ts';
import { logCodes } from '../../src/members/log-codes.ts';
import type { Log } from '../../src/platform/log.ts';
import { type Receiver, signersOf, startReceiver } from '../support/receiver.ts';

const SECRET = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
const message = { phone: '+8613800138000', code: '042137', locale: 'zh-CN' } as const;

let gateway: Receiver;
let lines: unknown[][];
const log: Log = {
  info: (...line) => void lines.push(line),
  warn: (...line) => void lines.push(line),
  error: (...line) => void lines.push(line),
};

beforeAll(async () => {
  gateway = await startReceiver();
  lines = [];
});
afterAll(() => gateway.close());

test('a gateway gets the code, signed', async () => {
  await gatewayCodes({ url: gateway.url, secret: SECRET }, toGateway(), log).send(message);
  const [received] = gateway.received;
  if (received === undefined) throw new Error('nothing came');
  expect(JSON.parse(received.body)).toMatchObject({ type: 'member.code', data: message });
  expect(signersOf(received, [`whsec_${Buffer.alloc(32, 8).toString('base64')}`, SECRET])).toEqual([
    1,
  ]);
  expect(lines).toEqual([]);
});

test.each([302, 400, 500])('a gateway that answers %i has not sent it', async (status) => {
  gateway.answers((response) => void response.writeHead(status).end());
  const sender = gatewayCodes({ url: gateway.url, secret: SECRET }, toGateway(), log);
  await expect(sender.send(message)).rejects.toThrow(`status ${status}`);
  expect(JSON.stringify(lines)).not.toMatch(/8000|042137/);
});

test('the log of a demo tells the code and the end of the number', async () => {
  lines = [];
  await logCodes(log).send(message);
  expect(lines).toEqual([['one-time code', { phoneTail: '8000', code: '042137' }]]);
});
