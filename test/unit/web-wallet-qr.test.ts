import { h } from 'preact';
import { renderToString } from 'preact-render-to-string';
import decodeQr from 'qr/decode.js';
import { expect, test } from 'vitest';
import { newCouponCode } from '../../src/platform/ids.ts';
import { Qr } from '../../src/web/ui/qr.tsx';

/** So many pixels wide a camera sees a module. */
const SCALE = 4;

type Point = readonly [x: number, y: number];

/** The picture as a camera sees it. */
function seen(svg: string) {
  const [, quiet = '0', , side = '0'] = /viewBox="(-?\d+) (-?\d+) (\d+) \d+"/.exec(svg) ?? [];
  const [, path = ''] = /<path d="([^"]+)"/.exec(svg) ?? [];
  const shapes = path
    .split('Z')
    .filter((shape) => shape !== '')
    .map((shape) =>
      shape
        .slice(1)
        .split('L')
        .map((point) => point.split(' ').map(Number) as unknown as Point),
    );
  const modules = Number(side);
  const width = modules * SCALE;
  const data = new Uint8Array(width * width * 4).fill(255);
  for (let module = 0; module < modules * modules; module++) {
    const [column, row] = [module % modules, Math.floor(module / modules)];
    const [x, y] = [column + Number(quiet) + 0.5, row + Number(quiet) + 0.5];
    if (!isInside(shapes, x, y)) continue;
    for (let line = 0; line < SCALE; line++) {
      const from = (row * SCALE + line) * width + column * SCALE;
      data.fill(0, from * 4, (from + SCALE) * 4);
    }
  }
  return { width, height: width, data };
}

/** By the rule of even and odd; outlines and holes never overlap. */
function isInside(shapes: readonly (readonly Point[])[], x: number, y: number): boolean {
  let crossings = 0;
  for (const shape of shapes) {
    shape.forEach(([fromX, fromY], index) => {
      const [, toY] = shape[(index + 1) % shape.length] ?? [0, 0];
      if (fromX > x && fromY > y !== toY > y) crossings += 1;
    });
  }
  return crossings % 2 === 1;
}

const drawn = (text: string) => renderToString(h(Qr, { text, label: 'the code' }));

test.each([newCouponCode(), '会员 0042', 'value of 1001.object-7', 'x'.repeat(200)])(
  'a scanner reads %s',
  (text) => {
    expect(decodeQr(seen(drawn(text)))).toBe(text);
  },
);

test('its text stands beside it, in groups that are one word to who copies it', () => {
  const html = drawn('ABCDEFGHIJ');
  expect(html).toContain('<code><span>ABCD</span><span>EFGH</span><span>IJ</span></code>');
});

test('what no screen can show is there as text', () => {
  const html = drawn('y'.repeat(3000));
  expect(html).not.toContain('<svg');
  expect(html.match(/y/g)).toHaveLength(3000);
});
