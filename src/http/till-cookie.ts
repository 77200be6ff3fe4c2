import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { AppContext } from './env.ts';

const COOKIE = 'tapline_till';
const YEAR_SECONDS = 365 * 24 * 3600;

/** The secret of a paired till; null for a browser that is none. */
export function tillSecretOf(c: AppContext): string | null {
  const secret = getCookie(c, COOKIE);
  return secret === undefined || secret.length > 100 ? null : secret;
}

export function rememberTill(c: AppContext, secret: string): void {
  setCookie(c, COOKIE, secret, { ...placeOf(c), maxAge: YEAR_SECONDS });
}

export function forgetTill(c: AppContext): void {
  deleteCookie(c, COOKIE, placeOf(c));
}

function placeOf(c: AppContext) {
  const secure = c.get('origin').startsWith('https:');
  return { path: '/', httpOnly: true, sameSite: 'Lax', secure } as const;
}
