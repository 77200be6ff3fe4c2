import type { Reporter } from 'vitest/node';
import { chromiumPath } from './chromium.ts';

/** Ends a run on a machine without a browser with what was left out, and how to get it. */
export default class BrowserReporter implements Reporter {
  onTestRunEnd(): void {
    if (chromiumPath() !== null) return;
    console.log(
      '\nLeft out: the tests in a real browser (test/e2e). Debian: apt-get install chromium fonts-noto-cjk',
    );
  }
}
