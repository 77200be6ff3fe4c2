import { eq, sql } from 'drizzle-orm';
import { type Db, only, rareStatement, statement, type Tx } from '../platform/database.ts';
import { joinCodes } from './tables.ts';

const lockDeviceStatement = statement<{ id: string }>(
  'members.lock_device',
  'select id from member_devices where id = $1 and ended_at is null for no key update',
);

/** One join of a device at a time; false for a device that was signed out. */
export async function lockDevice(tx: Tx, id: string): Promise<boolean> {
  return (await tx.run(lockDeviceStatement, [id])).length === 1;
}

const lockPhoneStatement = statement<{ locked: unknown }>(
  'members.lock_phone',
  "select pg_advisory_xact_lock(hashtextextended('members.phone ' || $1, 0)) as locked",
);

/** One join of a phone number at a time, whether or not a member has it. */
export async function lockPhone(tx: Tx, phoneMark: string): Promise<void> {
  await tx.run(lockPhoneStatement, [phoneMark]);
}

export interface NewJoinCode {
  readonly id: string;
  readonly deviceId: string;
  readonly phoneMark: string;
  readonly phoneSealed: string;
  readonly codeMark: string;
}

// A phone gets one code a minute and five an hour, a device asks for five an hour.
const insertCode = statement<{ expires_at: string }>(
  'members.insert_code',
  `insert into join_codes (id, device_id, phone_mark, phone_sealed, code_mark, expires_at)
   select $1, $2, $3, $4, $5, clock_timestamp() + interval '5 minutes'
    where not exists (select from join_codes
                       where phone_mark = $3
                         and created_at > clock_timestamp() - interval '1 minute')
      and 5 > (select count(*) from join_codes
                where phone_mark = $3 and created_at > clock_timestamp() - interval '1 hour')
      and 5 > (select count(*) from join_codes
                where device_id = $2 and created_at > clock_timestamp() - interval '1 hour')
   returning expires_at`,
);

/** Null when the phone or the device had its share. Both must be locked. */
export async function insertJoinCode(tx: Tx, code: NewJoinCode): Promise<Date | null> {
  const { id, deviceId, phoneMark, phoneSealed, codeMark } = code;
  const [row] = await tx.run(insertCode, [id, deviceId, phoneMark, phoneSealed, codeMark]);
  return row === undefined ? null : new Date(row.expires_at);
}

export interface JoinCode {
  readonly phoneMark: string;
  readonly phoneSealed: string;
  readonly codeMark: string;
  readonly tries: number;
  readonly live: boolean;
}

/** The code, which nobody else guesses at until the transaction ends; only for its own device. */
export async function lockJoinCode(tx: Tx, id: string, deviceId: string): Promise<JoinCode | null> {
  const [row] = await tx.query
    .select({
      deviceId: joinCodes.deviceId,
      phoneMark: joinCodes.phoneMark,
      phoneSealed: joinCodes.phoneSealed,
      codeMark: joinCodes.codeMark,
      tries: joinCodes.tries,
      live: sql<boolean>`${joinCodes.usedAt} is null and ${joinCodes.expiresAt} > clock_timestamp()`,
    })
    .from(joinCodes)
    .where(eq(joinCodes.id, id))
    .for('update');
  return row === undefined || row.deviceId !== deviceId ? null : row;
}

const sealedPhone = statement<{ phone_sealed: string }>(
  'members.sealed_phone',
  `select phone_sealed from join_codes
    where id = $1 and device_id = $2 and used_at is null and expires_at > clock_timestamp()`,
);

/** The phone of a code that is on its way from that device. */
export async function findSealedPhone(
  db: Db,
  id: string,
  deviceId: string,
): Promise<string | null> {
  const [row] = await db.run(sealedPhone, [id, deviceId]);
  return row?.phone_sealed ?? null;
}

const countWrong = statement<{ tries: number }>(
  'members.count_wrong',
  'update join_codes set tries = tries + 1 where id = $1 returning tries',
);

export async function countWrongGuess(tx: Tx, id: string): Promise<void> {
  only(await tx.run(countWrong, [id]));
}

const useCode = statement<{ id: string }>(
  'members.use_code',
  `update join_codes set used_at = clock_timestamp()
    where id = $1 and used_at is null returning id`,
);

/** A code joins once. */
export async function useJoinCode(tx: Tx, id: string): Promise<void> {
  only(await tx.run(useCode, [id]));
}

const forgetCodes = rareStatement<{ id: string }>(
  `delete from join_codes where created_at < clock_timestamp() - interval '1 day' returning id`,
);

/** Deletes codes that count for no limit any more; gives how many. */
export async function forgetOldCodes(tx: Tx): Promise<number> {
  return (await tx.run(forgetCodes, [])).length;
}
