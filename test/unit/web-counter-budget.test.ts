import { brotliCompressSync } from 'node:zlib';
import { h } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Locale } from '../../src/problems/model.ts';
import { bundleAssets } from '../../src/web/assets.node.ts';
import type { Assets } from '../../src/web/assets.ts';
import { Screen } from '../../src/web/counter/screen.tsx';
import { initialState } from '../../src/web/counter/till-state.ts';
import { PREFERENCES } from '../../src/web/counter/view.ts';
import { idleView } from '../../src/web/display/display-model.ts';
import { DisplayScreen } from '../../src/web/display/display-screen.tsx';
import { type CounterTexts, counterTexts } from '../../src/web/texts/counter.ts';
import { templatesOf, textsFrom } from '../../src/web/ui/templates.ts';
import { TILL } from '../support/till-desk.ts';

const KILOBYTE = 1000;
const LOCALES: readonly Locale[] = ['en', 'zh-CN'];

let assets: Assets;
beforeAll(async () => {
  assets = await bundleAssets();
});

const brotli = (text: string) => brotliCompressSync(text).length;
const scriptBytes = (page: string) => assets.find(assets.script(page))?.brotli.length;

function counterHtml(locale: Locale, t: CounterTexts): string {
  const state = initialState(TILL, 'bill');
  const page = { preferences: PREFERENCES, text: '', now: 0, alsoOpen: false, act: () => {} };
  return renderToString(h(Screen, { view: { ...page, state, locale, t } }));
}

describe('what a till loads, in Brotli (ux.md A.0)', () => {
  test('the counter: script 20 kB, styles 10 kB', () => {
    expect(scriptBytes('counter')).toBeLessThanOrEqual(20 * KILOBYTE);
    expect(brotli(assets.style('counter'))).toBeLessThanOrEqual(10 * KILOBYTE);
  });

  test.each(LOCALES)('the counter in %s: page and texts 8 kB', (locale) => {
    const texts = counterTexts[locale];
    const data = JSON.stringify({ till: TILL, texts: templatesOf(texts) });
    expect(brotli(counterHtml(locale, texts) + data)).toBeLessThanOrEqual(8 * KILOBYTE);
  });

  test('the display: script 10 kB, styles 6 kB, page 4 kB', () => {
    expect(scriptBytes('display')).toBeLessThanOrEqual(10 * KILOBYTE);
    expect(brotli(assets.style('display'))).toBeLessThanOrEqual(6 * KILOBYTE);
    const start = { issuerId: '1', terminalId: 't', locale: 'en', look: 'auto', qr: null } as const;
    const html = renderToString(h(DisplayScreen, { view: idleView(start) }));
    expect(brotli(html)).toBeLessThanOrEqual(4 * KILOBYTE);
  });
});

describe('texts that travel as templates', () => {
  test.each(LOCALES)('in %s draw the same page as the texts themselves', (locale) => {
    const texts = counterTexts[locale];
    const travelled = textsFrom<CounterTexts>(JSON.parse(JSON.stringify(templatesOf(texts))));
    expect(counterHtml(locale, travelled)).toBe(counterHtml(locale, texts));
  });

  test.each(LOCALES)('in %s put every argument in its place', (locale) => {
    const texts = counterTexts[locale];
    const travelled = textsFrom<CounterTexts>(templatesOf(texts));
    const { tappedTier } = travelled.notices;
    expect(tappedTier('Bo', 'two', 'Gold')).toBe(texts.notices.tappedTier('Bo', 'two', 'Gold'));
    expect(travelled.line.missed(2)).toBe(texts.line.missed(2));
  });
});
