import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { axeViolations, overflow, smallTargets } from '../support/browser.ts';
import { newStand } from '../support/stands.ts';
import { type CounterStage, type OpenTill, openCounterStage } from './stage.ts';

let stage: CounterStage;
let till: OpenTill;

beforeAll(async () => {
  stage = await openCounterStage();
});
beforeEach(async () => {
  await till?.context.close();
  till = await stage.till();
});
afterAll(() => stage.close());

/** A member with a coupon of that class touches the stand. */
async function taps(name: string, classId?: string) {
  const phone = await stage.guest(name);
  const session = await phone.session(stage.stand);
  if (classId !== undefined) expect(await phone.claim(session, classId)).toBe('claimed');
  return phone;
}

const member = (page: Page) => page.getByRole('region', { name: 'Member' });
const redemptions = async () => {
  const [row] = await stage.service.sql<{ n: number }>(
    "select count(*)::int as n from redemptions where state = 'confirmed' and reversed_at is null",
  );
  return row?.n ?? 0;
};

describe('the till', () => {
  test('shows who tapped without anybody touching it', async () => {
    const { page, complaints } = till;
    await taps('Anatol');
    await member(page).getByText('Anatol').waitFor();
    expect(await axeViolations(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('redeems with the keyboard alone: amount, Enter, and takes it back', async () => {
    const classId = await stage.coupon({ minSpendMinor: 3000 });
    const { page } = till;
    const before = await redemptions();
    await taps('Boris', classId);
    await member(page).getByText('Boris').waitFor();
    await page.keyboard.press('F2');
    await page.keyboard.type('42');
    await page.keyboard.press('Enter');
    await page.getByText('¥37.00').first().waitFor();
    await page.keyboard.press('Enter');
    await expect.poll(redemptions).toBe(before + 1);
    await page.getByRole('button', { name: /^Undo/ }).waitFor();
    await page.keyboard.press('Control+z');
    await expect.poll(redemptions).toBe(before);
  });

  test('says why a coupon is not for this bill', async () => {
    const classId = await stage.coupon({ minSpendMinor: 10_000 });
    const { page } = till;
    await taps('Cyril', classId);
    await member(page).getByText('Cyril').waitFor();
    await page.keyboard.press('F2');
    await page.keyboard.type('86');
    await page.keyboard.press('Enter');
    await page.getByText('needs ¥14.00 more').waitFor();
  });

  test('keeps a bill in work when another member taps', async () => {
    const { page } = till;
    await taps('Diana');
    await member(page).getByText('Diana').waitFor();
    await page.keyboard.press('F2');
    await page.keyboard.type('20');
    await page.keyboard.press('Enter');
    await taps('Edgar');
    await page.getByRole('button', { name: /Edgar tapped/ }).waitFor();
    expect(await member(page).innerText()).toContain('Diana');
  });

  test('is paired once: the code opens no second till', async () => {
    const path = `/v1/terminals/${stage.terminalId}/pairing-codes`;
    const { code } = (await stage.merchant.client.post<{ code: string }>(path, {})).body;
    const [one, other] = await Promise.all([
      stage.browser.newContext(),
      stage.browser.newContext(),
    ]);
    for (const [context, ends] of [
      [one, /\/counter$/],
      [other, /\/counter\/pair/],
    ] as const) {
      const page = await context.newPage();
      await page.goto(`${stage.url}/counter/pair#${code}`);
      expect(await page.locator('input[name=code]').inputValue()).toBe(code);
      await page.keyboard.press('Enter');
      await page.waitForLoadState('networkidle');
      expect(page.url()).toMatch(ends);
      await context.close();
    }
  });
});

describe('what the till shows after a touch', () => {
  test('is there in 300 ms at the 95th percentile and never after 800', async () => {
    const { page } = till;
    await page.evaluate(SHOWN_NAMES);
    const stands = [stage.stand];
    for (let n = 0; n < 4; n++) {
      stands.push(await newStand(stage.merchant, { terminalId: stage.terminalId }));
    }
    const names = Array.from({ length: 100 }, (_, n) => `Member-${n}-of-100`);
    const phones = await Promise.all(names.map((name) => stage.guest(name)));
    const waits: number[] = [];
    for (const [n, phone] of phones.entries()) {
      const touched = Date.now();
      await phone.session(stands[n % stands.length] ?? stage.stand);
      const shown = () =>
        page.evaluate<number>(`window.shownNames[${JSON.stringify(names[n])}] ?? 0`);
      await expect.poll(shown, { interval: 20 }).toBeGreaterThan(0);
      waits.push((await shown()) - touched);
    }
    waits.sort((a, b) => a - b);
    const p95 = waits[94] ?? 0;
    expect({ p95: p95 < 300, worst: (waits.at(-1) ?? 0) < 800, waits }).toEqual({
      p95: true,
      worst: true,
      waits,
    });
  }, 120_000);
});

/** Notes when each name is first in the page. */
const SHOWN_NAMES = `
  window.shownNames = {};
  new MutationObserver(() => {
    for (const [name] of document.body.innerText.matchAll(/Member-\\d+-of-100/g))
      window.shownNames[name] ??= Date.now();
  }).observe(document.body, { subtree: true, childList: true, characterData: true });`;

describe.each(['en', 'zh-CN'] as const)('the counter in %s', (locale) => {
  test.each([
    { touch: true, dark: false },
    { touch: false, dark: true },
  ])('fits its screen, touch $touch, dark $dark', async (look) => {
    const other = await stage.till({ ...look, locale });
    await taps('小宝宝1', await stage.coupon());
    await other.page.getByText('小宝宝1').first().waitFor();
    expect(await overflow(other.page)).toBe(0);
    if (look.touch) expect(await smallTargets(other.page, 48)).toEqual([]);
    expect(await axeViolations(other.page)).toEqual([]);
    await other.context.close();
  });
});
