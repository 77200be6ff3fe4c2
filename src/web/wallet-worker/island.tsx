import { copyOf, isKept, keep } from './kept-pages.ts';

/**
 * The service worker of the wallet: the network first, and the last copy when there is none. It
 * keeps the member's own pages and nothing that was sent.
 */
declare const self: ServiceWorker;

/** What is used of a service worker's scope; TypeScript's own library would be that of all files. */
interface ServiceWorker {
  readonly location: Location;
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(name: 'install' | 'activate', told: (event: Lasting) => void): void;
  addEventListener(name: 'fetch', told: (event: Fetching) => void): void;
}

interface Lasting {
  waitUntil(done: Promise<unknown>): void;
}

interface Fetching extends Lasting {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

const SHELL = 'wallet-shell';
const NO_COPY = '/me/offline';
/** A network that takes longer is none to who stands at a till. */
const PATIENCE_MS = 4000;

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(SHELL)
      .then((shell) => shell.add(NO_COPY))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(self.clients.claim());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith('/assets/wallet.')) event.respondWith(script(request));
  else if (isKept(url)) event.respondWith(page(event, url));
  else if (request.mode === 'navigate') event.respondWith(fetch(request).catch(noCopy));
});

/** Its address names its content, so the first answer is good for ever. */
async function script(request: Request): Promise<Response> {
  const kept = await caches.match(request);
  if (kept !== undefined) return kept;
  const response = await fetch(request);
  if (response.ok) await (await caches.open(SHELL)).put(request, response.clone());
  return response;
}

async function page(event: Fetching, url: URL): Promise<Response> {
  const answer = fetch(event.request);
  event.waitUntil(answer.then((response) => keep(url, response.clone())).catch(() => {}));
  try {
    return await inTime(answer);
  } catch {
    return (await copyOf(url)) ?? (await lastWord(answer));
  }
}

function inTime(answer: Promise<Response>): Promise<Response> {
  return new Promise((resolve, reject) => {
    answer.then(resolve, reject);
    setTimeout(() => reject(new Error('the network is too slow')), PATIENCE_MS);
  });
}

/** Where nothing is kept, a slow answer is better than none. */
function lastWord(answer: Promise<Response>): Promise<Response> {
  return answer.catch(noCopy);
}

async function noCopy(): Promise<Response> {
  return (await caches.match(NO_COPY)) ?? Response.error();
}
