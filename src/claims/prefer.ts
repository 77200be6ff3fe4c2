/** How long a claim may keep its caller waiting. */
export const LONGEST_WAIT_MS = 5000;

export interface Wait {
  readonly milliseconds: number;
  /** What the answer's Preference-Applied says; null when no preference counted. */
  readonly applied: string | null;
}

/**
 * The wait that a Prefer header asks for (RFC 7240): `wait` says how long, beside it
 * `respond-async` only that the answer may come later; alone it is no wait. Of a preference that
 * comes twice the first counts (§2), and what is not understood is not there.
 */
export function waitAskedFor(prefer: string | undefined): Wait {
  const preferences = (prefer ?? '').toLowerCase().split(',').map(preference);
  const wait = preferences.find(({ name }) => name === 'wait')?.value ?? '';
  if (/^\d{1,6}$/.test(wait)) {
    const milliseconds = Math.min(Number(wait) * 1000, LONGEST_WAIT_MS);
    return { milliseconds, applied: `wait=${milliseconds / 1000}` };
  }
  return preferences.some(({ name }) => name === 'respond-async')
    ? { milliseconds: 0, applied: 'respond-async' }
    : { milliseconds: LONGEST_WAIT_MS, applied: null };
}

/** Without its parameters, which none of ours has. */
function preference(text: string): { readonly name: string; readonly value: string } {
  const [name = '', value = ''] = (text.split(';')[0] ?? '').trim().split(/\s*=\s*/);
  return { name, value: /^"(.*)"$/.exec(value)?.[1] ?? value };
}
