import type { Db, Tx } from '../platform/database.ts';
import { sha256Hex } from '../platform/hashes.ts';
import { newId, newSecret } from '../platform/ids.ts';
import { findDeviceBySecret, insertDevice, updateDeviceSecret } from './device-store.ts';
import type { Device } from './model.ts';

/** The device behind a cookie's secret; null for one that is not known or was signed out. */
export function findDevice(db: Db, secret: string): Promise<Device | null> {
  return findDeviceBySecret(db, sha256Hex(secret));
}

export interface NewDevice {
  readonly device: Device;
  /** For the device's cookie; only its hash is stored. */
  readonly secret: string;
}

/** Makes a phone known, which is nobody's yet. */
export async function registerDevice(tx: Tx): Promise<NewDevice> {
  const secret = newSecret();
  const id = newId('dev');
  await insertDevice(tx, id, sha256Hex(secret));
  return { device: { id, member: null }, secret };
}

/**
 * A new secret for a device that became somebody's, so that who knew the one before knows nothing.
 */
export async function renewDeviceSecret(tx: Tx, deviceId: string): Promise<string> {
  const secret = newSecret();
  await updateDeviceSecret(tx, deviceId, sha256Hex(secret));
  return secret;
}
