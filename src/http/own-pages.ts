const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Whether a request that changes something comes from pages that are not ours. A browser tells
 * where it comes from; the cookies are kept from strangers by SameSite besides.
 */
export function isFromElsewhere({ method, headers }: Request, origin: string): boolean {
  if (SAFE.has(method)) return false;
  const site = headers.get('sec-fetch-site');
  if (site !== null) return site !== 'same-origin' && site !== 'none';
  const from = headers.get('origin');
  return from !== null && from !== origin;
}
