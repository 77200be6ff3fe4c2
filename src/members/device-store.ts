import { type Db, only, statement, type Tx } from '../platform/database.ts';
import type { Device } from './model.ts';
import { memberDevices } from './tables.ts';

interface DeviceRow {
  readonly id: string;
  readonly member_id: string | null;
  readonly wallet_id: string | null;
  readonly display_name: string | null;
}

const bySecret = statement<DeviceRow>(
  'members.device',
  `select d.id, m.id as member_id, m.wallet_id, w.display_name
     from member_devices d
     left join lateral (select id, wallet_id from members
                         where id = d.member_id and erased_at is null offset 0) m on true
     left join lateral (select display_name from wallets
                         where id = m.wallet_id offset 0) w on true
    where d.secret_sha256 = $1 and d.ended_at is null`,
);

/** The device with that secret, unless it was signed out. */
export async function findDeviceBySecret(db: Db, secretSha256: string): Promise<Device | null> {
  const [row] = await db.run(bySecret, [secretSha256]);
  if (row === undefined) return null;
  const { id, member_id: memberId, wallet_id: walletId, display_name: displayName } = row;
  const known = memberId !== null && walletId !== null;
  return { id, member: known ? { memberId, walletId, displayName } : null };
}

export async function insertDevice(tx: Tx, id: string, secretSha256: string): Promise<void> {
  await tx.query.insert(memberDevices).values({ id, secretSha256 });
}

const renew = statement<{ id: string }>(
  'members.renew_device',
  'update member_devices set secret_sha256 = $2 where id = $1 and ended_at is null returning id',
);

export async function updateDeviceSecret(tx: Tx, id: string, secretSha256: string): Promise<void> {
  only(await tx.run(renew, [id, secretSha256]));
}
