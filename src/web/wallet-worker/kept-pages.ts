import { COPY_HEADER, NOBODY } from '../wallet/phone-copy.ts';

const COPIES = 'wallet-copies-';
const KEPT = /^\/me(?:\/history|\/(?:passes|coupons)\/[^/]+)?$/;
/** How the notice is covered in a page, and how it stands uncovered. */
const COVERED = 'id="copy" hidden';
const UNCOVERED = 'id="copy"';

/** Whether a copy of what stands at that address may be kept; of a list its beginning. */
export function isKept({ pathname, searchParams }: URL): boolean {
  return KEPT.test(pathname) && !searchParams.has('after') && !searchParams.has('cards');
}

/** Keeps a member's page; what is left of another member goes, and all of it after signing out. */
export async function keep(url: URL, response: Response): Promise<void> {
  const whose = response.headers.get(COPY_HEADER);
  if (whose === null) return;
  await forgetBut(whose);
  if (whose === NOBODY || !response.ok) return;
  await (await caches.open(COPIES + whose)).put(keyOf(url), response);
}

/** The copy, which says that it is one; null when there is none. */
export async function copyOf(url: URL): Promise<Response | null> {
  const copy = await caches.match(keyOf(url));
  if (copy === undefined) return null;
  const headers = new Headers(copy.headers);
  headers.delete('content-encoding');
  headers.delete('content-length');
  return new Response((await copy.text()).replace(COVERED, UNCOVERED), { headers });
}

/** Each shelf of coupons has a copy of its own. */
function keyOf({ origin, pathname, searchParams }: URL): string {
  const tab = searchParams.get('tab');
  return tab === null ? origin + pathname : `${origin}${pathname}?tab=${tab}`;
}

async function forgetBut(whose: string): Promise<void> {
  const names = await caches.keys();
  const others = names.filter((name) => name.startsWith(COPIES) && name !== COPIES + whose);
  await Promise.all(others.map((name) => caches.delete(name)));
}
