import { describe, expect, test } from 'vitest';
import type { Card } from '../../src/wallets/cards-model.ts';
import { bundleAssets } from '../../src/web/assets.node.ts';
import { walletTexts } from '../../src/web/texts/wallet.ts';
import { cardFace } from '../../src/web/wallet/card-face.ts';
import { moneyOfMicros } from '../../src/web/wallet/micros.ts';
import { ago, hours } from '../../src/web/wallet/words.ts';
import { richLoyaltyObject } from '../support/wallet-bodies.ts';

const NOW = new Date('2026-11-22T05:00:00Z');

function card(body: Record<string, unknown>, more: Partial<Card> = {}): Card {
  return {
    objectId: '1.o',
    classId: '1.c',
    issuerName: 'Issuer',
    vertical: 'loyalty',
    state: 'ACTIVE',
    body,
    classBody: { programName: 'Club', issuerName: 'Coffee House' },
    redemptionValue: null,
    validUntil: null,
    usableAt: [],
    tapReady: false,
    now: NOW,
    place: '',
    ...more,
  };
}

describe('a card in Google’s shape', () => {
  test('of a client that uses much of it', () => {
    const face = cardFace(card(richLoyaltyObject('1.o', '1.c')), 'en');
    expect(face).toEqual({
      program: 'Club',
      issuer: 'Coffee House',
      tier: null,
      number: 'Account id',
      figures: [
        { label: 'Points', value: '800' },
        { label: 'Saved', value: '$20.00' },
      ],
      code: 'QR code',
      colour: null,
      messages: [{ header: 'Hello', body: 'There' }],
    });
  });

  test('says what it was translated to, and otherwise what it was written in', () => {
    const localizedProgramName = {
      defaultValue: { language: 'en-US', value: 'Gold' },
      translatedValues: [{ language: 'zh-CN', value: '金卡' }],
    };
    const classBody = { programName: 'Club', localizedProgramName };
    expect(cardFace(card({}, { classBody }), 'zh-CN').program).toBe('金卡');
    expect(cardFace(card({}, { classBody }), 'en').program).toBe('Gold');
  });

  test('of a generic pass and of a gift card', () => {
    const cardTitle = { defaultValue: { language: 'en', value: 'Library' } };
    const generic = card({ cardTitle }, { vertical: 'generic', classBody: {} });
    expect(cardFace(generic, 'en').program).toBe('Library');
    const balance = { micros: '12500000', currencyCode: 'CNY' };
    const gift = card({ cardNumber: '42', balance }, { vertical: 'giftCard', classBody: {} });
    expect(cardFace(gift, 'zh-CN')).toMatchObject({
      program: '礼品卡',
      number: '42',
      figures: [{ label: '余额', value: '¥12.50' }],
    });
  });

  test.each([
    [{ loyaltyPoints: 7, messages: 'x', barcode: [], hexBackgroundColor: 'red' }],
    [{ loyaltyPoints: { balance: { int: '5' } }, messages: [null, 3, {}] }],
    [{ programName: null, accountId: {}, balance: { micros: 'x', currencyCode: 'CNY' } }],
  ])('leaves out what it can not read: %j', (body) => {
    const face = cardFace(card(body, { classBody: {} }), 'en');
    expect(face).toMatchObject({ program: 'Member card', figures: [], messages: [], code: null });
    expect(face.colour).toBeNull();
  });

  test.each([
    [{ start: { date: '2026-11-22T05:00:01Z' } }, false],
    [{ start: { date: '2026-11-22T05:00:00Z' } }, true],
    [{ end: { date: '2026-11-22T05:00:00Z' } }, false],
    [{ end: { date: '2026-11-22T05:00:01Z' } }, true],
    [{ start: { date: 'soon' } }, true],
  ])('shows a message in its time: %j %s', (displayInterval, shown) => {
    const messages = [{ body: 'Now', displayInterval }];
    expect(cardFace(card({ messages }), 'en').messages).toHaveLength(shown ? 1 : 0);
  });
});

test('money in millionths, of any form that Google sends', () => {
  expect(moneyOfMicros({ micros: 20_000_000, currencyCode: 'CNY' }, 'zh-CN')).toBe('¥20.00');
  expect(moneyOfMicros({ micros: '1500000000', currencyCode: 'JPY' }, 'en')).toBe('¥1,500');
  for (const none of [null, 5, {}, { micros: '' }, { micros: 1, currencyCode: 'yuan' }]) {
    expect(moneyOfMicros(none, 'en')).toBeNull();
  }
});

test.each([
  [0, 'this minute', '此刻'],
  [59 * 60_000, '59 minutes ago', '59分钟前'],
  [3 * 3_600_000, '3 hours ago', '3小时前'],
  [26 * 3_600_000, 'yesterday', '昨天'],
])('%d ms ago', (ms, english, chinese) => {
  const at = new Date(NOW.getTime() - ms);
  expect([ago(at, NOW, 'en'), ago(at, NOW, 'zh-CN')]).toEqual([english, chinese]);
});

test('hours of the week', () => {
  const useHours = [{ days: ['sat', 'sun'] as const, from: '10:00', to: '22:00' }];
  expect(hours({ useHours }, 'en')).toEqual(['Sat and Sun 10:00–22:00']);
  expect(hours({ useHours }, 'zh-CN')).toEqual(['周六和周日 10:00–22:00']);
});

test('both languages say everything, and Chinese says it in Chinese', () => {
  const texts = (value: unknown): string[] => {
    if (typeof value === 'string') return [value];
    if (typeof value === 'function') return [String(value('x', 'y', 'z'))];
    return Object.values(value as object).flatMap(texts);
  };
  for (const text of texts(walletTexts.en)) expect(text).not.toMatch(/\p{Script=Han}/u);
  const separators = /^[xyz ·–]+$/;
  for (const text of texts(walletTexts['zh-CN']).filter((each) => !separators.test(each))) {
    expect(text).toMatch(/\p{Script=Han}/u);
  }
});

describe('weighs no more than a phone should load', () => {
  const assets = bundleAssets();

  test('12 kB of script in Brotli, its service worker 4 kB', async () => {
    const of = async (page: string) => {
      const { script, find } = await assets;
      return find(script(page))?.brotli.length ?? Number.POSITIVE_INFINITY;
    };
    expect(await of('wallet')).toBeLessThanOrEqual(12 * 1024);
    expect(await of('wallet-worker')).toBeLessThanOrEqual(4 * 1024);
  });

  test('8 kB of styles', async () => {
    expect(Buffer.byteLength((await assets).style('wallet'))).toBeLessThanOrEqual(8 * 1024);
  });
});
