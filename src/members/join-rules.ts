/** Why no code is on its way. */
export type CodeRefusal =
  | 'joining-not-enabled'
  | 'phone-invalid'
  | 'too-many-codes'
  | 'code-not-sent';

/** Why a code does not join. */
export type JoinRefusal = 'code-wrong' | 'code-expired' | 'too-many-tries';

/** How often a code may be guessed wrong. */
export const MOST_TRIES = 5;

/** A code on its way, and what was typed. */
export interface GuessFacts {
  readonly live: boolean;
  readonly tries: number;
  readonly matches: boolean;
}

/** Judges a typed code; one that was guessed at too often is over, also for the right guess. */
export function decideGuess({ live, tries, matches }: GuessFacts): 'right' | JoinRefusal {
  if (!live) return 'code-expired';
  if (tries >= MOST_TRIES) return 'too-many-tries';
  if (matches) return 'right';
  return tries + 1 >= MOST_TRIES ? 'too-many-tries' : 'code-wrong';
}
