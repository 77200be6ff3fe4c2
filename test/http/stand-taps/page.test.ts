import { brotliCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestService, type TestService } from '../../support/service.ts';
import {
  membersPhone,
  openStand,
  type PhonePage,
  type StandStage,
  strangersPhone,
} from '../../support/stand-phones.ts';
import { World } from '../../support/world.ts';

let service: TestService;
let stage: StandStage;
let pages: Readonly<Record<string, PhonePage>>;

const KB = 1024;
const bytes = (text: string) => Buffer.byteLength(text);

beforeAll(async () => {
  service = await startTestService();
  const world = new World(service);
  stage = await openStand(world);
  const { merchant, stand } = stage;
  for (let n = 0; n < 4; n++) {
    await world.couponClass(merchant, { issueType: 'tap_claim', minSpendMinor: 3000 });
  }
  const member = await membersPhone(service, 'Joachim');
  const session = await member.session(stand);
  await member.post(`${session}/membership`);
  pages = {
    member: await member.get(session),
    memberInChinese: await member.get(`${session}?lang=zh-CN`),
    stranger: await strangersPhone(service).touch(stand),
    viewer: await strangersPhone(service).get(session),
    refusal: await strangersPhone(service).get('/t/NOBODYKNOWS'),
  };
});
afterAll(() => service.stop());

const NAMES = ['member', 'memberInChinese', 'stranger', 'viewer', 'refusal'] as const;
const pageOf = (name: string) => pages[name] as PhonePage;

describe('each page of a touch', () => {
  test.each(NAMES)('%s is small: 14 kB with all that it loads, 6 kB of it style', async (name) => {
    const { text } = pageOf(name);
    const [, style = ''] = /<style[^>]*>(.*?)<\/style>/su.exec(text) ?? [];
    expect(bytes(style)).toBeGreaterThan(1000);
    expect(bytes(style)).toBeLessThan(6 * KB);
    const [, address] = /<script src="([^"]+)"/.exec(text) ?? [];
    const script = address === undefined ? '' : (await service.nobody.get(address)).text;
    const loaded = brotliCompressSync(script).length;
    expect(loaded).toBeLessThan(3 * KB);
    expect(brotliCompressSync(text).length + loaded).toBeLessThan(14 * KB);
    // Before a QR code, which is shown where no till listens, also without compression.
    const [code = ''] = /<figure class="qr">.*?<\/figure>/su.exec(text) ?? [];
    expect(bytes(text) - bytes(code) + loaded).toBeLessThan(14 * KB);
  });

  test.each(NAMES)('%s runs and loads nothing but its own', (name) => {
    const { text, headers } = pageOf(name);
    const policy = headers.get('content-security-policy') ?? '';
    const [, nonce = ''] = /script-src 'nonce-([^']+)'/.exec(policy) ?? [];
    expect(nonce.length).toBeGreaterThan(15);
    for (const [tag] of text.matchAll(/<(?:script|style)[^>]*>/g)) {
      expect(tag).toContain(`nonce="${nonce}"`);
    }
    expect(text).not.toMatch(/ (?:on[a-z]+|style)="/);
    expect(text).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('referrer-policy')).toBe('same-origin');
    expect(text).toContain('<meta name="robots" content="noindex"/>');
  });

  test.each(NAMES)('%s has one first heading, and says its language', (name) => {
    const { text, headers } = pageOf(name);
    expect(text.match(/<h1/g)).toHaveLength(1);
    const locale = headers.get('content-language');
    expect(text).toContain(`<html lang="${locale}">`);
    const other = locale === 'en' ? 'zh-CN' : 'en';
    expect(text).toMatch(new RegExp(`href="/[st]/[^"]*\\?lang=${other}"`));
    expect(text).toContain(locale === 'en' ? 'Why this is safe' : '为什么是安全的');
  });
});

test('says on an iPhone what only an iPhone asks for', async () => {
  const phone = strangersPhone(service);
  const { text } = await phone.get('/t/NOBODYKNOWS', { 'User-Agent': 'Mozilla/5.0 (iPhone; x)' });
  expect(text).toContain('iPhone XS or later');
  expect(pageOf('refusal').text).not.toContain('iPhone');
});

test('what members are called and what merchants write runs nothing', async () => {
  const { merchant, stand } = stage;
  const world = new World(service);
  const name = '</title><script>alert(1)</script>';
  await world.couponClass(merchant, {
    id: `${merchant.issuerId}.odd`,
    issueType: 'tap_claim',
    name,
  });
  const { text } = await (await membersPhone(service, name)).touch(stand);
  expect(text).not.toContain('<script>alert');
});
