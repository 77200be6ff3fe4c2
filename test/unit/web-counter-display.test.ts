import { h } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { describe, expect, test } from 'vitest';
import type { DisplayState } from '../../src/counter/model.ts';
import {
  type DisplayStart,
  displayAfter,
  idleView,
  shownForMs,
} from '../../src/web/display/display-model.ts';
import { DisplayScreen } from '../../src/web/display/display-screen.tsx';
import { tapBy } from '../support/till-desk.ts';

const START: DisplayStart = {
  issuerId: '1990',
  terminalId: 'till-01',
  locale: 'zh-CN',
  look: 'auto',
  qr: { path: 'M0 0h1v1z', size: 25 },
};

const SUMS = { currency: 'CNY', totalMinor: 8600, discountMinor: 500, payableMinor: 8100 };

/** What the customer sees after the till has said that. */
function seen(state: DisplayState, who: string | null = 'Bo', line: 'there' | 'lost' = 'there') {
  const event = tapBy(who, { kind: 'display', detail: { ...state } });
  const view = { ...displayAfter(idleView(START), event), line };
  return renderToString(h(DisplayScreen, { view })).replace(/<[^>]+>/g, '|');
}

describe('the customer’s display', () => {
  test('says in the till’s language where to tap while nobody is there', () => {
    const html = renderToString(h(DisplayScreen, { view: idleView(START) }));
    expect(html).toContain('手机碰一碰');
    expect(html).toContain('M0 0h1v1z');
  });

  test('greets who is recognised, by name where there is one', () => {
    const state = { state: 'recognised', language: 'en' } as const;
    expect(seen(state)).toContain('Welcome, Bo');
    expect(seen(state, null)).toContain('Welcome|');
  });

  test('shows total, saving and what is to pay', () => {
    const text = seen({ state: 'saving', language: 'en', ...SUMS });
    for (const part of ['¥86.00', '¥5.00', '¥81.00', 'To pay']) expect(text).toContain(part);
  });

  test('shows no saving where there is none', () => {
    const sums = { ...SUMS, discountMinor: 0, payableMinor: 8600 };
    expect(seen({ state: 'paying', language: 'zh-CN', ...sums })).not.toContain('节省');
  });

  test('thanks in the end, and not for ever', () => {
    const state = { state: 'done', language: 'zh-CN', ...SUMS } as const;
    expect(seen(state)).toContain('谢谢惠顾');
    const event = tapBy(null, { kind: 'display', detail: { ...state } });
    expect(shownForMs(displayAfter(idleView(START), event))).toBeLessThan(60_000);
    expect(shownForMs(idleView(START))).toBeNull();
  });

  test('says that its line is lost, and keeps what it showed', () => {
    const text = seen({ state: 'saving', language: 'en', ...SUMS }, 'Bo', 'lost');
    expect(text).toContain('lost its line');
    expect(text).toContain('¥81.00');
  });

  test('shows nobody who only tapped', () => {
    expect(displayAfter(idleView(START), tapBy('Bo'))).toEqual(idleView(START));
  });
});
