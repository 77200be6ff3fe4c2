import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { phoneLink } from '../../src/entry/smart-tap-links.ts';
import { MOST_RECEIPT_URI_BYTES, receiptOf } from '../../src/entry/smart-tap-receipt.ts';
import { tellTap } from '../../src/entry/smart-tap-told.ts';
import { encodeSmartTapCommand, encodeSpr, plainText, toHex } from '../../src/smarttap/index.ts';
import { type Change, type Stage, saying, tapped, withWord } from '../support/smart-tap-between.ts';
import { PASS, SENT, SESSION_ID } from '../support/smart-tap-stage.ts';

describe('what the terminal tells of a tap', () => {
  test.each<[string, Change, string]>([
    ['9500 to SELECT', saying('select-ose', '9500'), 'does not take this terminal for authentic'],
    ['6d00', saying('get-data', '6d00'), '(6d00: instruction not supported (ISO 7816-4))'],
    ['6700', saying('negotiate', '6700'), '(6700: wrong length (ISO 7816-4))'],
    [
      '9002 to a live one',
      withWord('negotiate', '9002'),
      "pre-signed by the phone's word, but signed live, key 7",
    ],
    ['9000 without data', saying('get-data', '9000'), 'not in the form of the protocol: srs[0]'],
  ])('after %s', async (_name, change, told) => {
    expect(tellTap(await tapped({ change })).join('\n')).toContain(told);
  });

  test('has the further fields of a pass', async () => {
    const fields = {
      p: plainText('1234'),
      tr1: { format: 1, value: new TextEncoder().encode('B600^X') },
      tr2: { format: 4, value: Uint8Array.of(0xff) },
    } as const;
    const card = { ...PASS, type: 'gc', fields } as const;
    const lines = tellTap(
      await tapped({ wallet: { decide: () => ({ ...SENT, passes: [card] as const }) } }),
    );
    expect(lines.find((line) => line.startsWith('  gc'))).toMatch(
      /, p "1234", tr1 "B600\^X", tr2 a value that is no text$/,
    );
  });

  test.each<[string, Change, string]>([
    ['acknowledged', () => null, 'what was pushed was acknowledged (9000: success)'],
    ['refused', saying('push-data', '9408'), 'was not acknowledged (9408: the pushed URI'],
  ])('says whether what it pushed was %s', async (_name, change, told) => {
    const stage: Stage = { change, terminal: { push: ({ passes }) => receiptOf(URI, passes) } };
    expect(tellTap(await tapped(stage)).join('\n')).toContain(told);
  });
});

const URI = 'https://example.com/r';

test('the longest receipt fits in a command', async () => {
  const { passes } = await tapped({});
  const uri = `urn:${'x'.repeat(MOST_RECEIPT_URI_BYTES - 4)}`;
  const { nsr = [], ssr = [] } = receiptOf(uri, passes);
  expect(ssr.map(({ oid }) => toHex(oid))).toEqual([toHex(PASS.objectId)]);
  const ses = { sessionId: SESSION_ID, sequence: 5, status: 1 };
  const message = encodeSpr({ version: 1, ses, bpr: null, nsr, ssr });
  expect(encodeSmartTapCommand({ name: 'push-data', message }).length).toBeLessThan(261);
});

describe('a simulated phone of somebody else', () => {
  async function asked(resetStatus: number): Promise<string> {
    const server = createServer((request, response) => {
      request.resume();
      if (request.url === '/apdu') return void response.end(Buffer.from('9000', 'hex'));
      response.writeHead(resetStatus).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const link = phoneLink(`http://127.0.0.1:${port}`, new AbortController().signal);
    try {
      return toHex(await link(Uint8Array.of(0x90)));
    } finally {
      server.close();
    }
  }

  test.each([200, 204, 404])('may answer a reset with %i', async (status) => {
    expect(await asked(status)).toBe('9000');
  });

  test('is not tapped when a reset fails', async () => {
    await expect(asked(500)).rejects.toThrow(/\/reset answered 500/);
  });
});
