const POLL_SECONDS = 5;

/**
 * Brings the parts of the page that change up to date every few seconds while somebody looks at
 * it; gives a way to do it at once.
 */
export function keepFresh(): () => void {
  const refresh = () => {
    if (document.visibilityState === 'visible') void refreshNow();
  };
  const every = document.querySelector('[data-every]')?.getAttribute('data-every');
  // The notice of the copy is on every page, and alone is nothing to look for.
  if (liveParts(document).length > 1) {
    setInterval(refresh, Number(every ?? POLL_SECONDS) * 1000);
    document.addEventListener('visibilitychange', refresh);
    addEventListener('online', refresh);
  }
  return refresh;
}

let isUnderway = false;

async function refreshNow(): Promise<void> {
  if (isUnderway) return;
  isUnderway = true;
  try {
    const response = await fetch(location.href, { headers: { Accept: 'text/html' } });
    // Signed out, or no longer there: the page as a whole says so.
    if (response.status >= 400 && response.status < 500) return location.reload();
    if (response.ok) show(bodyOf(await response.text()));
  } catch {
    document.getElementById('copy')?.removeAttribute('hidden');
  } finally {
    isUnderway = false;
  }
}

/** Without the head, whose style would be of another nonce than this page's. */
function bodyOf(html: string): Document {
  return new DOMParser().parseFromString(html.slice(html.indexOf('<body')), 'text/html');
}

function show(fresh: Document): void {
  for (const part of liveParts(document)) {
    const next = fresh.getElementById(part.id);
    if (next === null || next.outerHTML === served.get(part.id)) continue;
    served.set(part.id, next.outerHTML);
    tellState(part, next);
    replace(part, next);
  }
  fillAge();
  dispatchEvent(new Event('fresh'));
}

/** What the server said of each part last, because the script itself writes into some. */
const served = new Map(liveParts(document).map((part) => [part.id, part.outerHTML]));

/** Says a new state aloud; a countdown beside it is for the eye. */
function tellState(part: Element, next: Element): void {
  const [before, after] = [part, next].map((of) => of.querySelector('.state')?.textContent);
  const said = document.getElementById('said');
  if (said !== null && after && after !== before) said.textContent = after;
}

/** Whoever had gone to something in the part finds themselves there again. */
function replace(part: Element, next: Element): void {
  const focused = part.contains(document.activeElement) ? document.activeElement : null;
  const href = focused?.getAttribute('href') ?? null;
  part.replaceWith(next);
  if (focused === null) return;
  const same = [...next.querySelectorAll<HTMLElement>('a, button')].find((candidate) =>
    href === null
      ? candidate.textContent === focused.textContent
      : candidate.getAttribute('href') === href,
  );
  (same ?? document.getElementById('main'))?.focus();
}

function liveParts(page: Document): Element[] {
  return [...page.querySelectorAll('[data-live]')];
}

/** The age of the copy, by the clock of the phone that kept it. */
export function fillAge(): void {
  const time = document.querySelector('[data-age]');
  const at = time?.getAttribute('datetime');
  if (!time || !at) return;
  const style = { dateStyle: 'medium', timeStyle: 'short' } as const;
  time.textContent = new Intl.DateTimeFormat(document.documentElement.lang, style).format(
    new Date(at),
  );
}
