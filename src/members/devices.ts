import { audit } from '../audit/store.ts';
import type { Db, Tx } from '../platform/database.ts';
import { type DeviceOfMember, devicesOf, endDeviceOf } from './member-store.ts';

/** The devices on which a member is signed in. */
export function listDevices(db: Db, memberId: string): Promise<DeviceOfMember[]> {
  return devicesOf(db, memberId);
}

/** Signs a member's device out; false for one that is not the member's. */
export async function endDevice(tx: Tx, memberId: string, deviceId: string): Promise<boolean> {
  if (!(await endDeviceOf(tx, deviceId, memberId))) return false;
  await audit(tx, {
    actor: `member:${memberId}`,
    action: 'device.end',
    subject: deviceId,
    outcome: 'ended',
  });
  return true;
}
