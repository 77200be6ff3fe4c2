import { createCipheriv, randomBytes } from 'node:crypto';

/** The keys of an NTAG 424 DNA, as hexadecimal digits. */
export interface TagSecrets {
  readonly meta: string;
  readonly file: string;
}

/** A tag that signs its readings as an NTAG 424 DNA does, over OpenSSL and apart from our code. */
export class SigningTag {
  readonly keys: TagSecrets;
  readonly uid: string;
  counter = 0;

  constructor(keys: TagSecrets = newTagSecrets(), uid = `04${randomBytes(6).toString('hex')}`) {
    this.keys = keys;
    this.uid = uid;
  }

  /** What the next reading mirrors into the address; or the reading of a stated counter. */
  read(counter = this.counter + 1): { readonly picc: string; readonly mac: string } {
    this.counter = Math.max(this.counter, counter);
    const low = Buffer.alloc(4);
    low.writeUInt32LE(counter);
    const who = Buffer.concat([Buffer.from(this.uid, 'hex'), low.subarray(0, 3)]);
    const block = Buffer.concat([Buffer.from([0xc7]), who, randomBytes(5)]);
    const cipher = createCipheriv('aes-128-cbc', Buffer.from(this.keys.meta, 'hex'), ZEROS);
    const picc = cipher.setAutoPadding(false).update(block);
    const vector = Buffer.concat([Buffer.from('3cc300010080', 'hex'), who]);
    const mac = cmac(cmac(Buffer.from(this.keys.file, 'hex'), vector), Buffer.alloc(0));
    const told = Buffer.from(mac.filter((_, place) => place % 2 === 1));
    return { picc: picc.toString('hex').toUpperCase(), mac: told.toString('hex').toUpperCase() };
  }
}

export function newTagSecrets(): TagSecrets {
  const key = () => randomBytes(16).toString('hex');
  return { meta: key(), file: key() };
}

const ZEROS = Buffer.alloc(16);

/** RFC 4493, block by block. */
function cmac(key: Buffer, message: Buffer): Buffer {
  const encrypt = (block: Buffer) =>
    createCipheriv('aes-128-ecb', key, null).setAutoPadding(false).update(block);
  const first = doubled(encrypt(ZEROS));
  const whole = message.length > 0 && message.length % 16 === 0;
  const padded = whole ? message : Buffer.concat([message, Buffer.from([0x80]), ZEROS]);
  const length = whole ? message.length : 16 * Math.floor(message.length / 16 + 1);
  const blocks = Buffer.from(padded.subarray(0, length));
  const mask = whole ? first : doubled(first);
  for (let at = 0; at < 16; at++) blocks[length - 16 + at]! ^= mask[at]!;
  let chained = ZEROS;
  for (let at = 0; at < length; at += 16) {
    chained = encrypt(Buffer.from(chained.map((byte, place) => byte ^ blocks[at + place]!)));
  }
  return chained;
}

/** Times x in the field of CMAC. */
function doubled(block: Buffer): Buffer {
  const shifted = block.map((byte, at) => ((byte << 1) & 0xff) | ((block[at + 1] ?? 0) >> 7));
  if (block[0]! & 0x80) shifted[15]! ^= 0x87;
  return Buffer.from(shifted);
}
