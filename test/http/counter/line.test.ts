import { afterAll, beforeAll, expect, test } from 'vitest';
import { forgetOldEvents } from '../../../src/terminals/event-store.ts';
import { joinedMember, stoodTap, type TestMember, tell } from '../../support/counter.ts';
import { openLine } from '../../support/live-line.ts';
import { ROOT_KEY, startTestService, type TestService } from '../../support/service.ts';
import { told } from '../../support/service-client.ts';
import { type PairedTill, pairedTill } from '../../support/tills.ts';
import { type Merchant, World } from '../../support/world.ts';

let service: TestService;
let world: World;
let shop: Merchant;
let till: PairedTill;
let member: TestMember;

beforeAll(async () => {
  service = await startTestService();
  world = new World(service);
  shop = await world.merchant();
  await world.store(shop, 'harbour');
  await world.store(shop, 'other');
  till = await pairedTill(service, shop, 'till-harbour');
  member = await joinedMember(service, world, shop, { name: '小宝宝1', number: 11 });
});
afterAll(() => service?.stop());

const line = (after?: number, headers: Record<string, string> = { cookie: till.cookie }) =>
  openLine(service.urls[0] ?? '', 'till-harbour', {
    headers,
    ...(after !== undefined && { after }),
  });

test('it says hello, beats, and tells who taps with the member’s name', async () => {
  const classId = await world.couponClass(shop);
  await world.coupon(shop, classId, member.walletId);
  const reader = await line();
  expect(reader.headers['content-type']).toBe('text/event-stream; charset=UTF-8');
  expect(reader.headers['cache-control']).toBe('no-store');
  expect(reader.messages[0]).toMatchObject({ id: null, event: 'hello' });
  expect(reader.hello).toMatchObject({ last: 0, beatSeconds: 2 });
  expect(Math.abs(Date.parse(reader.hello.now) - Date.now())).toBeLessThan(5000);
  const tapId = await stoodTap(service, shop, 'till-harbour', member.walletId);
  await reader.until(() => reader.events().length === 1);
  const [event] = reader.events();
  expect(event).toEqual({
    number: 1,
    kind: 'tap',
    at: expect.stringMatching(/^\d{4}-.*Z$/),
    tapId,
    proof: null,
    visitor: {
      walletId: member.walletId,
      name: '小宝宝1',
      number: '11',
      tier: 'Gold',
      isMember: true,
      usableCoupons: 1,
    },
    detail: {},
  });
  expect(reader.messages.find(({ event: kind }) => kind === 'tap')?.id).toBe('1');
  const begun = performance.now();
  await reader.until(() => reader.messages.filter((one) => one.event === 'beat').length >= 2);
  expect(performance.now() - begun).toBeLessThan(5000);
  reader.close();
});

test('a tap is on the line within 300 ms', async () => {
  const reader = await line();
  const lags: number[] = [];
  for (let n = 0; n < 20; n++) {
    const begun = performance.now();
    const before = reader.events().length;
    await tell(service, shop, 'till-harbour', { walletId: member.walletId });
    await reader.until(() => reader.events().length > before);
    lags.push(performance.now() - begun);
  }
  lags.sort((one, other) => one - other);
  expect(lags[18]).toBeLessThan(300);
  reader.close();
});

test('members of others have no name, and a phone that is nobody’s is no visitor', async () => {
  const stranger = await world.wallet(service.root, { displayName: '王小明' });
  const reader = await line();
  await tell(service, shop, 'till-harbour', { walletId: stranger });
  await tell(service, shop, 'till-harbour');
  await reader.until(() => reader.events().length === 2);
  const [known, nobody] = reader.events();
  expect(known?.visitor).toEqual({
    walletId: stranger,
    name: null,
    number: null,
    tier: null,
    isMember: false,
    usableCoupons: 0,
  });
  expect(nobody?.visitor).toBeNull();
  reader.close();
});

