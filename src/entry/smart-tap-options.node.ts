import { UsageError, wholeNumber } from './options.node.ts';

/** What goes over the air as four bytes. */
const MOST = 0xffff_ffff;

/** @throws UsageError when that collector ID cannot go over the air */
export function collectorIdOf(value: string): number {
  return wholeNumber(value, 'collector', 0, MOST);
}

export function keyVersionOf(value = '1'): number {
  return wholeNumber(value, 'key-version', 0, MOST);
}

/** @throws UsageError unless it is an HTTP URL without anything after its path */
export function httpUrlOf(value: string, option: string): string {
  const url = URL.canParse(value) ? new URL(value) : null;
  const isPlain = url !== null && url.search === '' && url.hash === '' && url.username === '';
  if (!isPlain || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`--${option} is a URL such as http://localhost:8787`);
  }
  return url.href.replace(/\/$/, '');
}
