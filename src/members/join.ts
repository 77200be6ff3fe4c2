import type { Database, Db, Tx } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import type { Sealer } from '../platform/sealing.ts';
import type { Locale } from '../problems/model.ts';
import type { CodeSender } from './code-sender.ts';
import {
  countWrongGuess,
  findSealedPhone,
  insertJoinCode,
  type JoinCode,
  lockDevice,
  lockJoinCode,
  lockPhone,
  useJoinCode,
} from './join-code-store.ts';
import { type CodeRefusal, decideGuess, type JoinRefusal } from './join-rules.ts';
import { makeMember } from './make-member.ts';
import {
  findMemberByPhone,
  findMemberOfDevice,
  giveDevice,
  nameWallet,
  updatePhone,
} from './member-store.ts';
import type { Device, DeviceMember } from './model.ts';
import { parsePhone } from './phone-rules.ts';
import { codePhonePlace, codePlace, PHONE_MARK, phonePlace } from './places.ts';

export interface JoinParts {
  readonly database: Database;
  readonly sealer: Sealer | null;
  readonly codeSender: CodeSender | null;
}

export interface CodeRequest {
  readonly device: Device;
  /** As it was typed. */
  readonly phone: string;
  readonly locale: Locale;
}

export type CodeOutcome =
  | { readonly ok: true; readonly codeId: string; readonly expiresAt: Date }
  | { readonly ok: false; readonly refusal: CodeRefusal };

/**
 * Sends a one-time code to a phone number. What it answers is the same for a member's number as
 * for any other.
 */
export async function requestJoinCode(parts: JoinParts, asked: CodeRequest): Promise<CodeOutcome> {
  const { database, sealer, codeSender } = parts;
  if (sealer === null || codeSender === null) return refused('joining-not-enabled');
  const phone = parsePhone(asked.phone);
  if (phone === null) return refused('phone-invalid');
  const id = newId('jcd');
  const code = newCode();
  const row = {
    id,
    deviceId: asked.device.id,
    phoneMark: await sealer.mark(phone, PHONE_MARK),
    phoneSealed: await sealer.seal(phone, codePhonePlace(id)),
    codeMark: await sealer.mark(code, codePlace(id)),
  };
  const expiresAt = await database.transact(async (tx) => {
    if (!(await lockDevice(tx, row.deviceId))) return null;
    await lockPhone(tx, row.phoneMark);
    return insertJoinCode(tx, row);
  });
  if (expiresAt === null) return refused('too-many-codes');
  // After the commit: a code that was sent can be typed.
  const sent = await codeSender.send({ phone, code, locale: asked.locale }).then(
    () => true,
    () => false,
  );
  return sent ? { ok: true, codeId: id, expiresAt } : refused('code-not-sent');
}

function refused<Refusal>(refusal: Refusal): { readonly ok: false; readonly refusal: Refusal } {
  return { ok: false, refusal };
}

const CODES = 1_000_000;

/** Six digits, each number as likely as any other. */
function newCode(): string {
  const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
  // What is over the last whole million would make small numbers likelier.
  if (random >= 2 ** 32 - (2 ** 32 % CODES)) return newCode();
  return String(random % CODES).padStart(6, '0');
}

/** The number to which a device had that code sent; null for a code that is over or not its own. */
export async function phoneOfCode(
  db: Db,
  sealer: Sealer,
  deviceId: string,
  codeId: string,
): Promise<string | null> {
  const sealed = await findSealedPhone(db, codeId, deviceId);
  return sealed === null ? null : sealer.open(sealed, codePhonePlace(codeId));
}

export interface TypedCode {
  readonly deviceId: string;
  readonly codeId: string;
  readonly code: string;
  /** What a new member wants to be called; null leaves it as it is. */
  readonly displayName: string | null;
}

export type JoinOutcome =
  | {
      readonly ok: true;
      /** Whose device it is now. */
      readonly member: DeviceMember;
      readonly isNew: boolean;
      /** Another member, whose device it was: the caller makes the two one. */
      readonly former: DeviceMember | null;
    }
  | { readonly ok: false; readonly refusal: JoinRefusal };

/**
 * Makes the device that of the member with the proven phone number, who is new when nobody has it.
 * A device that has a member already proves a number of that member's. A wrong guess is a refusal
 * that must be committed, or it would not count.
 */
export async function joinWithCode(
  tx: Tx,
  sealer: Sealer,
  { deviceId, codeId, code, displayName }: TypedCode,
): Promise<JoinOutcome> {
  if (!(await lockDevice(tx, deviceId))) return refused('code-expired');
  const sent = await lockJoinCode(tx, codeId, deviceId);
  if (sent === null) return refused('code-expired');
  const matches = (await sealer.mark(code, codePlace(codeId))) === sent.codeMark;
  const decision = decideGuess({ live: sent.live, tries: sent.tries, matches });
  if (sent.live && !matches) await countWrongGuess(tx, codeId);
  if (decision !== 'right') return refused(decision);
  await useJoinCode(tx, codeId);
  await lockPhone(tx, sent.phoneMark);
  const known = await findMemberByPhone(tx, sent.phoneMark);
  const former = await findMemberOfDevice(tx, deviceId);
  const proven = { codeId, sent };
  const member = known ?? former ?? (await newMember(tx, sealer, proven, displayName));
  if (known === null && former !== null) await changePhone(tx, sealer, proven, former.memberId);
  await giveDevice(tx, deviceId, member.memberId);
  const name = await named(tx, member, displayName);
  const isOther = known !== null && former !== null && former.memberId !== known.memberId;
  return {
    ok: true,
    member: { ...member, displayName: name },
    isNew: known === null && former === null,
    former: isOther ? former : null,
  };
}

interface Proven {
  readonly codeId: string;
  readonly sent: JoinCode;
}

function newMember(tx: Tx, sealer: Sealer, proven: Proven, displayName: string | null) {
  const phoneFor = (memberId: string) => sealedFor(sealer, proven, memberId);
  return makeMember(tx, { displayName, joinedBy: 'phone', phoneFor });
}

async function changePhone(tx: Tx, sealer: Sealer, proven: Proven, memberId: string) {
  await updatePhone(tx, memberId, await sealedFor(sealer, proven, memberId));
}

/** The proven number, sealed anew for the member that has it. */
async function sealedFor(sealer: Sealer, { codeId, sent }: Proven, memberId: string) {
  const phone = await sealer.open(sent.phoneSealed, codePhonePlace(codeId));
  return { mark: sent.phoneMark, sealed: await sealer.seal(phone, phonePlace(memberId)) };
}

async function named(
  tx: Tx,
  { walletId, displayName }: DeviceMember,
  asked: string | null,
): Promise<string | null> {
  if (asked === null || asked === displayName) return displayName;
  await nameWallet(tx, walletId, asked);
  return asked;
}
