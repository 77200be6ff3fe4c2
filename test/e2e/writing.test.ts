import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { axeViolations, complaintsOf, overflow } from '../support/browser.ts';
import { newStand, type ShownStand } from '../support/stands.ts';
import { expectStatus } from '../support/world.ts';
import { type CounterStage, openCounterStage } from './stage.ts';

let stage: CounterStage;
beforeAll(async () => {
  stage = await openCounterStage();
});
afterAll(() => stage.close());

/** What the tag at hand does; Web NFC is not on this machine. */
interface Tag {
  readonly holds?: string;
  readonly fails?: string;
}

async function writing(tag: Tag | null, locale: 'en' | 'zh-CN' = 'en') {
  const { client } = stage.merchant;
  const stand = await newStand(stage.merchant, { terminalId: stage.terminalId });
  const link = expectStatus(
    await client.post<{ url: string }>(`/v1/stands/${stand.id}/write-links`, {}),
    201,
  );
  const context = await stage.phone({ locale });
  const page = await context.newPage();
  const complaints = complaintsOf(page);
  if (tag !== null) await page.addInitScript(`(${WEB_NFC})(${JSON.stringify(tag)})`);
  await page.goto(link.url);
  return { page, stand, complaints };
}

/** Stands in for Chrome's NDEFReader: a tag is held to the phone again and again. */
const WEB_NFC = `(tag) => {
  let content = tag.holds ?? null;
  const record = () => content === null ? [] : [{ recordType: 'url', data: new DataView(new TextEncoder().encode(content).buffer) }];
  window.NDEFReader = class extends EventTarget {
    async scan({ signal }) {
      if (tag.fails === 'NotAllowedError' || tag.fails === 'NotSupportedError' || tag.fails === 'NotReadableError')
        throw new DOMException('no', tag.fails);
      const near = () => this.dispatchEvent(Object.assign(new Event('reading'), {
        serialNumber: '04:a1:b2:c3', message: { records: record() } }));
      const holding = setInterval(near, 300);
      signal.addEventListener('abort', () => clearInterval(holding));
    }
    async write(message, { overwrite = true } = {}) {
      if (tag.fails === 'NetworkError') { tag.fails = undefined; throw new DOMException('torn', 'NetworkError'); }
      if (content !== null && !overwrite) throw new DOMException('there is something', 'NotAllowedError');
      content = message.records[0].data;
    }
    async makeReadOnly() {}
  };
}`;

async function stateOf({ id }: ShownStand): Promise<string> {
  const { body } = await stage.merchant.client.get<ShownStand>(`/v1/stands/${id}`);
  return body.state;
}

const allow = (page: Page) => page.locator('main .buttons button').first().click();

describe('writing a tag', () => {
  test('goes from an empty tag to a touch that arrives at the till', async () => {
    const { page, stand, complaints } = await writing({});
    expect(await axeViolations(page)).toEqual([]);
    await allow(page);
    await expect.poll(() => stateOf(stand)).toBe('written');
    await page.getByText('Written', { exact: true }).first().waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await (await stage.guest('Tom')).session(stand);
    await page.getByText('It works').first().waitFor({ timeout: 15_000 });
    expect(await stateOf(stand)).toBe('verified');
    expect(complaints).toEqual([]);
  });

  test('asks before it writes over something', async () => {
    const { page, stand } = await writing({ holds: 'https://elsewhere.example/x' });
    await allow(page);
    await page.getByText('Something is on this tag').first().waitFor();
    await page.getByText('https://elsewhere.example/x').waitFor();
    expect(await stateOf(stand)).toBe('blank');
    await page.getByRole('button', { name: /Overwrite/i }).click();
    await expect.poll(() => stateOf(stand)).toBe('written');
  });

  test.each(['NotAllowedError', 'NotSupportedError', 'NotReadableError', 'NetworkError'])(
    'says what to do after %s',
    async (fails) => {
      const { page, stand } = await writing({ fails });
      await allow(page);
      await page
        .locator('[role=alert], [aria-live=assertive]')
        .first()
        .waitFor({ state: 'attached' });
      await expect.poll(() => page.locator('main .buttons button').count()).toBeGreaterThan(0);
      expect(await stateOf(stand)).toBe('blank');
      expect(await axeViolations(page)).toEqual([]);
    },
  );

  test.each(['en', 'zh-CN'] as const)(
    'is never blank where there is no Web NFC, in %s',
    async (locale) => {
      const { page } = await writing(null, locale);
      expect((await page.locator('main').innerText()).length).toBeGreaterThan(200);
      await page.setViewportSize({ width: 320, height: 640 });
      expect(await overflow(page)).toBe(0);
      expect(await axeViolations(page)).toEqual([]);
    },
  );
});
