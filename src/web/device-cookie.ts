import { getCookie, setCookie } from 'hono/cookie';
import type { AppContext } from '../http/env.ts';
import { findDevice } from '../members/device.ts';
import type { Device } from '../members/model.ts';
import type { Db } from '../platform/database.ts';

const COOKIE = 'tapline_device';
const YEAR_SECONDS = 365 * 24 * 3600;

/** The phone that asks; null for one that is not known. */
export async function deviceOf(c: AppContext, reads: Db): Promise<Device | null> {
  const secret = getCookie(c, COOKIE);
  return secret === undefined || secret.length > 100 ? null : findDevice(reads, secret);
}

/** Lax, because a touched tag opens the page from outside. */
export function rememberDevice(c: AppContext, secret: string): void {
  const secure = c.get('origin').startsWith('https:');
  setCookie(c, COOKIE, secret, {
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
    secure,
    maxAge: YEAR_SECONDS,
  });
}
