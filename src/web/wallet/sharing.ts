/** Copies a code or a link, and hands a link to what the phone shares with. */
export function offerSharing(): void {
  const { clipboard } = navigator;
  if (clipboard === undefined) document.documentElement.classList.add('cannot-copy');
  if ('share' in navigator) document.documentElement.classList.add('can-share');
  document.addEventListener('click', (event) => {
    const button = (event.target as Element).closest('button');
    const copied = button?.getAttribute('data-copy') ?? null;
    if (copied !== null) clipboard.writeText(copied).then(say, () => {});
    const shared = button?.getAttribute('data-share') ?? null;
    // Whoever changes their mind has shared nothing, and that is no failure.
    if (shared !== null) navigator.share({ url: shared }).catch(() => {});
  });
}

function say(): void {
  const place = document.getElementById('said');
  if (place === null) return;
  place.textContent = place.getAttribute('data-copied');
  place.classList.remove('hidden');
  setTimeout(() => {
    place.textContent = '';
    place.classList.add('hidden');
  }, 2000);
}
