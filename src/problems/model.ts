export type Locale = 'en' | 'zh-CN';

/** One code of the native face: what it is called and what to do, in both languages. */
export interface ProblemText {
  readonly status: number;
  readonly title: Readonly<Record<Locale, string>>;
  /** Cause and next step. */
  readonly detail: Readonly<Record<Locale, string>>;
}