test('whoever comes back is told what was missed, once and in order', async () => {
  const before = await line();
  const { last } = before.hello;
  before.close();
  for (let n = 0; n < 120; n++) await tell(service, shop, 'till-harbour');
  const expected = Array.from({ length: 120 }, (_, n) => last + 1 + n);
  const numbers = (reader: Awaited<ReturnType<typeof line>>) =>
    reader.events().map(({ number }) => number);
  const byQuery = await line(last);
  const byHeader = await line(undefined, { cookie: till.cookie, 'last-event-id': String(last) });
  const later = await line(last, { cookie: till.cookie, 'last-event-id': String(last + 100) });
  const news = await line();
  await Promise.all([
    byQuery.until(() => byQuery.events().length >= 120),
    byHeader.until(() => byHeader.events().length >= 120),
    later.until(() => later.events().length >= 20),
  ]);
  expect(numbers(byQuery)).toEqual(expected);
  expect(numbers(byHeader)).toEqual(expected);
  expect(numbers(later)).toEqual(expected.slice(100));
  expect(byQuery.hello.last).toBe(last + 120);
  const next = await tell(service, shop, 'till-harbour');
  await news.until(() => news.events().length > 0);
  expect(numbers(news)).toEqual([next]);
  for (const reader of [byQuery, byHeader, later, news]) reader.close();
});

test('a number beyond the last one goes on with what is new', async () => {
  const reader = await line(1_000_000);
  const next = await tell(service, shop, 'till-harbour');
  await reader.until(() => reader.events().length > 0);
  expect(reader.events()[0]?.number).toBe(next);
  reader.close();
});

test('it ends within 5 seconds when the till is unpaired', async () => {
  const gone = await pairedTill(service, shop, 'till-harbour');
  const reader = await line(undefined, { cookie: gone.cookie });
  await shop.client.delete(`/v1/tills/${gone.id}`);
  const begun = performance.now();
  await reader.ended;
  expect(performance.now() - begun).toBeLessThan(5000);
  expect((await line(undefined, { cookie: gone.cookie })).status).toBe(401);
});

test('a key and root may listen, a stranger and another till may not', async () => {
  const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
  const key = await line(undefined, bearer(shop.apiKey));
  expect(key.status).toBe(200);
  const root = await openLine(service.urls[0] ?? '', 'till-harbour', {
    headers: bearer(ROOT_KEY),
    query: `issuerId=${shop.issuerId}`,
  });
  expect(root.status).toBe(200);
  const stranger = await world.merchant();
  expect((await line(undefined, bearer(stranger.apiKey))).status).toBe(404);
  expect((await line(undefined, {})).status).toBe(401);
  const scopeless = await world.keyFor(shop.issuerId, ['wallets:write']);
  expect((await line(undefined, bearer(scopeless))).status).toBe(403);
  const other = await pairedTill(service, shop, 'till-other');
  expect((await line(undefined, { cookie: other.cookie })).status).toBe(404);
  for (const wrong of ['-1', '1.5', 'x', '9'.repeat(16)]) {
    const path = `/v1/terminals/till-harbour/events?after=${wrong}`;
    expect(told(await shop.client.get(path))).toBe('422 invalid-request');
    expect((await line(undefined, { cookie: till.cookie, 'last-event-id': wrong })).status).toBe(
      422,
    );
  }
  key.close();
  root.close();
});

test('HEAD tells what GET would and opens no line', async () => {
  const answer = await till.client.send('HEAD', '/v1/terminals/till-harbour/events');
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=UTF-8');
});

test('events are kept for 7 days', async () => {
  const number = await tell(service, shop, 'till-other');
  await tell(service, shop, 'till-other');
  const aged = async (age: string) => {
    await service.sql(
      `update terminal_events set at = now() - $2::interval
        where terminal_id = 'till-other' and number = $1`,
      [number, age],
    );
    return forgetOldEvents(service.database.single);
  };
  expect(await aged('6 days 23 hours')).toBe(0);
  expect(await aged('7 days 1 hour')).toBe(1);
  const reader = await openLine(service.urls[0] ?? '', 'till-other', {
    headers: { authorization: `Bearer ${shop.apiKey}` },
    after: 0,
  });
  await reader.until(() => reader.events().length === 1);
  expect(reader.events()[0]?.number).toBe(number + 1);
  reader.close();
});
