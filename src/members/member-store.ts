import { eq, sql } from 'drizzle-orm';
import { type Db, only, statement, type Tx } from '../platform/database.ts';
import { wallets } from '../wallets/tables.ts';
import type { DeviceMember } from './model.ts';
import { memberDevices, members } from './tables.ts';

export interface NewMember {
  readonly id: string;
  readonly walletId: string;
  readonly phone: SealedPhone | null;
}

export interface SealedPhone {
  readonly mark: string;
  readonly sealed: string;
}

/** Throws where another member has the phone (index members_phone). */
export async function insertMember(tx: Tx, { id, walletId, phone }: NewMember): Promise<void> {
  const phoneMark = phone?.mark ?? null;
  const phoneSealed = phone?.sealed ?? null;
  await tx.query.insert(members).values({ id, walletId, phoneMark, phoneSealed });
}

interface MemberRow {
  readonly id: string;
  readonly wallet_id: string;
  readonly display_name: string | null;
}

const MEMBER = `select m.id, m.wallet_id, w.display_name from members m
    cross join lateral (select display_name from wallets where id = m.wallet_id offset 0) w`;

const byPhone = statement<MemberRow>('members.by_phone', `${MEMBER} where m.phone_mark = $1`);

/** Whose phone number it is; a member who left has none. */
export async function findMemberByPhone(db: Db, phoneMark: string): Promise<DeviceMember | null> {
  return asMember((await db.run(byPhone, [phoneMark]))[0]);
}

const byId = statement<MemberRow>(
  'members.by_id',
  `${MEMBER} where m.id = $1 and m.erased_at is null and m.merged_into is null`,
);

export async function findMember(db: Db, id: string): Promise<DeviceMember | null> {
  return asMember((await db.run(byId, [id]))[0]);
}

const byDevice = statement<MemberRow>(
  'members.by_device',
  `${MEMBER} where m.id = (select member_id from member_devices
                            where id = $1 and ended_at is null)
               and m.erased_at is null and m.merged_into is null`,
);

export async function findMemberOfDevice(db: Db, deviceId: string): Promise<DeviceMember | null> {
  return asMember((await db.run(byDevice, [deviceId]))[0]);
}

function asMember(row: MemberRow | undefined): DeviceMember | null {
  if (row === undefined) return null;
  return { memberId: row.id, walletId: row.wallet_id, displayName: row.display_name };
}

const lock = statement<{ id: string }>(
  'members.lock',
  `select id from members
    where id = $1 and erased_at is null and merged_into is null for no key update`,
);

/** True for a member who is there, and stays so until the transaction ends. */
export async function lockMember(tx: Tx, id: string): Promise<boolean> {
  return (await tx.run(lock, [id])).length === 1;
}

const giveDeviceStatement = statement<{ id: string }>(
  'members.give_device',
  `update member_devices set member_id = $2, seen_at = clock_timestamp()
    where id = $1 and ended_at is null returning id`,
);

export async function giveDevice(tx: Tx, deviceId: string, memberId: string): Promise<void> {
  only(await tx.run(giveDeviceStatement, [deviceId, memberId]));
}

export async function updatePhone(tx: Tx, id: string, { mark, sealed }: SealedPhone) {
  await tx.query
    .update(members)
    .set({ phoneMark: mark, phoneSealed: sealed })
    .where(eq(members.id, id));
}

/** What the member says last counts. */
export async function nameWallet(
  tx: Tx,
  walletId: string,
  displayName: string | null,
): Promise<void> {
  await tx.query.update(wallets).set({ displayName }).where(eq(wallets.id, walletId));
}

export interface DeviceOfMember {
  readonly id: string;
  readonly createdAt: Date;
  readonly seenAt: Date;
}

/** The devices of a member that are signed in, the last one first. */
export async function devicesOf(db: Db, memberId: string): Promise<DeviceOfMember[]> {
  return db.query
    .select({
      id: memberDevices.id,
      createdAt: memberDevices.createdAt,
      seenAt: memberDevices.seenAt,
    })
    .from(memberDevices)
    .where(sql`${memberDevices.memberId} = ${memberId} and ${memberDevices.endedAt} is null`)
    .orderBy(sql`${memberDevices.seenAt} desc, ${memberDevices.id}`);
}

const endDeviceStatement = statement<{ id: string }>(
  'members.end_device',
  `update member_devices set ended_at = clock_timestamp()
    where id = $1 and ended_at is null and member_id = $2 returning id`,
);

/** False for a device that is not the member's, or was signed out before. */
export async function endDeviceOf(tx: Tx, id: string, memberId: string): Promise<boolean> {
  return (await tx.run(endDeviceStatement, [id, memberId])).length === 1;
}
