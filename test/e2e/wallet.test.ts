import { brotliCompressSync } from 'node:zlib';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  axeViolations,
  complaintsOf,
  type Look,
  overflow,
  smallTargets,
} from '../support/browser.ts';
import { type WalletPhone, walletPhone } from '../support/wallet-phone.ts';
import { type Coupon, expectStatus, redeem } from '../support/world.ts';
import { type CounterStage, openCounterStage } from './stage.ts';

let stage: CounterStage;

beforeAll(async () => {
  stage = await openCounterStage();
});
afterAll(() => stage.close());

interface Held {
  readonly member: WalletPhone;
  readonly passes: readonly string[];
  readonly coupon: Coupon;
}

/** A member with two cards, of which a till takes the first, and a coupon to give away. */
async function member(): Promise<Held> {
  const { service, world, merchant } = stage;
  const held = await walletPhone(service, '小宝宝');
  const ready = await world.passClass(merchant, {
    programName: 'Harbour Coffee Club with a long name',
    rewardsTier: 'Gold',
    hexBackgroundColor: '#7b3f00',
  });
  const other = await world.passClass(merchant, { programName: 'Bakery', enableSmartTap: false });
  const loyaltyPoints = { label: 'Points', balance: { int: 71327 } };
  const passes = [
    await world.pass(merchant, ready, held.walletId, { accountId: '4711', loyaltyPoints }),
    await world.pass(merchant, other, held.walletId),
  ];
  const classId = await world.couponClass(merchant, { transferable: true });
  return { member: held, passes, coupon: await world.coupon(merchant, classId, held.walletId) };
}

async function open({ member: { secret } }: Held, path: string, look: Look = {}) {
  const context = await stage.phone(look);
  await context.addCookies([{ name: 'tapline_device', value: secret, url: stage.url }]);
  const page = await context.newPage();
  const complaints = complaintsOf(page);
  await page.goto(stage.url + path);
  return { context, page, complaints };
}

const textOf = (page: Page) => page.locator('main').innerText();

