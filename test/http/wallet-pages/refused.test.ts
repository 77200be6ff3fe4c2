import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../../src/platform/ids.ts';
import { ORIGIN, startTestService, type TestService } from '../../support/service.ts';
import { type WalletPhone, walletPhone } from '../../support/wallet-phone.ts';
import { type Coupon, expectStatus, type Merchant, redeem, World } from '../../support/world.ts';

let service: TestService;
let world: World;
let shop: Merchant;
let ana: WalletPhone;
let mallory: WalletPhone;
let passId: string;
let coupon: Coupon;

beforeAll(async () => {
  service = await startTestService();
  world = new World(service);
  shop = await world.merchant();
  [ana, mallory] = [await walletPhone(service, 'Ana'), await walletPhone(service)];
  passId = await world.pass(shop, await world.passClass(shop), ana.walletId);
  const classId = await world.couponClass(shop, { transferable: true });
  coupon = await world.coupon(shop, classId, ana.walletId);
});
afterAll(() => service.stop());

const PAGES = ['/me', '/me/history', '/me/settings', '/me/export'];
const ownPages = () => [...PAGES, `/me/passes/${passId}`, `/me/coupons/${coupon.id}`];
const WRITES: readonly (readonly [path: () => string, fields: Record<string, string>])[] = [
  [() => '/me/presentations', {}],
  [() => `/me/passes/${passId}/presentations`, {}],
  [() => `/me/coupons/${coupon.id}/gift`, {}],
  [() => `/me/coupons/${coupon.id}/gift/revoke`, {}],
  [() => '/me/settings', { displayName: 'X', email: '' }],
  [() => '/me/language', { language: 'en' }],
  [() => '/me/type', { large: '1' }],
  [() => '/me/sign-out', {}],
  [() => '/me/erase', { word: 'DELETE' }],
];

describe('a phone that is nobody’s', () => {
  test('is asked to join on every page, and leaves no copies', async () => {
    for (const path of ownPages()) {
      const response = await fetch((service.urls[0] ?? '') + path);
      const html = await response.text();
      expect(response.status).toBe(403);
      expect(html).toContain('action="/join/code"');
      expect(html).toContain(`name="returnTo" value="${path}"`);
      expect(response.headers.get('wallet-copy')).toBe('nobody');
    }
  });

  test('changes nothing', async () => {
    const before = await service.everything();
    for (const [path, fields] of WRITES) {
      const response = await fetch((service.urls[0] ?? '') + path(), {
        method: 'POST',
        redirect: 'manual',
        body: new URLSearchParams(fields),
      });
      expect([response.status, response.headers.get('location')]).toEqual([303, '/me']);
    }
    expect(await service.everything()).toEqual(before);
  });
});

describe('another member', () => {
  test('finds nothing of it', async () => {
    for (const path of [`/me/passes/${passId}`, `/me/coupons/${coupon.id}`]) {
      const { status, text, headers } = await mallory.get(path);
      expect(status).toBe(404);
      expect(text).toContain('not-found');
      expect(headers.get('wallet-copy')).toBeNull();
    }
    for (const path of ['/me', '/me/history', '/me/export', '/me?tab=used']) {
      const { html } = await mallory.get(path);
      for (const secret of [passId, coupon.id, coupon.code]) expect(html).not.toContain(secret);
    }
  });

  test('changes nothing of it', async () => {
    const { location } = await ana.post(`/me/passes/${passId}/presentations`);
    const presentation = (location ?? '').split('?')[0] ?? '';
    const [device] = await service.sql<{ id: string }>(
      'select id from member_devices where member_id = $1',
      [ana.memberId],
    );
    const before = await service.everything();
    const tried = [
      await mallory.post(`/me/passes/${passId}/presentations`),
      await mallory.get(presentation),
      await mallory.post(`${presentation}/selection`, { objectId: passId }),
      await mallory.post(`/me/coupons/${coupon.id}/gift`),
      await mallory.post(`/me/coupons/${coupon.id}/gift/revoke`),
      await mallory.post(`/me/devices/${device?.id}/end`),
    ];
    expect(tried.map(({ status }) => status)).toEqual(Array(tried.length).fill(404));
    expect(await service.everything()).toEqual(before);
  });
});

