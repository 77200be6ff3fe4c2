import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestService, type TestService } from '../../support/service.ts';
import { type WalletPhone, walletPhone } from '../../support/wallet-phone.ts';
import { type Merchant, World } from '../../support/world.ts';

let service: TestService;
let world: World;
let shop: Merchant;

beforeAll(async () => {
  service = await startTestService();
  world = new World(service);
  shop = await world.merchant();
});
afterAll(() => service.stop());

const phone = (name: string | null = null) => walletPhone(service, name);

describe('settings', () => {
  test('keep the language on the member, for every phone', async () => {
    const ana = await phone();
    expect((await ana.send('/me/language', { language: 'zh-CN' })).text).toContain('已保存');
    const chosen = await ana.get('/me', { 'Accept-Language': 'en' });
    expect(chosen.html).toContain('<html lang="zh-CN">');
  });

  test('keep the name and where notices go, and take them away again', async () => {
    const ana = await phone();
    await ana.send('/me/settings', { displayName: 'Ana', email: 'ana@example.com' });
    const wallet = () =>
      service.sql('select display_name, email from wallets where id = $1', [ana.walletId]);
    expect(await wallet()).toEqual([{ display_name: 'Ana', email: 'ana@example.com' }]);
    expect((await ana.get('/me')).text).toContain('Hello, Ana');
    await ana.send('/me/settings', { displayName: '', email: '' });
    expect(await wallet()).toEqual([{ display_name: null, email: null }]);
  });

  test('make the type large on this phone', async () => {
    const ana = await phone();
    await ana.send('/me/type', { large: '1' });
    expect((await ana.get('/me')).html).toContain('class="wallet large"');
    await ana.send('/me/type', { large: '0' });
    expect((await ana.get('/me')).html).toContain('class="wallet"');
  });

  test('sign out another phone, and this one', async () => {
    const ana = await phone();
    const other = await walletPhone(service);
    await service.sql(`update member_devices set member_id = $1 where member_id = $2`, [
      ana.memberId,
      other.memberId,
    ]);
    const { html } = await ana.get('/me/settings');
    const [, end = ''] = /action="(\/me\/devices\/[^"]+\/end)"/.exec(html) ?? [];
    expect((await ana.send(end)).text).not.toContain('Another phone');
    expect((await other.get('/me')).status).toBe(403);
    expect((await ana.get('/me')).status).toBe(200);
    const { location } = await ana.post('/me/sign-out');
    expect(location).toBe('/me');
    expect((await ana.get('/me')).headers.get('wallet-copy')).toBe('nobody');
  });

  test('hand the data over, and delete it for who types the word', async () => {
    const ana = await phone('Ana');
    const { id } = await world.coupon(shop, await world.couponClass(shop), ana.walletId);
    const taken = await ana.get('/me/export');
    expect(taken.headers.get('content-disposition')).toContain('attachment');
    expect(JSON.parse(taken.html)).toMatchObject({ memberId: ana.memberId });
    const wrong = await ana.send('/me/erase', { word: 'yes' });
    expect(wrong.text).toContain('Nothing was deleted');
    expect((await ana.post('/me/erase', { word: ' delete ' })).location).toBe('/me');
    expect((await ana.get('/me')).status).toBe(403);
    const [row] = await service.sql<{ status: string }>(
      'select status from coupons where id = $1',
      [id],
    );
    expect(row?.status).toBe('voided');
  });
});

describe('on the phone', () => {
  test('the manifest names the wallet in its language', async () => {
    const ana = await phone();
    const { html, headers } = await ana.get('/me/manifest.webmanifest?lang=zh-CN');
    expect(headers.get('content-type')).toMatch(/^application\/manifest\+json/);
    expect(JSON.parse(html)).toMatchObject({ name: '我的卡包', start_url: '/me', scope: '/me' });
  });

  test('the service worker stands for /me and no more', async () => {
    const { html, headers } = await (await phone()).get('/me/sw.js');
    expect(headers.get('service-worker-allowed')).toBe('/me');
    const [, script = ''] = /^importScripts\('([^']+)'\);$/.exec(html) ?? [];
    expect((await fetch((service.urls[0] ?? '') + script)).status).toBe(200);
  });

  test('copies are named by their member, and only pages of the wallet are kept', async () => {
    const [ana, bo] = [await phone(), await phone()];
    const mark = async (of: WalletPhone, path: string) =>
      (await of.get(path)).headers.get('wallet-copy');
    expect(await mark(ana, '/me')).toMatch(/^[0-9a-f]{16}$/);
    expect(await mark(ana, '/me/history')).toBe(await mark(ana, '/me'));
    expect(await mark(bo, '/me')).not.toBe(await mark(ana, '/me'));
    expect(await mark(ana, '/me/settings')).toBeNull();
    expect((await ana.get('/me')).html).toContain('id="copy" hidden');
  });
});