describe('every page of the wallet', () => {
  const LOOKS: readonly Look[] = [{ locale: 'en' }, { locale: 'zh-CN', dark: true }];
  test.each(LOOKS)('can be read and touched by everybody: %j', async (look) => {
    const held = await member();
    const { page, complaints, context } = await open(held, '/me', look);
    const paths = [
      '/me',
      '/me?tab=used',
      `/me/passes/${held.passes[0]}`,
      `/me/coupons/${held.coupon.id}`,
      '/me/history',
      '/me/settings',
      '/me/offline',
    ];
    for (const path of paths) {
      await page.setViewportSize({ width: 320, height: 640 });
      await page.goto(stage.url + path);
      expect(await axeViolations(page)).toEqual([]);
      expect(await smallTargets(page, 44)).toEqual([]);
      expect(await overflow(page)).toBe(0);
      // Twice the size of text, as a phone's setting makes it.
      await page.evaluate("document.documentElement.style.fontSize = '200%'");
      expect(await overflow(page)).toBe(0);
    }
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('weighs at most 12 kB besides its styles, with 50 coupons in it', async () => {
    const { world, merchant } = stage;
    const held = await member();
    const classId = await world.couponClass(merchant, { perMemberLimit: 100 });
    for (let n = 0; n < 50; n++) await world.coupon(merchant, classId, held.member.walletId);
    const pages = ['/me', `/me/passes/${held.passes[0]}`, `/me/coupons/${held.coupon.id}`];
    for (const path of pages) {
      const html = (await held.member.get(path)).html.replace(/<style.*?<\/style>/s, '');
      expect(brotliCompressSync(html).length).toBeLessThanOrEqual(12 * 1024);
    }
  });
});

describe('while it is looked at', () => {
  test('a coupon that a till redeems shows as used', async () => {
    const held = await member();
    const { page, context } = await open(held, `/me/coupons/${held.coupon.id}`);
    expect(await textOf(page)).toContain('Show this at the till');
    expectStatus(await redeem(stage.merchant, held.coupon.code), 201);
    await expect.poll(() => textOf(page), { timeout: 10_000 }).toContain('Used');
    expect(await textOf(page)).not.toContain('Show this at the till');
    await context.close();
  });

  test('a presented card counts down and is cleared', async () => {
    const held = await member();
    const { page, context, complaints } = await open(held, `/me/passes/${held.passes[0]}`);
    await page.locator('form[action$="/presentations"] button').click();
    const left = page.locator('.countdown');
    const before = await left.innerText();
    await expect.poll(() => left.innerText(), { timeout: 4000 }).not.toBe(before);
    await stage.service.sql(
      'update presentations set expires_at = clock_timestamp() where wallet_id = $1',
      [held.member.walletId],
    );
    await expect.poll(() => textOf(page), { timeout: 5000 }).toContain('Time is over');
    expect(await left.count()).toBe(0);
    expect(complaints).toEqual([]);
    await context.close();
  });
});

test('keys go from card to card, open one and come back', async () => {
  const held = await member();
  const { page, context } = await open(held, '/me');
  const focused = () => page.evaluate('document.activeElement.getAttribute("href")');
  await page.locator('.card').first().focus();
  await page.keyboard.press('ArrowDown');
  expect(await focused()).toBe(`/me/passes/${held.passes[0]}`);
  await page.keyboard.press('ArrowLeft');
  expect(await focused()).toBe(`/me/passes/${held.passes[1]}`);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/passes/**');
  await page.keyboard.press('Escape');
  await page.waitForURL((to) => to.pathname === '/me');
  await context.close();
});

describe('without a network', () => {
  const isKept = (page: Page, path: string) =>
    page.evaluate<boolean>(`caches.match(${JSON.stringify(path)}).then(Boolean)`);

  async function keptPhone(held: Held) {
    const opened = await open(held, '/me');
    const path = `/me/coupons/${held.coupon.id}`;
    await expect.poll(() => isKept(opened.page, path), { timeout: 15_000 }).toBe(true);
    return opened;
  }

  async function goOffline(context: BrowserContext) {
    await context.setOffline(true);
  }

  test('the last copy opens and says so, and codes can be shown that nobody had opened', async () => {
    const held = await member();
    const { context, page } = await keptPhone(held);
    await goOffline(context);
    await page.reload();
    expect(await page.locator('#copy').innerText()).toMatch(/No connection\. .* Last updated .*\d/);
    expect(await textOf(page)).toContain('Harbour Coffee Club');
    await page.locator('.coupon').first().click();
    await page.waitForURL('**/coupons/**');
    expect((await page.locator('.qr code').innerText()).replace(/\s/g, '')).toBe(held.coupon.code);
    expect(await page.locator('#copy').isVisible()).toBe(true);
    await context.setOffline(false);
    await expect.poll(() => page.locator('#copy').isVisible(), { timeout: 10_000 }).toBe(false);
    await context.close();
  });

  test('a page that was never opened says how to get it', async () => {
    const { context, page } = await keptPhone(await member());
    await goOffline(context);
    await page.goto(`${stage.url}/me/settings`);
    expect(await textOf(page)).toContain('Open it once while you are online');
    await context.close();
  });

  test('nothing is kept of who signed out', async () => {
    const { context, page } = await keptPhone(await member());
    await page.goto(`${stage.url}/me/settings`);
    await page.locator('form[action="/me/sign-out"] button').click();
    await page.waitForURL((to) => to.pathname === '/me');
    await expect.poll(() => isKept(page, '/me')).toBe(false);
    await goOffline(context);
    await page.goto(`${stage.url}/me`);
    expect(await textOf(page)).toContain('Open it once while you are online');
    await context.close();
  });

  test('nothing is shown to another member on the same phone', async () => {
    const [ana, bo] = [await member(), await member()];
    const { context, page } = await keptPhone(ana);
    const path = `/me/coupons/${ana.coupon.id}`;
    await context.addCookies([{ name: 'tapline_device', value: bo.member.secret, url: stage.url }]);
    await page.goto(`${stage.url}/me`);
    await expect.poll(() => isKept(page, path)).toBe(false);
    await context.close();
  });
});

test('without a script all of it is there', async () => {
  const held = await member();
  const { page, context } = await open(held, '/me', { javaScript: false });
  await page.locator('.card').last().click();
  await page.locator('form[action$="/presentations"] button').click();
  expect(await textOf(page)).toMatch(/\d+ seconds left/);
  await page.goto(`${stage.url}/me/coupons/${held.coupon.id}`);
  await page.locator('form[action$="/gift"] button').click();
  expect(await page.locator('#gift-link').inputValue()).toContain('/me/gifts/');
  expect(await page.locator('.needs-script:visible, .can-share:visible').count()).toBe(0);
  await context.close();
});
