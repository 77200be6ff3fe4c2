/** How long a claim may keep its caller waiting. */
export const LONGEST_WAIT_MS = 5000;

/** The wait that a Prefer header asks for (RFC 7240 §4.1, §4.3); what it does not say is 5 s. */
export function waitMilliseconds(prefer: string | undefined): number {
  for (const preference of (prefer ?? '').toLowerCase().split(',')) {
    const [name = '', value = ''] = preference.trim().split(/\s*=\s*/);
    if (name === 'respond-async') return 0;
    const seconds =
      name === 'wait' && /^"?\d{1,6}"?$/.test(value)
        ? Number.parseInt(value.replaceAll('"', ''), 10)
        : null;
    if (seconds !== null) return Math.min(seconds * 1000, LONGEST_WAIT_MS);
  }
  return LONGEST_WAIT_MS;
}
