import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { type Browser, type BrowserContext, chromium, devices, type Page } from 'playwright-core';
import { chromiumPath } from '../../tools/chromium.ts';

/** Debian's Chromium, as root or not, that looks nothing up outside. */
export function launchBrowser(): Promise<Browser> {
  const executablePath = chromiumPath();
  if (executablePath === null) throw new Error('this machine has no Chromium');
  return chromium.launch({
    executablePath,
    // It keeps things at home, and some runners have none.
    env: { ...process.env, HOME: tmpdir() } as Record<string, string>,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

export interface Look {
  readonly locale?: 'en' | 'zh-CN';
  readonly dark?: boolean;
  readonly javaScript?: boolean;
}

/** A member's phone. */
export function openPhone(browser: Browser, look: Look = {}): Promise<BrowserContext> {
  const { userAgent, viewport, deviceScaleFactor } = devices['Pixel 7'] ?? {};
  return open(browser, look, {
    ...(userAgent !== undefined && { userAgent }),
    viewport: viewport ?? null,
    deviceScaleFactor: deviceScaleFactor ?? 2,
    isMobile: true,
    hasTouch: true,
  });
}

/** A till with a keyboard, or with a touch screen. */
export function openTill(
  browser: Browser,
  look: Look & { readonly touch?: boolean } = {},
): Promise<BrowserContext> {
  const touch = look.touch === true;
  const viewport = touch ? { width: 1024, height: 768 } : { width: 1280, height: 800 };
  return open(browser, look, { viewport, hasTouch: touch });
}

type ContextOptions = Parameters<Browser['newContext']>[0];

function open(
  browser: Browser,
  { locale = 'en', dark = false, javaScript = true }: Look,
  options: ContextOptions,
): Promise<BrowserContext> {
  return browser.newContext({
    ...options,
    locale,
    colorScheme: dark ? 'dark' : 'light',
    javaScriptEnabled: javaScript,
    timezoneId: 'Asia/Shanghai',
  });
}

/** What went wrong on a page so far: errors of scripts, and what the content policy kept out. */
export function complaintsOf(page: Page): readonly string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  return complaints;
}

const axeSource = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
);

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
  }[];
}

/** What axe finds against WCAG 2.2 AA on the page as it stands. */
export async function axeViolations(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  const results = await page.evaluate<AxeResults>(
    "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })",
  );
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ''}`),
  );
}

/** How many pixels a page is wider than its window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
}

/** What can be touched and is smaller than that; links in a line of text may be. */
export function smallTargets(page: Page, pixels: number): Promise<string[]> {
  return page.evaluate(`(() => {
    const small = [];
    for (const target of document.querySelectorAll('button, input:not([type=hidden]), select, summary, a.button')) {
      const { width, height } = target.getBoundingClientRect();
      if (width > 0 && (width < ${pixels} || height < ${pixels})) small.push(target.outerHTML + ' ' + width + 'x' + height);
    }
    return small;
  })()`);
}

/** A slow 4G network and a cheap phone's processor (ux.md A.0). */
const SLOW = {
  offline: false,
  latency: 150,
  downloadThroughput: (1.6 * 1024 * 1024) / 8,
  uploadThroughput: (750 * 1024) / 8,
};

/**
 * When a page first shows something on a slow phone, in milliseconds, and what it transferred: the
 * best of three times, because this machine may be busy with something else.
 */
export async function firstPaint(
  page: Page,
  address: string,
): Promise<{ readonly paint: number; readonly bytes: number }> {
  const session = await page.context().newCDPSession(page);
  let bytes = 0;
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', SLOW);
  await session.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  let paint = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < 3; turn++) {
    bytes = 0;
    await page.goto(address);
    paint = Math.min(paint, await page.evaluate<number>(FIRST_PAINT));
  }
  await session.detach();
  return { paint, bytes };
}

const FIRST_PAINT = `new Promise((resolve) => {
    const look = () => {
      const [entry] = performance.getEntriesByName('first-contentful-paint');
      if (entry) resolve(entry.startTime); else setTimeout(look, 20);
    };
    look();
  })`;
