import type { CodeMessage, CodeSender } from '../../src/members/code-sender.ts';
import { registerDevice } from '../../src/members/device.ts';
import { joinWithCode, requestJoinCode } from '../../src/members/join.ts';
import type { Device, DeviceMember } from '../../src/members/model.ts';
import type { Database } from '../../src/platform/database.ts';
import { SEALER } from './sealer.ts';

/** Keeps what was sent, as the phones would. */
export class SentCodes implements CodeSender {
  readonly messages: CodeMessage[] = [];
  fails = false;

  async send(message: CodeMessage): Promise<void> {
    if (this.fails) throw new Error('the gateway is away');
    this.messages.push(message);
  }

  last(): string {
    return this.messages.at(-1)?.code ?? '';
  }
}

let phones = 0;

/** A mobile number that no test had before. */
export function newPhone(): string {
  phones += 1;
  return `+86138${String(phones).padStart(8, '0')}`;
}

export async function newDevice(database: Database): Promise<Device> {
  return (await database.transact(registerDevice)).device;
}

/** Has a code sent to that phone. */
export async function sentCode(database: Database, device: Device, phone: string) {
  const codeSender = new SentCodes();
  const parts = { database, sealer: SEALER, codeSender };
  const outcome = await requestJoinCode(parts, { device, phone, locale: 'en' });
  if (!outcome.ok) throw new Error(outcome.refusal);
  return { codeId: outcome.codeId, code: codeSender.last() };
}

export interface Joined {
  readonly device: Device;
  readonly phone: string;
  readonly member: DeviceMember;
}

/** Somebody who joins by phone, on a device of the own. */
export async function joinByPhone(
  database: Database,
  { phone = newPhone(), displayName = null as string | null, device = null as Device | null } = {},
): Promise<Joined> {
  const known = device ?? (await newDevice(database));
  const code = await sentCode(database, known, phone);
  const typed = { ...code, deviceId: known.id, displayName };
  const outcome = await database.transact((tx) => joinWithCode(tx, SEALER, typed));
  if (!outcome.ok) throw new Error(outcome.refusal);
  return { device: known, phone, member: outcome.member };
}
