import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  axeViolations,
  complaintsOf,
  type Look,
  launchBrowser,
  openPhone,
  overflow,
  smallTargets,
} from '../support/browser.ts';
import { newPhone, SentCodes } from '../support/member-stage.ts';
import { startTestService, type TestService } from '../support/service.ts';

let service: TestService;
let browser: Browser;
let codes: SentCodes;
let url: string;

beforeAll(async () => {
  codes = new SentCodes();
  service = await startTestService({ workers: false, ownOrigin: true, codeSender: codes });
  url = (service.urls[0] ?? '').replace('127.0.0.1', 'localhost');
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await service?.stop();
});

async function opened(look: Look = {}) {
  const context: BrowserContext = await openPhone(browser, look);
  const page = await context.newPage();
  const complaints = complaintsOf(page);
  await page.goto(`${url}/join?returnTo=/me`);
  return { context, page, complaints };
}

const joined = async () => {
  const [row] = await service.sql<{ n: number }>('select count(*)::int as n from members');
  return row?.n ?? 0;
};

describe('the join page', () => {
  test.each([true, false])('joins by two forms, with scripts %s', async (javaScript) => {
    const { context, page, complaints } = await opened({ javaScript });
    const before = await joined();
    await page.getByLabel('Mobile number').fill(newPhone());
    await page.getByRole('button', { name: 'Send me a code' }).click();
    await page.getByLabel('Code', { exact: true }).fill('000 000');
    if (codes.last() === '000000') throw new Error('one in a million');
    await page.getByLabel(/call you/).fill('小宝宝1');
    await page.getByRole('button', { name: 'Join', exact: true }).click();
    expect(await page.getByRole('alert').innerText()).toContain('The code is not right');
    expect(await page.getByLabel(/call you/).inputValue()).toBe('小宝宝1');
    await page.getByLabel('Code', { exact: true }).fill(codes.last());
    await page.keyboard.press('Enter');
    await page.waitForURL(`${url}/me`);
    expect(await joined()).toBe(before + 1);
    // A page that answers 422 is told in the console, and is no complaint of ours.
    expect(complaints.filter((text) => !text.includes('422'))).toEqual([]);
    await context.close();
  });

  test.each([
    { locale: 'en', dark: false },
    { locale: 'en', dark: true },
    { locale: 'zh-CN', dark: false },
    { locale: 'zh-CN', dark: true },
  ] as const)('can be read and touched by everybody: %o', async (look) => {
    const { context, page } = await opened(look);
    const sound = async () => {
      expect(await axeViolations(page)).toEqual([]);
      expect(await smallTargets(page, 44)).toEqual([]);
      expect(await overflow(page)).toBe(0);
    };
    await page.setViewportSize({ width: 320, height: 640 });
    await sound();
    await page.locator('#join-phone').fill('12');
    await page.locator('form button').click();
    await page.getByRole('alert').waitFor();
    await sound();
    await page.locator('#join-phone').fill(newPhone());
    await page.locator('form button').click();
    await page.locator('#join-code').waitFor();
    await sound();
    await page.locator('#join-code').fill('0');
    await page.locator('form button').first().click();
    await page.getByRole('alert').waitFor();
    await sound();
    await context.close();
  });
});
