/** A scanner types faster than anybody: so few milliseconds lie between its characters. */
export const BURST_MS = 50;
const SHORTEST_SCAN = 6;

export interface Burst {
  readonly text: string;
  readonly at: number;
}

export const NO_BURST: Burst = { text: '', at: Number.NEGATIVE_INFINITY };

/**
 * One more key at that time. `scan` is what a scanner typed, wherever the focus was: a burst of
 * characters that ends in Enter.
 */
export function burstAfter(
  burst: Burst,
  key: string,
  at: number,
): { readonly burst: Burst; readonly scan: string | null } {
  const goesOn = at - burst.at < BURST_MS;
  if (key === 'Enter') {
    const isScan = goesOn && burst.text.length >= SHORTEST_SCAN;
    return { burst: NO_BURST, scan: isScan ? burst.text : null };
  }
  // Shift and its like come between the characters of a scanner too.
  if ([...key].length !== 1) return { burst, scan: null };
  return { burst: { text: goesOn ? burst.text + key : key, at }, scan: null };
}
