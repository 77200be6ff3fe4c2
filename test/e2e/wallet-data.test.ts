import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { firstPaint } from '../support/browser.ts';
import { type CounterStage, openCounterStage } from './stage.ts';

let stage: CounterStage;
beforeAll(async () => {
  stage = await openCounterStage();
});
afterAll(() => stage.close());

/** A member's phone whose wallet holds a card and a coupon. */
async function walletOf(name: string) {
  const guest = await stage.guest(name);
  const classId = await stage.coupon();
  const session = await guest.session(stage.stand);
  expect(await guest.claim(session, classId)).toBe('claimed');
  const context = await stage.phone();
  await context.addCookies([{ name: 'tapline_device', value: guest.secret ?? '', url: stage.url }]);
  const page = await context.newPage();
  await page.goto(`${stage.url}/me`);
  return { guest, page };
}

describe('what is kept of a member', () => {
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

  test('paints within 1.2 s on a slow network and a cheap phone', async () => {
    const { page } = await walletOf('Uwe');
    const { paint } = await firstPaint(page, `${stage.url}/me`);
    expect(paint).toBeLessThan(1200);
  });
});
