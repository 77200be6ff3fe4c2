import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { AppContext } from '../../http/env.ts';

const COOKIE = 'tapline_large_type';
const YEAR_SECONDS = 365 * 24 * 3600;

/** Large type belongs to the phone, which one person may hold farther away than another. */
export function hasLargeType(c: AppContext): boolean {
  return getCookie(c, COOKIE) === '1';
}

export function chooseType(c: AppContext, large: boolean): void {
  if (large) setCookie(c, COOKIE, '1', { path: '/me', sameSite: 'Lax', maxAge: YEAR_SECONDS });
  else deleteCookie(c, COOKIE, { path: '/me' });
}
