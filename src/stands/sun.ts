import { aesCbcDecrypt, aesCmac } from '../platform/aes-cmac.ts';
import { equalInConstantTime, toHex } from '../platform/bytes.ts';
import { fromHex } from '../smarttap/index.ts';
import type { TagKeys } from './model.ts';
import { macVector, type PiccData, readPiccData, toldMac } from './sun-rules.ts';

/** What a tag mirrors into its address, as hexadecimal digits of either case. */
export interface SunMessage {
  /** 32 digits. */
  readonly picc: string;
  /** 16 digits. */
  readonly mac: string;
  /** What the MAC covers besides; on the stands that we set up, nothing. */
  readonly covered?: Uint8Array;
}

export interface OpenedSun extends PiccData {
  readonly macIsRight: boolean;
}

const PICC_DIGITS = /^[0-9A-Fa-f]{32}$/;
const MAC_DIGITS = /^[0-9A-Fa-f]{16}$/;
const KEY_DIGITS = /^[0-9A-Fa-f]{32}$/;

/** Opens a message of a tag; null when it is not one that these keys could have made. */
export function openSun(keys: TagKeys, message: SunMessage): OpenedSun | null {
  const { picc, mac, covered = new Uint8Array() } = message;
  if (!PICC_DIGITS.test(picc) || !MAC_DIGITS.test(mac)) return null;
  const data = readPiccData(aesCbcDecrypt(keyOf(keys.meta), fromHex(picc, 'picc')));
  if (data === null) return null;
  const readingKey = aesCmac(keyOf(keys.file), macVector(data));
  const expected = toHex(toldMac(aesCmac(readingKey, covered)));
  return { ...data, macIsRight: equalInConstantTime(expected, mac.toLowerCase()) };
}

function keyOf(digits: string): Uint8Array {
  if (!KEY_DIGITS.test(digits)) throw new RangeError('a key of a tag has 32 hexadecimal digits');
  return fromHex(digits, 'key');
}