describe('a page from elsewhere', () => {
  test.each<[string, Record<string, string>]>([
    ['by what the browser says', { 'Sec-Fetch-Site': 'cross-site' }],
    ['by its origin', { Origin: 'https://evil.example' }],
  ])('posts nothing, told %s', async (_how, headers) => {
    const before = await service.everything();
    for (const [path, fields] of WRITES) {
      const { status, text } = await ana.post(path(), fields, headers);
      expect(status).toBe(403);
      expect(text).toContain('forbidden');
    }
    expect(await service.everything()).toEqual(before);
  });

  test('and our own page does', async () => {
    const headers = { Origin: ORIGIN, 'Sec-Fetch-Site': 'same-origin' };
    const { status } = await ana.post('/me/type', { large: '0' }, headers);
    expect(status).toBe(303);
  });
});

describe('what is refused is told as a page, in words', () => {
  test('an address that names nothing', async () => {
    const paths = [
      '/me/passes/1.none',
      '/me/passes/%00',
      `/me/coupons/${newId('cpn')}`,
      '/me/coupons/x',
      `/me/presentations/${newId('prs')}`,
      '/me/presentations/x',
      `/me/gifts/${'x'.repeat(43)}`,
      '/me/gifts/short',
    ];
    for (const path of paths) {
      const { status, html, text } = await ana.get(path, { 'Accept-Language': 'zh-CN' });
      expect(`${path} ${status}`).toBe(`${path} 404`);
      expect(html).toContain('<html lang="zh-CN">');
      expect(text).toContain('not-found');
    }
  });

  test('a cursor of another list', async () => {
    for (const path of ['/me?after=AAAA', '/me?cards=%ff', '/me/history?after=x']) {
      expect((await ana.get(path)).status).toBe(422);
    }
  });

  test('giving away what is not to be given, or was used', async () => {
    const kept = await world.coupon(shop, await world.couponClass(shop), ana.walletId);
    const { status, text } = await ana.post(`/me/coupons/${kept.id}/gift`);
    expect(status).toBe(409);
    expect(text).toContain('does not let members give this coupon away');
    expect((await ana.get(`/me/coupons/${kept.id}`)).text).not.toContain('Give to a friend');
    const used = await world.coupon(
      shop,
      await world.couponClass(shop, { transferable: true }),
      ana.walletId,
    );
    expectStatus(await redeem(shop, used.code), 201);
    expect((await ana.post(`/me/coupons/${used.id}/gift`)).status).toBe(409);
  });

  test('a pick that was not offered', async () => {
    const { location } = await ana.post('/me/presentations');
    const picked = await ana.post(`${location}/selection`, { objectId: passId });
    expect(picked.status).toBe(409);
    expect(picked.text).toContain('selection-not-offered');
  });

  test.each<[string, string, Record<string, string>]>([
    ['no mail address', '/me/settings', { displayName: 'Ana', email: 'nowhere' }],
    ['a name too long', '/me/settings', { displayName: 'x'.repeat(41), email: '' }],
    ['a language we have not', '/me/language', { language: 'ja' }],
    ['a field nobody knows', '/me/type', { large: '1', plus: 'true' }],
  ])('%s', async (_what, path, fields) => {
    const before = await service.everything();
    const { status, text } = await ana.post(path, fields);
    expect(status).toBe(422);
    expect(text).toContain('invalid-request');
    expect(await service.everything()).toEqual(before);
  });
});

test('a merchant’s words are words, whatever is written in them', async () => {
  const classId = await world.passClass(shop, { programName: '<script>alert(1)</script>' });
  const id = await world.pass(shop, classId, ana.walletId);
  for (const path of ['/me', `/me/passes/${id}`]) {
    const { html } = await ana.get(path);
    expect(html).toContain('&lt;script>alert(1)&lt;/script>');
    expect(html).not.toContain('<script>alert');
  }
});

test('a body of another kind or too long', async () => {
  const typed = await ana.post('/me/type', { large: '1' }, { 'Content-Type': 'text/plain' });
  expect(typed.status).toBe(415);
  expect((await ana.post('/me/erase', { word: 'x'.repeat(20_000) })).status).toBe(413);
});
