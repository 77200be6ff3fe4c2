import type { Locale } from './model.ts';
import { type ProblemCode, problems } from './registry.ts';

/** A wrong place in the input: a JSON pointer and what is wrong there. */
export interface InputError {
  readonly pointer: string;
  readonly message: string;
}

/** RFC 9457, with `code`, `requestId` and `errors` as extension members. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ProblemCode;
  readonly requestId: string;
  readonly errors?: readonly InputError[];
  readonly serverTime?: string;
}

export interface ProblemContext {
  readonly origin: string;
  readonly locale: Locale;
  readonly requestId: string;
}

export interface ProblemExtras {
  readonly errors?: readonly InputError[];
  /** For `clock-skew`: the database's time, RFC 3339. */
  readonly serverTime?: string;
}

export function problemDocument(
  code: ProblemCode,
  { origin, locale, requestId }: ProblemContext,
  extras: ProblemExtras = {},
): ProblemDocument {
  const { status, title, detail } = problems[code];
  return {
    type: `${origin}/problems/${code}`,
    title: title[locale],
    status,
    detail: detail[locale],
    code,
    requestId,
    ...extras,
  };
}

/** What goes before every problem: a cache must not tell one language to who asked for another. */
export function problemHeaders(locale: Locale): Readonly<Record<string, string>> {
  return {
    'Content-Type': 'application/problem+json; charset=UTF-8',
    'Content-Language': locale,
    Vary: 'Accept-Language',
  };
}

/** Ends a request with a problem from inside a transaction, which is then rolled back. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly code: ProblemCode;
  readonly extras: ProblemExtras;

  constructor(code: ProblemCode, extras: ProblemExtras = {}) {
    super(code);
    this.code = code;
    this.extras = extras;
  }
}

/** One wrong place in the input, found behind the schema. */
export function invalidInput(pointer: string, message: string): ProblemError {
  return new ProblemError('invalid-request', { errors: [{ pointer, message }] });
}

/** The language of the problem texts: the first of ours that Accept-Language ranks highest. */
export function localeFrom(acceptLanguage: string | null | undefined): Locale {
  let best: { locale: Locale; quality: number } = { locale: 'en', quality: 0 };
  for (const part of (acceptLanguage ?? '').slice(0, 1000).split(',')) {
    const [range = '', ...parameters] = part.toLowerCase().split(';');
    const tag = range.trim();
    const quality = qualityOf(parameters);
    const locale =
      tag === 'zh' || tag.startsWith('zh-') ? 'zh-CN' : /^en\b/.test(tag) ? 'en' : null;
    if (locale !== null && quality > best.quality) best = { locale, quality };
  }
  return best.locale;
}

function qualityOf(parameters: readonly string[]): number {
  const q = parameters.map((text) => text.trim()).find((text) => text.startsWith('q='));
  const quality = q === undefined ? 1 : Number(q.slice(2));
  return Number.isFinite(quality) ? quality : 0;
}
