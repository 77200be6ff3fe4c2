import { afterAll, beforeAll, expect, test } from 'vitest';
import { axeViolations, overflow } from '../support/browser.ts';
import { type CounterStage, openCounterStage } from './stage.ts';

let stage: CounterStage;
beforeAll(async () => {
  stage = await openCounterStage();
});
afterAll(() => stage.close());

test('the customer sees what is saved and what is to pay, large enough to read', async () => {
  const classId = await stage.coupon();
  const { page: till, context } = await stage.till();
  const display = await context.newPage();
  await display.goto(`${stage.url}/display`);
  expect(await axeViolations(display)).toEqual([]);
  const guest = await stage.guest('Viktor');
  expect(await guest.claim(await guest.session(stage.stand), classId)).toBe('claimed');
  await till.getByRole('region', { name: 'Member' }).getByText('Viktor').waitFor();
  await display.getByText('Viktor').first().waitFor();
  await till.bringToFront();
  await till.keyboard.press('F2');
  await till.keyboard.type('42');
  await till.keyboard.press('Enter');
  const toPay = display.getByText('¥37.00').first();
  await toPay.waitFor();
  const pixels = await toPay.evaluate((element) =>
    Number.parseFloat(getComputedStyle(element).fontSize),
  );
  expect(pixels).toBeGreaterThanOrEqual(72);
  expect(await overflow(display)).toBe(0);
  expect(await axeViolations(display)).toEqual([]);
});
