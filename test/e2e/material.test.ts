import decodeQr from 'qr/decode.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axeViolations } from '../support/browser.ts';
import { type CounterStage, openCounterStage } from './stage.ts';

let stage: CounterStage;
beforeAll(async () => {
  stage = await openCounterStage();
});
afterAll(() => stage.close());

const POINTS_A_MM = 72 / 25.4;
/** A hundred millimetres at 150 dots an inch: what a plain printer can do. */
const [WIDE, HIGH] = [591, 827];

async function printed(query: string) {
  const context = await stage.browser.newContext({
    extraHTTPHeaders: { Authorization: `Bearer ${stage.merchant.apiKey}` },
  });
  const page = await context.newPage();
  await page.goto(`${stage.url}/v1/stands/${stage.stand.id}/material.html?${query}`);
  return page;
}

test.each(['en', 'zh-CN'])(
  'a stand is printed to size and its code leads to it, %s',
  async (lang) => {
    const page = await printed(`size=stand&lang=${lang}`);
    expect(await axeViolations(page)).toEqual([]);
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    const [, wide, high] = /MediaBox ?\[ ?0 0 ([\d.]+) ([\d.]+) ?\]/.exec(pdf) ?? [];
    expect(Number(wide) / POINTS_A_MM).toBeCloseTo(100, 0);
    expect(Number(high) / POINTS_A_MM).toBeCloseTo(140, 0);
    const pixels = await page.evaluate<string>(PIXELS);
    const data = new Uint8Array(Buffer.from(pixels, 'base64'));
    const read = decodeQr({ width: WIDE, height: HIGH, data });
    expect(read).toBe(`${stage.url}/t/${stage.stand.code}?q=1`);
  },
);

test('a blank one says neither till nor code', async () => {
  const page = await printed('size=stand&blank=1&lang=en');
  expect(await page.locator('svg').textContent()).not.toContain(stage.stand.code);
  const pixels = await page.evaluate<string>(PIXELS);
  const data = new Uint8Array(Buffer.from(pixels, 'base64'));
  expect(() => decodeQr({ width: WIDE, height: HIGH, data })).toThrow();
});

/** Draws the sheet as a printer does; its pixels in base64. */
const PIXELS = `(async () => {
  const drawn = document.querySelector('svg').cloneNode(true);
  drawn.setAttribute('width', ${WIDE});
  drawn.setAttribute('height', ${HIGH});
  const image = new Image();
  image.src = 'data:image/svg+xml;charset=utf-8,' + encodeURIComponent(new XMLSerializer().serializeToString(drawn));
  await image.decode();
  const canvas = Object.assign(document.createElement('canvas'), { width: ${WIDE}, height: ${HIGH} });
  const context = canvas.getContext('2d');
  context.fillStyle = 'white';
  context.fillRect(0, 0, ${WIDE}, ${HIGH});
  context.drawImage(image, 0, 0, ${WIDE}, ${HIGH});
  const { data } = context.getImageData(0, 0, ${WIDE}, ${HIGH});
  let text = '';
  for (let at = 0; at < data.length; at += 30000) text += String.fromCharCode(...data.subarray(at, at + 30000));
  return btoa(text);
})()`;
