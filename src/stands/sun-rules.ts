/**
 * The layout of what an NTAG 424 DNA says of itself in its address: Secure Unique NFC messages
 * (NXP AN12196). The tag mirrors encrypted PICC data and a truncated CMAC into its URL at each
 * reading.
 */
const UID_BYTES = 7;
const BLOCK_BYTES = 16;

/** The UID is there (bit 7), the counter is there (bit 6), and the UID has seven bytes. */
const PICC_TAG = 0xc7;
/** Names the key that signs a reading (AN12196, table 4). */
const MAC_VECTOR_HEAD = [0x3c, 0xc3, 0x00, 0x01, 0x00, 0x80];

/** Who the tag is and the how manieth reading this was. */
export interface PiccData {
  /** Fourteen hexadecimal digits, upper case. */
  readonly uid: string;
  readonly counter: number;
}

/** Reads decrypted PICC data; null when it was not made by a tag that is set up as ours. */
export function readPiccData(block: Uint8Array): PiccData | null {
  if (block.length !== BLOCK_BYTES || block[0] !== PICC_TAG) return null;
  const uid = Array.from(block.subarray(1, 1 + UID_BYTES), hexOf).join('');
  const [low = 0, middle = 0, high = 0] = block.subarray(1 + UID_BYTES);
  return { uid, counter: low + (middle << 8) + (high << 16) };
}

function hexOf(byte: number): string {
  return byte.toString(16).padStart(2, '0').toUpperCase();
}

/** What the key of one reading is made from (SV2): the same UID and counter, lowest byte first. */
export function macVector({ uid, counter }: PiccData): Uint8Array {
  const pairs = uid.match(/../g) ?? [];
  const ofUid = pairs.map((pair) => Number.parseInt(pair, 16));
  const ofCounter = [counter & 0xff, (counter >> 8) & 0xff, counter >> 16];
  return Uint8Array.from([...MAC_VECTOR_HEAD, ...ofUid, ...ofCounter]);
}

/** The half of a MAC that a tag tells: every second byte. */
export function toldMac(mac: Uint8Array): Uint8Array {
  return mac.filter((_, place) => place % 2 === 1);
}

/** How many wrong codes in a row a stand bears. */
export const MAX_FORGERIES = 20;

/** What a stand knows of its tag. */
export interface KnownTag {
  /** Null until its first message. */
  readonly uid: string | null;
  readonly counter: number | null;
}

export type SunVerdict =
  | { readonly kind: 'authentic' }
  | { readonly kind: 'replayed' }
  | {
      readonly kind: 'forged';
      /**
       * Whether it was a guess that could have come true. Only those count towards locking, so
       * that nobody locks a stand with rubbish, or with an address that was used.
       */
      readonly guessed: boolean;
    };

/** What a message is worth whose code was right or wrong. */
export function judgeSun(known: KnownTag, picc: PiccData, macIsRight: boolean): SunVerdict {
  const isOwn = known.uid === null || known.uid === picc.uid;
  const isNew = known.counter === null || picc.counter > known.counter;
  if (!macIsRight) return { kind: 'forged', guessed: isOwn && isNew };
  if (!isOwn) return { kind: 'forged', guessed: false };
  return isNew ? { kind: 'authentic' } : { kind: 'replayed' };
}
