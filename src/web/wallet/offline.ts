const MOST_COPIES = 12;

/** Lets the phone keep copies, also of cards and coupons that nobody has opened yet. */
export function keepCopies(): void {
  const workers = navigator.serviceWorker;
  if (workers === undefined) return;
  workers
    .register('/me/sw.js', { scope: '/me' })
    .then(() => workers.ready)
    .then(() => keepOwn(workers))
    // Without a worker the wallet is as it was: it needs the network.
    .catch(() => {});
}

async function keepOwn(workers: ServiceWorkerContainer): Promise<void> {
  if (workers.controller === null) {
    await new Promise((resolve) => {
      workers.addEventListener('controllerchange', resolve, { once: true });
    });
  }
  const links = [...document.querySelectorAll<HTMLAnchorElement>('[data-keep]')];
  const hrefs = [location.href, ...links.slice(0, MOST_COPIES).map(({ href }) => href)];
  for (const href of hrefs) {
    if ((await caches.match(href)) === undefined) await fetch(href);
  }
}
