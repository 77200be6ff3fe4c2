import type { Locale } from '../problems/model.ts';

/** What a member has told of themselves. */
export interface Profile {
  /** Null follows the browser. */
  readonly language: Locale | null;
  readonly displayName: string | null;
  /** Where notices go; null: nowhere. */
  readonly email: string | null;
}
