import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Locale } from '../../src/problems/model.ts';
import { fitted, widthOf } from '../../src/web/material/fit.ts';
import {
  LINE_HEIGHT,
  type PlacedText,
  type Sheet,
  type SheetSize,
  SIZES,
  sheetOf,
} from '../../src/web/material/sheet.ts';
import { materialTexts } from '../../src/web/texts/material.ts';

const LOCALES: Locale[] = ['en', 'zh-CN'];
const sizes = Object.keys(SIZES) as SheetSize[];

function sheet(
  size: SheetSize,
  locale: Locale,
  issuer = 'Lanzhou Noodles',
  till = 'Till 7',
): Sheet {
  const other = materialTexts[locale === 'en' ? 'zh-CN' : 'en'].headline;
  return sheetOf(size, { ...materialTexts[locale], otherHeadline: other, issuer, till });
}

/** The box that a text takes, at the most. */
function boxOf({ lines, size, x, y }: PlacedText) {
  const half = (Math.max(...lines.map(widthOf)) * size) / 2;
  const below = (lines.length - 1) * size * LINE_HEIGHT + size * 0.25;
  return { left: x - half, right: x + half, top: y - size * 0.95, bottom: y + below };
}

function overlaps(one: ReturnType<typeof boxOf>, other: ReturnType<typeof boxOf>): boolean {
  const apart = one.right <= other.left || other.right <= one.left;
  return !(apart || one.bottom <= other.top || other.bottom <= one.top);
}

describe.each(sizes)('on the %s', (size) => {
  test.each(LOCALES)('no text of %s runs out, over another or over the code', (locale) => {
    const { texts, width, height, round, code, zone } = sheet(size, locale);
    const boxes = texts.map((text) => ({ name: text.name, ...boxOf(text) }));
    const codeBox = {
      left: code.x,
      right: code.x + code.side,
      top: code.y,
      bottom: code.y + code.side,
    };
    const { x, y, radius } = zone;
    const zoneBox = { left: x - radius, right: x + radius, top: y - radius, bottom: y + radius };
    for (const box of boxes) {
      expect(box.left, box.name).toBeGreaterThanOrEqual(round ? 0 : 3);
      expect(box.right, box.name).toBeLessThanOrEqual(width - (round ? 0 : 3));
      expect(box.bottom, box.name).toBeLessThanOrEqual(height);
      if (round) {
        for (const [cornerX, cornerY] of [
          [box.left, box.top],
          [box.right, box.bottom],
        ] as const) {
          expect(Math.hypot(cornerX - 30, cornerY - 30), box.name).toBeLessThan(30);
        }
      }
      expect(overlaps(box, codeBox), `${box.name} on the code`).toBe(false);
      expect(overlaps(box, zoneBox), `${box.name} on the zone`).toBe(false);
      const others = boxes.filter((other) => other !== box && overlaps(box, other));
      expect(
        others.map(({ name }) => name),
        box.name,
      ).toEqual([]);
    }
  });

  test.each(LOCALES)('nothing of %s is too small to read', (locale) => {
    for (const { name, size: height } of sheet(size, locale).texts) {
      expect(height, name).toBeGreaterThan(SIZES[size].round ? 1.5 : 2.3);
    }
  });

  test('the code is large enough to scan', () => {
    expect(sheet(size, 'en').code.side).toBeGreaterThanOrEqual(18);
  });
});

test('whatever a merchant and a till are called, the names fit', () => {
  const name = fc.string({
    unit: fc.constantFrom(...'MWil 券店Ä.-8'),
    minLength: 1,
    maxLength: 100,
  });
  fc.assert(
    fc.property(name, name, fc.constantFrom(...sizes), (issuer, till, size) => {
      for (const text of sheet(size, 'en', issuer, till).texts) {
        for (const line of text.lines) {
          expect(widthOf(line) * text.size).toBeLessThanOrEqual(text.width + 1e-9);
        }
      }
    }),
  );
});

describe('fitting', () => {
  test('leaves what fits, shrinks what does not, breaks where that helps', () => {
    expect(fitted('abc', 100, 5)).toEqual({ lines: ['abc'], size: 5 });
    expect(fitted('a'.repeat(100), 50, 5).size).toBeLessThan(1);
    expect(fitted('Hold it near the circle', 20, 5, 2)).toMatchObject({
      lines: ['Hold it near', 'the circle'],
    });
    expect(fitted('靠近圆圈处碰一碰手机', 20, 5, 2).lines).toEqual(['靠近圆圈处', '碰一碰手机']);
  });

  test('loses no word', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{1,9}$/), { minLength: 1 }), (words) => {
        const { lines } = fitted(words.join(' '), 30, 5, 3);
        expect(lines.join(' ')).toBe(words.join(' '));
      }),
    );
  });
});
