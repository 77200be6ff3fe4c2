import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ORIGIN, startTestService, type TestService } from '../../support/service.ts';
import { told } from '../../support/service-client.ts';
import {
  type PairedTill,
  pair,
  pairedTill,
  pairingCode,
  put,
  tillClient,
} from '../../support/tills.ts';
import { type Merchant, World } from '../../support/world.ts';

let service: TestService;
let shop: Merchant;
let till: PairedTill;

beforeAll(async () => {
  service = await startTestService({ workers: false });
  const world = new World(service);
  shop = await world.merchant();
  await world.store(shop, 'harbour');
  await world.store(shop, 'other');
  till = await pairedTill(service, shop, 'till-harbour');
});
beforeEach(async () => void (await service.sql('delete from pairing_guesses')));
afterAll(() => service?.stop());

const listening = '/v1/terminals/till-harbour/listening';

describe('a pairing code', () => {
  const wrong = async () => (await pair(service, '000000')) as { refusal?: string };

  test('that is over pairs nobody', async () => {
    const { code } = await pairingCode(shop, 'till-other');
    await service.sql("update pairing_codes set expires_at = now() - interval '1 ms'");
    expect(await pair(service, code)).toEqual({ ok: false, refusal: 'pairing-code-wrong' });
    expect((await pairingCode(shop, 'till-other')).code).toMatch(/^\d{6}$/);
  });

  test('is not found by trying: 30 wrong ones in a minute, and right ones do not count', async () => {
    for (let n = 0; n < 3; n++) await pairedTill(service, shop, 'till-other');
    const answers = await Promise.all(Array.from({ length: 60 }, wrong));
    const count = (code: string) => answers.filter(({ refusal }) => refusal === code).length;
    // The minute may have turned in between.
    expect(count('pairing-code-wrong')).toBeGreaterThanOrEqual(30);
    expect(count('pairing-code-wrong') + count('too-many-pairing-guesses')).toBe(60);
    const [{ most } = { most: 0 }] = await service.sql<{ most: number }>(
      'select max(wrong) as most from pairing_guesses',
    );
    expect(most).toBe(30);
    const { code } = await pairingCode(shop, 'till-other');
    await service.sql(
      `insert into pairing_guesses (minute, wrong) values (date_trunc('minute', now()), 30)
       on conflict (minute) do update set wrong = 30`,
    );
    expect(await pair(service, code)).toMatchObject({ refusal: 'too-many-pairing-guesses' });
  });

  test('is made for a terminal of the caller’s only', async () => {
    const stranger = await new World(service).merchant({ issuerId: '77001', collectorId: '77001' });
    const path = '/v1/terminals/till-harbour/pairing-codes';
    expect(told(await stranger.client.post(path))).toBe('404 not-found');
    expect(told(await stranger.client.post(`${path}?issuerId=${shop.issuerId}`))).toBe(
      '404 not-found',
    );
    expect(told(await shop.client.post('/v1/terminals/none/pairing-codes'))).toBe('404 not-found');
    expect(told(await stranger.client.delete(`/v1/tills/${till.id}`))).toBe('404 not-found');
  });
});

describe('the cookie of a till', () => {
  const from = (headers: Record<string, string>) =>
    till.client.send('PUT', listening, {
      headers: { 'Content-Type': 'application/json', ...headers },
      body: '{"on":true}',
    });

  test('changes nothing for pages of others', async () => {
    const foreign: Record<string, string>[] = [
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site' },
      { Origin: 'https://evil.test' },
      { Origin: 'null' },
    ];
    for (const headers of foreign) {
      expect(told(await from(headers))).toBe('403 forbidden');
    }
    expect((await from({ 'Sec-Fetch-Site': 'same-origin' })).status).toBe(200);
    expect((await from({ Origin: ORIGIN })).status).toBe(200);
  });

  test('is looked at only where no Authorization is sent', async () => {
    const bearer = { authorization: 'Bearer tk_live_nothing' };
    expect(told(await till.client.get('/v1/terminals/till-harbour', bearer))).toBe(
      '401 unauthenticated',
    );
  });

  test('that is none is nobody’s', async () => {
    for (const secret of ['', 'x', 'x'.repeat(43), 'x'.repeat(5000)]) {
      const client = tillClient(service.urls[0] ?? '', secret);
      expect(told(await client.get('/v1/terminals/till-harbour'))).toBe('401 unauthenticated');
    }
  });

  test('is stored as a hash only', async () => {
    expect(JSON.stringify(await service.sql('select * from tills'))).not.toContain(till.secret);
  });
});

test('listening is a till’s own, at its own terminal', async () => {
  expect(told(await put(shop.client, listening, { on: true }))).toBe('403 not-a-till');
  expect(told(await put(service.root, listening, { on: true }))).toBe('403 not-a-till');
  const other = await pairedTill(service, shop, 'till-other');
  expect(told(await put(other.client, listening, { on: true }))).toBe('404 not-found');
  for (const body of [{}, { on: 'yes' }, { on: true, off: false }]) {
    expect(told(await put(till.client, listening, body))).toBe('422 invalid-request');
  }
});
