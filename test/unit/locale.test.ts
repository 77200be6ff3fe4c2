import { expect, test } from 'vitest';
import { localeFrom } from '../../src/problems/answer.ts';

test.each<[acceptLanguage: string | null | undefined, locale: string]>([
  [undefined, 'en'],
  [null, 'en'],
  ['', 'en'],
  ['*', 'en'],
  ['zh-CN', 'zh-CN'],
  ['zh', 'zh-CN'],
  ['zh-Hant-TW', 'zh-CN'],
  ['ZH-cn', 'zh-CN'],
  ['en-GB', 'en'],
  ['fr, de', 'en'],
  ['fr, zh;q=0.1', 'zh-CN'],
  ['zh-CN,zh;q=0.9,en;q=0.8', 'zh-CN'],
  ['en;q=0.8, zh-CN;q=0.9', 'zh-CN'],
  ['en;q=0.9, zh-CN;q=0.8', 'en'],
  ['en-US,en;q=0.9,zh-CN;q=0.9', 'en'],
  ['zh-CN;q=0.5, en;q=0.5', 'zh-CN'],
  ['zh;q=0', 'en'],
  ['zh;q=0, en;q=0.1', 'en'],
  ['zh;q=much', 'en'],
  ['zh;level=1;q=0.5, en;q=0.4', 'zh-CN'],
  ['zh ; q=0.9 , en ; q=0.1', 'zh-CN'],
  ['zhx, enx', 'en'],
  [`${'x,'.repeat(1000)}zh`, 'en'],
])('Accept-Language %j is told in %s', (acceptLanguage, locale) => {
  expect(localeFrom(acceptLanguage)).toBe(locale);
});
