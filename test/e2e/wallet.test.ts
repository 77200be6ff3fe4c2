import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  axeViolations,
  complaintsOf,
  firstPaint,
  overflow,
  smallTargets,
} from '../support/browser.ts';
import { redeem } from '../support/world.ts';
import { type CounterStage, openCounterStage } from './stage.ts';

let stage: CounterStage;
beforeAll(async () => {
  stage = await openCounterStage();
});
afterAll(() => stage.close());

/** A member's phone whose wallet holds a card and a coupon. */
async function walletOf(name: string, look = {}) {
  const guest = await stage.guest(name);
  const classId = await stage.coupon();
  const session = await guest.session(stage.stand);
  expect(await guest.claim(session, classId)).toBe('claimed');
  const context = await stage.phone(look);
  await context.addCookies([{ name: 'tapline_device', value: guest.secret ?? '', url: stage.url }]);
  const page = await context.newPage();
  const complaints = complaintsOf(page);
  await page.goto(`${stage.url}/me`);
  return { guest, page, context, complaints };
}

const codeOf = async (walletId: string) => {
  const [row] = await stage.service.sql<{ code: string }>(
    'select code from coupons where wallet_id = $1',
    [walletId],
  );
  return row?.code ?? '';
};

describe('the wallet', () => {
  test('shows card and coupon, and the code when the network is gone', async () => {
    const { guest, page, context, complaints } = await walletOf('Wanda');
    expect(await page.locator('h1').innerText()).toContain('Wanda');
    await page.getByText('Harbour Club').first().waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await page.evaluate('navigator.serviceWorker.ready.then(() => true)');
    await page.reload();
    await page
      .getByRole('link', { name: /Five off|¥5/ })
      .first()
      .click();
    const code = await codeOf(guest.walletId);
    await page.getByText(code).first().waitFor();
    expect(await axeViolations(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.reload();
    await context.setOffline(true);
    await page.reload();
    await page.getByText(code).first().waitFor();
    await page.getByText(/No connection/).waitFor();
    await page.goto(`${stage.url}/me`);
    await page.getByText('Harbour Club').first().waitFor();
  });

  test('shows a coupon as used once a till has redeemed it', async () => {
    const { guest, page } = await walletOf('Xenia');
    await page.getByRole('link', { name: /¥5/ }).first().waitFor();
    const redeemed = await redeem(stage.merchant, await codeOf(guest.walletId));
    expect(redeemed.status).toBe(201);
    const usable = page.locator('#coupons').getByRole('link', { name: /¥5/ });
    await expect.poll(() => usable.count(), { timeout: 15_000 }).toBe(0);
  });

  test('is taken along as a file, and erased', async () => {
    const { guest, page } = await walletOf('Yvonne');
    const memberId = guest.member?.memberId ?? '';
    await page.goto(`${stage.url}/me/settings`);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.locator('a[href="/me/export"]').click(),
    ]);
    const exported = JSON.parse(await readFile(await download.path(), 'utf8'));
    expect(JSON.stringify(exported)).toContain('Yvonne');
    const erase = page.locator('form[action="/me/erase"]');
    await erase.locator('input:not([type=hidden])').fill('nonsense');
    await erase.locator('button').click();
    await page.waitForLoadState();
    const erased = async () => {
      const [row] = await stage.service.sql<{ erased: boolean }>(
        'select erased_at is not null as erased from members where id = $1',
        [memberId],
      );
      return row?.erased;
    };
    expect(await erased()).toBe(false);
    const word = await page
      .locator(
        'form[action="/me/erase"] strong, form[action="/me/erase"] b, form[action="/me/erase"] code',
      )
      .first()
      .innerText();
    await page.locator('form[action="/me/erase"] input:not([type=hidden])').fill(word);
    await page.locator('form[action="/me/erase"] button').click();
    await expect.poll(erased).toBe(true);
    await page.goto(`${stage.url}/me`);
    expect(await page.locator('input[name=phone]').count()).toBe(1);
  });

  test.each([
    { locale: 'en', dark: true },
    { locale: 'zh-CN', dark: false },
  ] as const)('fits the narrowest phone, $locale, dark $dark', async (look) => {
    const { page } = await walletOf('Zacharias von Hohenzollern', look);
    await page.setViewportSize({ width: 320, height: 640 });
    for (const path of ['/me', '/me?tab=used', '/me/history', '/me/settings']) {
      await page.goto(stage.url + path);
      expect(await overflow(page), path).toBe(0);
      expect(await smallTargets(page, 44), path).toEqual([]);
      expect(await axeViolations(page), path).toEqual([]);
      await page.evaluate("document.documentElement.style.fontSize = '200%'");
      expect(await overflow(page), `${path} at 200 %`).toBe(0);
    }
  });

  test('paints within 1.2 s on a slow network and a cheap phone', async () => {
    const { page } = await walletOf('Uwe');
    const { paint } = await firstPaint(page, `${stage.url}/me`);
    expect(paint).toBeLessThan(1200);
  });
});
