const STEP: Readonly<Record<string, number>> = {
  ArrowRight: 1,
  ArrowDown: 1,
  ArrowLeft: -1,
  ArrowUp: -1,
};

/** Arrows go from card to card, and Escape goes back. */
export function followKeys(): void {
  document.addEventListener('keydown', (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const target = event.target as Element;
    if (event.key === 'Escape' && !target.matches('input')) goBack();
    const step = STEP[event.key];
    const list = target.closest('[data-arrows]');
    if (step === undefined || list === null) return;
    const cards = [...list.querySelectorAll<HTMLElement>('.card, .coupon')];
    const next = cards[cards.indexOf(target as HTMLElement) + step];
    if (next === undefined) return;
    event.preventDefault();
    next.focus();
  });
}

function goBack(): void {
  document.querySelector<HTMLElement>('[data-escape]')?.click();
}
