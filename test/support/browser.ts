import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { type Browser, type BrowserContext, chromium, devices, type Page } from 'playwright-core';
import { chromiumPath } from './chromium.ts';

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
