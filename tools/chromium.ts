import { existsSync } from 'node:fs';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Where this machine has its browser; null for one without. */
export function chromiumPath(): string | null {
  return PLACES.find((path) => existsSync(path)) ?? null;
}
