import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { ROOT_KEY } from '../support/service.ts';
import { type ServiceProcess, startServiceProcess } from '../support/service-process.ts';
import { type CounterStage, openCounterStage } from './stage.ts';

let stage: CounterStage;
/** The process that the till talks to; phones talk to another one on the same database. */
let front: ServiceProcess;
let port: number;

const start = () =>
  startServiceProcess({
    PORT: String(port),
    DATABASE_URL: stage.service.databaseUrl,
    TAPLINE_ROOT_KEY: ROOT_KEY,
  });

beforeAll(async () => {
  stage = await openCounterStage();
  port = await freePort();
  front = await start();
});
afterAll(async () => {
  await front?.kill();
  await stage.close();
});

test('a till whose service is killed says so, goes on, and misses nothing', async () => {
  const classId = await stage.coupon();
  const { page, complaints } = await stage.till({}, `http://localhost:${port}`);
  const before = await stage.guest('Bertha');
  const session = await before.session(stage.stand);
  expect(await before.claim(session, classId)).toBe('claimed');
  const member = page.getByRole('region', { name: 'Member' });
  await member.getByText('Bertha').waitFor();
  await page.keyboard.press('F2');
  await page.keyboard.type('42');
  await page.keyboard.press('Enter');
  await page.getByText('¥37.00').first().waitFor();

  await front.kill();
  const killed = Date.now();
  const status = page.locator('button.status');
  await status.and(page.locator('.lost')).waitFor({ timeout: 8000 });
  expect(Date.now() - killed).toBeLessThan(6000);

  const meanwhile = await stage.guest('Ludmilla');
  await meanwhile.session(stage.stand);
  await page.keyboard.press('Enter');
  const queue = page.locator('header button.queue');
  await expect.poll(() => queue.innerText()).toContain('1');

  front = await start();
  await expect.poll(() => status.getAttribute('class'), { timeout: 20_000 }).toMatch(/on|back/);
  await expect.poll(() => queue.innerText(), { timeout: 20_000 }).toContain('0');
  const [redeemed] = await stage.service.sql<{ n: number }>(
    "select count(*)::int as n from redemptions where state = 'confirmed'",
  );
  expect(redeemed?.n).toBe(1);
  const shown = page.locator('footer, .strip').getByText('Ludmilla');
  await expect.poll(() => shown.count()).toBe(1);
  // What a browser itself says of a connection that is refused is no error of the page.
  expect(complaints.filter((text) => !/ERR_|Failed to load/.test(text))).toEqual([]);
}, 90_000);
