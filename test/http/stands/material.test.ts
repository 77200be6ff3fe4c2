import decodeQR from 'qr/decode.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ORIGIN, startTestService, type TestService } from '../../support/service.ts';
import { told } from '../../support/service-client.ts';
import { newStand, openTill, type ShownStand, signingStand } from '../../support/stands.ts';
import { expectStatus, type Merchant, World } from '../../support/world.ts';

let service: TestService;
let world: World;
let shop: Merchant;
let stand: ShownStand;
let terminalId: string;

beforeAll(async () => {
  service = await startTestService({ workers: false });
  world = new World(service);
  shop = await world.merchant();
  ({ terminalId } = await openTill(shop));
  stand = await newStand(shop, { terminalId });
});
afterAll(() => service.stop());

async function svgOf(query = '', { id } = stand): Promise<string> {
  const answer = await shop.client.get(`/v1/stands/${id}/material.svg${query}`);
  expectStatus(answer, 200);
  expect(answer.headers.get('content-type')).toBe('image/svg+xml; charset=UTF-8');
  return answer.text;
}

const PIXELS_A_MODULE = 8;

/** Draws the code of a sheet, as a printer would, and reads it. */
function readCode(svg: string): string {
  const [, path = ''] = /id="code" d="([^"]+)"/.exec(svg) ?? [];
  const modules = modulesOf(path);
  const side = (Math.max(...modules.map(([x]) => x)) + 1 + 8) * PIXELS_A_MODULE;
  const data = new Uint8Array(side * side * 4).fill(255);
  for (const [x, y] of modules) {
    for (let n = 0; n < PIXELS_A_MODULE ** 2; n++) {
      const column = (x + 4) * PIXELS_A_MODULE + (n % PIXELS_A_MODULE);
      const row = (y + 4) * PIXELS_A_MODULE + Math.floor(n / PIXELS_A_MODULE);
      data.fill(0, (row * side + column) * 4, (row * side + column) * 4 + 3);
    }
  }
  return decodeQR({ width: side, height: side, data });
}

/** The squares in a path of rectangles, each one row of a module's height. */
function modulesOf(path: string): [number, number][] {
  const rectangles = [...path.matchAll(/M(\d+) (\d+)h(\d+)v1h-(\d+)z/g)];
  expect(rectangles.map(([whole]) => whole).join('')).toBe(path);
  return rectangles.flatMap(([, x, y, right, left]) => {
    expect(right).toBe(left);
    return Array.from({ length: Number(right) }, (_, n): [number, number] => [
      Number(x) + n,
      Number(y),
    ]);
  });
}

describe('a sheet', () => {
  test.each([
    ['', 100, 140],
    ['?size=a6', 105, 148],
    ['?size=a5', 148, 210],
    ['?size=sticker', 60, 60],
    ['?bleed=1', 106, 146],
    ['?size=sticker&bleed=1', 66, 66],
  ])('%s has its size in millimetres and is small', async (query, width, height) => {
    const svg = await svgOf(query);
    expect(svg).toContain(`width="${width}mm" height="${height}mm"`);
    expect(Buffer.byteLength(svg)).toBeLessThanOrEqual(10_240);
  });

  test.each(['stand', 'a6', 'a5', 'sticker'])('%s has a code that reads', async (size) => {
    expect(readCode(await svgOf(`?size=${size}`))).toBe(`${ORIGIN}/t/${stand.code}?q=1`);
  });

  test('of a tag that signs has the same kind of code', async () => {
    const { stand: signing } = await signingStand(shop, terminalId);
    expect(readCode(await svgOf('', signing))).toBe(`${ORIGIN}/t/${signing.code}?q=1`);
  });

  test('shows the number of the till, or hides it', async () => {
    expect(await svgOf()).toContain('Counter till-1');
    expect(await svgOf('?number=hide')).not.toContain('Counter till-1');
  });

  test.each(['stand', 'sticker'])('that is blank has no code and no till: %s', async (size) => {
    const svg = await svgOf(`?size=${size}&blank=1`);
    expect(svg).not.toContain('id="code"');
    expect(svg).not.toContain('Counter till-1');
    expect(svg).not.toContain(stand.code);
    expect(svg).not.toContain('Scan');
  });

  test('speaks both languages, the asked one first', async () => {
    const [en, zh] = [await svgOf('?lang=en'), await svgOf('?lang=zh-CN')];
    for (const svg of [en, zh]) {
      expect(svg).toContain('手机碰一碰');
      expect(svg).toContain('Touch with your phone');
    }
    const words = (svg: string) => svg.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
    expect(words(en)).toContain('Unlock your phone');
    expect(words(zh)).toContain('解锁手机');
    expect(en).toMatch(/^<svg [^>]*lang="en"[^>]*><title>/);
  });

  test('takes names with signs of its own language', async () => {
    const odd = await newStand(shop, { terminalId, name: '<script>"&\'' });
    expect(await svgOf('', odd)).toContain('&lt;script>');
  });

  test('is a page to print, too', async () => {
    const path = `/v1/stands/${stand.id}/material.html?size=a6&bleed=1`;
    const { status, text, headers } = await shop.client.get(path);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^text\/html/);
    expect(text).toContain('@page { size: 111mm 154mm; margin: 0 }');
    expect(readCode(text)).toContain(stand.code);
  });
});

describe('refused', () => {
  test.each(['material.svg', 'material.html'])('%s', async (file) => {
    const path = `/v1/stands/${stand.id}/${file}`;
    expect(told(await service.nobody.get(path))).toBe('401 unauthenticated');
    const other = await world.merchant();
    expect(told(await other.client.get(path))).toBe('404 not-found');
    for (const id of ['none', '%00', 'std_']) {
      expect(told(await shop.client.get(`/v1/stands/${id}/${file}`))).toBe('404 not-found');
    }
    const narrow = service.as(await world.keyFor(shop.issuerId, ['coupons:read']));
    expect(told(await narrow.get(path))).toBe('403 forbidden');
    for (const query of ['size=a4', 'number=1', 'blank=yes', 'lang=fr', 'bleed=3']) {
      expect(told(await shop.client.get(`${path}?${query}`))).toBe('422 invalid-request');
    }
  });
});
