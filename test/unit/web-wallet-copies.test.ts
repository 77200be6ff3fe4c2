import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { copyOf, isKept, keep } from '../../src/web/wallet-worker/kept-pages.ts';

/** The browser's caches, as far as the worker uses them. */
class Caches {
  readonly stores = new Map<string, Map<string, Response>>();

  async open(name: string) {
    const store = this.stores.get(name) ?? new Map<string, Response>();
    this.stores.set(name, store);
    return { put: async (key: string, response: Response) => void store.set(key, response) };
  }

  async match(key: string) {
    for (const store of this.stores.values()) {
      const found = store.get(key);
      if (found !== undefined) return found.clone();
    }
    return undefined;
  }

  async keys() {
    return [...this.stores.keys()];
  }

  async delete(name: string) {
    return this.stores.delete(name);
  }
}

let caches: Caches;
beforeEach(() => {
  caches = new Caches();
  vi.stubGlobal('caches', caches);
});
afterEach(() => vi.unstubAllGlobals());

const at = (path: string) => new URL(`https://tapline.test${path}`);
const answer = (whose: string | null, text: string, status = 200) =>
  new Response(text, { status, headers: whose === null ? {} : { 'Wallet-Copy': whose } });
const kept = async (path: string) => (await copyOf(at(path)))?.text() ?? null;

test.each([
  ['/me', true],
  ['/me?tab=used', true],
  ['/me/history', true],
  ['/me/passes/1.a', true],
  ['/me/coupons/cpn_1', true],
  ['/me?cards=abc', false],
  ['/me/history?after=abc', false],
  ['/me/gifts/token', false],
  ['/me/settings', false],
  ['/me/export', false],
  ['/me/presentations/prs_1', false],
  ['/me/coupons/cpn_1/gift', false],
  ['/menu', false],
  ['/counter', false],
])('%s is kept: %s', (path, expected) => {
  expect(isKept(at(path))).toBe(expected);
});

describe('a copy', () => {
  test('says that it is one', async () => {
    await keep(at('/me'), answer('ana', '<p id="copy" hidden class="copy">'));
    expect(await kept('/me')).toBe('<p id="copy" class="copy">');
  });

  test('of each shelf is apart from the others', async () => {
    await keep(at('/me'), answer('ana', 'usable'));
    await keep(at('/me?tab=used'), answer('ana', 'used'));
    expect([await kept('/me'), await kept('/me?tab=used')]).toEqual(['usable', 'used']);
    expect(await kept('/me?tab=expired')).toBeNull();
  });

  test('gives way to a later one', async () => {
    await keep(at('/me'), answer('ana', 'before'));
    await keep(at('/me'), answer('ana', 'after'));
    expect(await kept('/me')).toBe('after');
  });

  test('is not made of a failure, nor of a page that names nobody', async () => {
    await keep(at('/me'), answer('ana', 'good'));
    await keep(at('/me'), answer('ana', 'bad', 503));
    await keep(at('/me'), answer(null, 'anything'));
    expect(await kept('/me')).toBe('good');
  });

  test.each(['bo', 'nobody'])('goes when the phone is another’s: %s', async (whose) => {
    await keep(at('/me/passes/1.a'), answer('ana', 'of Ana'));
    await keep(at('/me'), answer(whose, 'the page of now', whose === 'nobody' ? 403 : 200));
    expect(await kept('/me/passes/1.a')).toBeNull();
    expect(await kept('/me')).toBe(whose === 'nobody' ? null : 'the page of now');
  });
});
