import { brotliCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { authenticateTouch } from '../../../src/stands/authenticate.ts';
import { markVerified } from '../../../src/stands/verify-stand.ts';
import { SEALER } from '../../support/sealer.ts';
import { ORIGIN, startTestService, type TestService } from '../../support/service.ts';
import { type Answer, told } from '../../support/service-client.ts';
import { newStand, openTill, type ShownStand } from '../../support/stands.ts';
import { expectStatus, type Merchant, World } from '../../support/world.ts';

let service: TestService;
let shop: Merchant;
let terminalId: string;

beforeAll(async () => {
  service = await startTestService({ workers: false });
  shop = await new World(service).merchant();
  ({ terminalId } = await openTill(shop));
  await openTill(shop, 'till-2');
});
afterAll(() => service.stop());

const SERIAL = '04:5F:1E:92:6B:12:90';
const newOne = () => newStand(shop, { terminalId });

async function linkTo({ id }: ShownStand): Promise<string> {
  const answer = await shop.client.post<{ url: string }>(`/v1/stands/${id}/write-links`, {});
  const { url } = expectStatus(answer, 201);
  expect(url).toMatch(new RegExp(`^${ORIGIN}/w/[A-Za-z0-9_-]{32}$`));
  return url.slice(ORIGIN.length);
}

async function ndefOf({ id }: ShownStand): Promise<string> {
  return expectStatus(await shop.client.get<{ ndef: string }>(`/v1/stands/${id}/tag`), 200).ndef;
}

async function report(link: string, stand: ShownStand, fields: object = {}, headers = {}) {
  const body = { serial: SERIAL, readBack: await ndefOf(stand), ...fields };
  const ours = { 'sec-fetch-site': 'same-origin', ...headers };
  return service.nobody.post<{ state: string }>(`${link}/written`, body, ours);
}

const shown = async ({ id }: ShownStand) =>
  (await shop.client.get<ShownStand>(`/v1/stands/${id}`)).body;
const stateOf = async (link: string) =>
  (await service.nobody.get<{ state: string }>(`${link}/state`)).body.state;

function passMinutes(stand: ShownStand, minutes: number) {
  return service.sql(
    `update stand_writes set expires_at = expires_at - make_interval(mins => $2) where stand_id = $1`,
    [stand.id, minutes],
  );
}

describe('the page', () => {
  test('shows what is written, for which till, and how without a browser', async () => {
    const stand = await newOne();
    const page = await service.nobody.get(await linkTo(stand));
    expect(page.status).toBe(200);
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    for (const part of [stand.name, 'Counter till-1', `/t/${stand.code}`, await ndefOf(stand)]) {
      expect(page.text).toContain(part);
    }
  });

  test.each(['en', 'zh-CN'])('speaks %s', async (locale) => {
    const link = await linkTo(await newOne());
    const page = await service.nobody.get(`${link}?lang=${locale}`);
    expect(page.text).toContain(`<html lang="${locale}">`);
    expect(page.text).toContain(locale === 'en' ? 'Write the tag' : '写入标签');
  });

  test('is small, and so is its script', async () => {
    const page = await service.nobody.get(await linkTo(await newOne()));
    const [script = ''] = /\/assets\/writing\.[0-9a-f]+\.js/.exec(page.text) ?? [];
    const island = await service.nobody.get(script);
    expect(island.status).toBe(200);
    expect(brotliCompressSync(island.text).length).toBeLessThan(10_240);
    expect(brotliCompressSync(page.text).length).toBeLessThan(6144);
  });
});

describe('a written tag', () => {
  test('is noted once, its till is told, and the first touch verifies it', async () => {
    const stand = await newOne();
    const link = await linkTo(stand);
    expect(await stateOf(link)).toBe('blank');
    expect(expectStatus(await report(link, stand), 200)).toEqual({ state: 'written' });
    const { writtenAt, ...after } = await shown(stand);
    expect(after).toMatchObject({ state: 'written', serial: SERIAL.toLowerCase() });
    expect(writtenAt).not.toBeNull();
    expect(await stateOf(link)).toBe('written');
    await service.database.transact(async (tx) => {
      const asked = { code: stand.code, picc: null, mac: null, printed: false };
      expect(await authenticateTouch(tx, SEALER, asked)).toMatchObject({ ok: true });
      await markVerified(tx, stand.id);
    });
    expect(await stateOf(link)).toBe('verified');
    const events = await service.sql(
      `select detail->>'state' as state from terminal_events
        where detail->>'standId' = $1 order by number`,
      [stand.id],
    );
    expect(events).toEqual([{ state: 'written' }, { state: 'verified' }]);
  });

  test('is told of again by a phone that did not hear the answer', async () => {
    const stand = await newOne();
    const link = await linkTo(stand);
    const [first, second] = [await report(link, stand), await report(link, stand)];
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(told(await report(link, stand, { serial: '' }))).toBe('403 write-link-used');
    const [{ n } = { n: 0 }] = await service.sql<{ n: number }>(
      `select count(*)::int as n from terminal_events where detail->>'standId' = $1`,
      [stand.id],
    );
    expect(n).toBe(1);
  });

  test('is told of late where the line was down', async () => {
    const stand = await newOne();
    const link = await linkTo(stand);
    await passMinutes(stand, 70);
    expect((await report(link, stand)).status).toBe(200);
  });

  test('is noted by one of many at once', async () => {
    const stand = await newOne();
    const link = await linkTo(stand);
    const serials = Array.from({ length: 12 }, (_, n) => `04:00:00:00:00:00:${10 + n}`);
    const answers = await Promise.all(serials.map((serial) => report(link, stand, { serial })));
    expect(answers.map(told).sort()).toEqual(['200', ...Array(11).fill('403 write-link-used')]);
  });
});

describe('a link that writes nothing', () => {
  const problemOn = async (link: string): Promise<[Answer, string]> => [
    await service.nobody.get(link),
    told(await service.nobody.get(`${link}/state`)),
  ];

  test('an unknown one', async () => {
    for (const token of ['x', 'A'.repeat(32), 'x'.repeat(5000), '%00', '..']) {
      const [page, state] = await problemOn(`/w/${token}`);
      if (token === '..') continue;
      expect(page.status).toBe(403);
      expect(page.text).toContain('This link writes no tag');
      expect(state).toBe('403 write-link-unknown');
      expect(told(await report(`/w/${token}`, await newOne()))).toBe('403 write-link-unknown');
    }
  });

  test('one that was used', async () => {
    const stand = await newOne();
    const link = await linkTo(stand);
    await report(link, stand);
    const page = await service.nobody.get(link, { 'accept-language': 'zh-CN' });
    expect(page.status).toBe(403);
    expect(page.text).toContain('写卡链接已使用');
  });

  test('one that is over', async () => {
    const stand = await newOne();
    const link = await linkTo(stand);
    await passMinutes(stand, 15);
    expect((await service.nobody.get(link)).status).toBe(410);
    await passMinutes(stand, 61);
    expect(told(await report(link, stand))).toBe('410 write-link-expired');
    expect(told(await service.nobody.get(`${link}/state`))).toBe('410 write-link-expired');
    expect((await shown(stand)).state).toBe('blank');
  });

  test.each([{ terminalId: 'till-2' }, { terminalId: null }, { state: 'retired' }])(
    'one to a stand that is changed to %j meanwhile',
    async (change) => {
      const stand = await newOne();
      const link = await linkTo(stand);
      expectStatus(await shop.client.patch(`/v1/stands/${stand.id}`, change), 200);
      expect((await service.nobody.get(link)).status).toBe(403);
      expect(told(await report(link, stand))).toBe('403 write-link-unknown');
    },
  );

  test('one that is kept for a retry tells no token', async () => {
    const { id } = await newOne();
    const headers = { 'idempotency-key': 'a-link' };
    const ask = () =>
      shop.client.post<{ url: string }>(`/v1/stands/${id}/write-links`, {}, headers);
    expect((await ask()).body.url).toContain('/w/');
    expect((await ask()).body.url).toBeNull();
    const [row] = await service.sql('select token_sha256 from stand_writes where stand_id = $1', [
      id,
    ]);
    expect(row).toEqual({ token_sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });
});

describe('a report that is not believed', () => {
  test('of something else on the tag', async () => {
    const stand = await newOne();
    const link = await linkTo(stand);
    const other = await ndefOf(await newOne());
    expect(told(await report(link, stand, { readBack: other }))).toBe('409 tag-reads-otherwise');
    expect((await report(link, stand)).status).toBe(200);
  });

  test('from a page of others', async () => {
    const stand = await newOne();
    const link = await linkTo(stand);
    const foreign = { 'sec-fetch-site': 'cross-site' };
    expect(told(await report(link, stand, {}, foreign))).toBe('403 forbidden');
  });

  test.each([{ serial: 'x' }, { serial: 7 }, { readBack: 'D1' }, { readBack: 'd1f' }, { more: 1 }])(
    'with %j',
    async (fields) => {
      const stand = await newOne();
      expect(told(await report(await linkTo(stand), stand, fields))).toBe('422 invalid-request');
    },
  );
});
