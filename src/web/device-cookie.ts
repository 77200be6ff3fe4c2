import { getCookie, setCookie } from 'hono/cookie';
import type { AppContext } from '../http/env.ts';
import { findDevice, registerDevice } from '../members/device.ts';
import type { Device } from '../members/model.ts';
import type { Database, Db } from '../platform/database.ts';

const COOKIE = 'tapline_device';
const YEAR_SECONDS = 365 * 24 * 3600;

/** The phone that asks; null for one that is not known. */
export async function deviceOf(c: AppContext, reads: Db): Promise<Device | null> {
  return (await knownDeviceOf(c, reads))?.device ?? null;
}

/** The same with the secret of its cookie. */
export async function knownDeviceOf(
  c: AppContext,
  reads: Db,
): Promise<{ readonly device: Device; readonly secret: string } | null> {
  const secret = getCookie(c, COOKIE);
  if (secret === undefined || secret.length > 100) return null;
  const device = await findDevice(reads, secret);
  return device === null ? null : { device, secret };
}

/** The phone that asks, made known when it is not. */
export async function anyDevice(c: AppContext, { reads, transact }: Database): Promise<Device> {
  const known = await deviceOf(c, reads);
  if (known !== null) return known;
  const { device, secret } = await transact(registerDevice);
  rememberDevice(c, secret);
  return device;
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
