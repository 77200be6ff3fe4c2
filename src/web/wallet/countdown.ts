/** Counts the seconds of a presentation down, and looks again when they are over. */
export function countDown(refresh: () => void): void {
  let part: Element | null = null;
  let endsAt = 0;
  const begin = () => {
    part = document.querySelector('[data-left]');
    endsAt = performance.now() + Number(part?.getAttribute('data-left') ?? 0) * 1000;
  };
  const tick = () => {
    if (part === null) return;
    const left = Math.ceil((endsAt - performance.now()) / 1000);
    if (left > 0) return tell(part, left);
    part = null;
    refresh();
  };
  begin();
  addEventListener('fresh', () => {
    if (document.querySelector('[data-left]') !== part) begin();
  });
  setInterval(tick, 1000);
}

/** The sentences are the server's, for one and for many; 99 stands where the number goes. */
function tell(part: Element, left: number): void {
  const [one, many] = ['data-one', 'data-many'].map((name) => part.getAttribute(name) ?? '');
  part.textContent = (left === 1 ? one : many?.replace('99', String(left))) ?? '';
}
