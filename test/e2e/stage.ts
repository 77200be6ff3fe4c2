import type { Browser, BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { CodeMessage } from '../../src/members/code-sender.ts';
import { complaintsOf, type Look, launchBrowser, openPhone, openTill } from '../support/browser.ts';
import { startTestService, type TestService } from '../support/service.ts';
import { newStand, openTill as registerTill, type ShownStand } from '../support/stands.ts';
import { expectStatus, type Merchant, World } from '../support/world.ts';

/** A merchant with a till, a stand and a card for those who join, and a browser to meet them. */
export interface CounterStage {
  readonly service: TestService;
  readonly url: string;
  readonly world: World;
  readonly merchant: Merchant;
  readonly terminalId: string;
  readonly stand: ShownStand;
  readonly browser: Browser;
  /** The one-time codes that were sent, in order. */
  readonly codes: readonly CodeMessage[];
  /** A tap-to-claim coupon of 5.00 off. */
  coupon(fields?: Readonly<Record<string, unknown>>): Promise<string>;
  /** A phone that nobody knows yet. */
  phone(look?: Look): Promise<BrowserContext>;
  /** The phone of somebody who has joined, by the pages that people join by. */
  member(name: string, look?: Look): Promise<BrowserContext>;
  /** A paired till that listens, and what its page complains of. */
  till(look?: Look & { readonly touch?: boolean }): Promise<OpenTill>;
  close(): Promise<void>;
}

export interface OpenTill {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly complaints: readonly string[];
}

export async function openCounterStage(): Promise<CounterStage> {
  const codes: CodeMessage[] = [];
  const service = await startTestService({
    ownOrigin: true,
    codeSender: { send: async (message) => void codes.push(message) },
  });
  const browser = await launchBrowser();
  const url = (service.urls[0] ?? '').replace('127.0.0.1', 'localhost');
  const world = new World(service);
  const merchant = await world.merchant();
  const { terminalId } = await registerTill(merchant);
  const classId = await world.passClass(merchant, { programName: 'Harbour Club' });
  const { client, issuerId } = merchant;
  expectStatus(await client.put(`/v1/issuers/${issuerId}/membership`, { classId }), 200);
  const stand = await newStand(merchant, { terminalId });
  const phone = (look?: Look) => openPhone(browser, look);
  let phones = 0;

  const member = async (name: string, look?: Look) => {
    const context = await phone(look);
    const page = await context.newPage();
    phones += 1;
    await joinByPhone(page, `${url}/join?returnTo=/me`, name, `1380013${8000 + phones}`, codes);
    await page.close();
    return context;
  };

  return {
    service,
    url,
    world,
    merchant,
    terminalId,
    stand,
    browser,
    codes,
    coupon: (fields) => world.couponClass(merchant, { issueType: 'tap_claim', ...fields }),
    phone,
    member,
    till: (look) => pairedTill({ browser, url, merchant, terminalId }, look),
    close: async () => {
      await browser.close();
      await service.stop();
    },
  };
}

/** Types the number and the code that comes. */
export async function joinByPhone(
  page: Page,
  address: string,
  name: string,
  number: string,
  codes: readonly CodeMessage[],
): Promise<void> {
  await page.goto(address);
  await page.locator('input[name=phone]').fill(number);
  await page.locator('form[action="/join/code"] button').first().click();
  await page.locator('input[name=code]').fill(codes.at(-1)?.code ?? '');
  await page.locator('input[name=displayName]').fill(name);
  await page.locator('form[action="/join"] button').first().click();
  await page.waitForURL((to) => !to.pathname.startsWith('/join'));
}

async function pairedTill(
  {
    browser,
    url,
    merchant,
    terminalId,
  }: Pick<CounterStage, 'browser' | 'url' | 'merchant' | 'terminalId'>,
  look?: Look & { readonly touch?: boolean },
): Promise<OpenTill> {
  const path = `/v1/terminals/${terminalId}/pairing-codes`;
  const { code } = expectStatus(await merchant.client.post<{ code: string }>(path, {}), 201);
  const context = await openTill(browser, look);
  const page = await context.newPage();
  const complaints = complaintsOf(page);
  await page.goto(`${url}/counter/pair`);
  await page.locator('input[name=code]').fill(code);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/counter');
  await page.keyboard.press('Control+/');
  await expect.poll(() => page.locator('header').innerText()).toMatch(/NFC|on|已/);
  return { context, page, complaints };
}
