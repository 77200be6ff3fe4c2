import type { Browser, BrowserContext, Page } from 'playwright-core';
import { becomeMemberOf } from '../../src/members/become.ts';
import type { CodeMessage } from '../../src/members/code-sender.ts';
import { complaintsOf, type Look, launchBrowser, openPhone, openTill } from '../support/browser.ts';
import { startTestService, type TestService } from '../support/service.ts';
import { membersPhone, type StandPhone } from '../support/stand-phones.ts';
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
  /** A member's phone without a screen. */
  guest(name: string): Promise<StandPhone>;
  /** The browser on a member's phone. */
  member(name: string, look?: Look): Promise<BrowserContext>;
  /** A paired till that listens, and what its page complains of. */
  till(look?: Look & { readonly touch?: boolean }, url?: string): Promise<OpenTill>;
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
  const guest = async (name: string) => {
    const joined = await membersPhone(service, name);
    const memberId = joined.member?.memberId ?? '';
    await service.database.transact((tx) => becomeMemberOf(tx, memberId, issuerId));
    return joined;
  };
  const member = async (name: string, look?: Look) => {
    const context = await phone(look);
    const { secret } = await guest(name);
    await context.addCookies([{ name: 'tapline_device', value: secret ?? '', url }]);
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
    guest,
    member,
    till: (look, at = url) => pairedTill({ browser, url: at, merchant, terminalId }, look),
    close: async () => {
      await browser.close();
      await service.stop();
    },
  };
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
  const status = page.locator('button.status');
  if ((await status.getAttribute('aria-pressed')) !== 'true')
    await page.keyboard.press('Control+/');
  await status.and(page.locator('.on')).waitFor();
  return { context, page, complaints };
}
