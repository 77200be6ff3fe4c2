import type { BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  axeViolations,
  complaintsOf,
  firstPaint,
  overflow,
  smallTargets,
} from '../support/browser.ts';
import { type CounterStage, openCounterStage } from './stage.ts';

let stage: CounterStage;
const contexts: BrowserContext[] = [];

beforeAll(async () => {
  stage = await openCounterStage();
});
afterAll(() => stage.close());

async function phoneOf(name: string, look = {}) {
  const context = await stage.member(name, look);
  contexts.push(context);
  const page = await context.newPage();
  return { context, page, complaints: complaintsOf(page) };
}

const touch = () => `${stage.url}/t/${stage.stand.code}`;
const taps = async () => {
  const [row] = await stage.service.sql<{ n: number }>('select count(*)::int as n from taps');
  return row?.n ?? 0;
};
const coupons = async (classId: string) => {
  const [row] = await stage.service.sql<{ n: number }>(
    'select count(*)::int as n from coupons where class_id = $1',
    [classId],
  );
  return row?.n ?? 0;
};

describe('the claim page', () => {
  test('greets a member, and one touch gives one coupon', async () => {
    const classId = await stage.coupon();
    const { page, complaints } = await phoneOf('Ana');
    await page.goto(touch());
    expect(await page.locator('h1').innerText()).toContain('Ana');
    expect(page.url()).toContain('/s/');
    expect(await axeViolations(page)).toEqual([]);
    await page.locator(`form:has(input[value="${classId}"]) button`).dblclick();
    await expect.poll(() => coupons(classId)).toBe(1);
    expect(complaints).toEqual([]);
  });

  test('works without a script', async () => {
    const classId = await stage.coupon();
    const { context } = await phoneOf('Bo');
    const cookies = await context.cookies();
    const bare = await stage.phone({ javaScript: false });
    await bare.addCookies(cookies);
    const page = await bare.newPage();
    await page.goto(touch());
    await page.locator(`form:has(input[value="${classId}"]) button`).click();
    await page.waitForLoadState();
    expect(await coupons(classId)).toBe(1);
    expect(page.url()).toContain('/s/');
  });

  test('is no second tap when it is loaded again, left and come back to', async () => {
    const { page } = await phoneOf('Cy');
    await page.goto(touch());
    const before = await taps();
    await page.reload();
    await page.goto('about:blank');
    await page.goBack();
    expect(await taps()).toBe(before);
  });

  test('turns a stranger into a member without a second tap', async () => {
    const page = await (await stage.phone()).newPage();
    await page.goto(touch());
    const before = await taps();
    const at = page.url();
    await page.locator('input[name=phone]').fill('138 0013 9001');
    await page.locator('form[action="/join/code"] button').click();
    await page.locator('input[name=code]').fill(stage.codes.at(-1)?.code ?? '');
    await page.locator('input[name=displayName]').fill('Di');
    await page.locator('form[action="/join"] button').first().click();
    await page.waitForURL(at);
    expect(await page.locator('h1').innerText()).toContain('Di');
    expect(await taps()).toBe(before);
    const [tap] = await stage.service.sql<{ outcome: string; wallet_id: string | null }>(
      'select outcome, wallet_id from taps order by tapped_at desc limit 1',
    );
    expect(tap?.wallet_id).toMatch(/^wal_/);
  });

  test('gives the last coupon to one of two phones, and tells the other', async () => {
    const classId = await stage.coupon({ stock: 1 });
    const phones = await Promise.all([phoneOf('Ed'), phoneOf('Fa')]);
    for (const { page } of phones) await page.goto(touch());
    const button = `form:has(input[value="${classId}"]) button`;
    await Promise.all(phones.map(({ page }) => page.locator(button).click()));
    await expect.poll(() => coupons(classId)).toBe(1);
    const said = phones.map(async ({ page }) => {
      await page.waitForLoadState('networkidle');
      return page.locator('main').innerText();
    });
    const refusals = (await Promise.all(said)).filter((text) => /gone|sold out|left/i.test(text));
    expect(refusals.length).toBe(1);
  });

  test('shows a forwarded link without anything to claim', async () => {
    await stage.coupon();
    const { page } = await phoneOf('Gu');
    await page.goto(touch());
    const other = await (await stage.member('Ha')).newPage();
    await other.goto(page.url());
    expect(await other.locator('form[action$="/claims"] button').count()).toBe(0);
  });

  test('changes its language and keeps the tap', async () => {
    const { page } = await phoneOf('Ia');
    await page.goto(touch());
    const before = await taps();
    await page.getByRole('link', { name: '中文' }).click();
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
    expect(await page.locator('h1').innerText()).toContain('您好');
    expect(await taps()).toBe(before);
  });

  test.each(['en', 'zh-CN'] as const)(
    'fits the narrowest phone and twice the text in %s',
    async (locale) => {
      const { page } = await phoneOf('Joachim von Hohenzollern', { locale });
      await page.setViewportSize({ width: 320, height: 640 });
      await page.goto(touch());
      expect(await overflow(page)).toBe(0);
      await page.evaluate("document.documentElement.style.fontSize = '200%'");
      expect(await overflow(page)).toBe(0);
      expect(await smallTargets(page, 44)).toEqual([]);
      expect(await axeViolations(page)).toEqual([]);
    },
  );

  test('paints within a second on a slow network and a cheap phone, in 14 kB', async () => {
    const { page } = await phoneOf('Kim');
    const { paint, bytes } = await firstPaint(page, touch());
    expect(bytes).toBeLessThan(14 * 1024);
    expect(paint).toBeLessThan(1000);
  });
});
