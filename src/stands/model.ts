/** What kind of tag a stand has: a plain one, or one that signs each of its readings. */
export const STAND_TAGS = ['static', 'ntag424'] as const;

export type StandTag = (typeof STAND_TAGS)[number];

export const STAND_STATES = [
  /** Nothing was written on its tag, as far as we know. */
  'blank',
  /** Its tag was written. */
  'written',
  /** And somebody has touched it since. */
  'verified',
  /** Too many forged messages came in its name; an operator puts it back into use. */
  'locked',
  'retired',
] as const;

export type StandState = (typeof STAND_STATES)[number];

/** The tag at a till. */
export interface Stand {
  readonly id: string;
  readonly issuerId: string;
  /** What the tag's address ends with. */
  readonly code: string;
  /** Null while it stands at no till. */
  readonly terminalId: string | null;
  readonly name: string;
  readonly tag: StandTag;
  readonly state: StandState;
  /** The serial number that a writing phone read from the tag. */
  readonly serial: string | null;
  readonly writtenAt: Date | null;
  readonly verifiedAt: Date | null;
  readonly createdAt: Date;
}

/** A stand that is in use at a till. */
export interface StandAtTill {
  readonly id: string;
  readonly issuerId: string;
  readonly terminalId: string;
  readonly storeId: string;
  readonly name: string;
  readonly state: StandState;
}

/** What speaks for a touch: an authentic tag, a plain one, or a printed code. */
export type TouchProof = 'sun' | 'static' | 'qr';

/** Why a touch is none, most basic reason first. */
export const TOUCH_REFUSALS = [
  'stand-unknown',
  'stand-not-set-up',
  'tag-forged',
  'tag-replayed',
] as const;

export type TouchRefusal = (typeof TOUCH_REFUSALS)[number];

/** Why a stand is not made or not changed. */
export const STAND_REFUSALS = ['not-found', 'already-exists', 'tag-keys-not-enabled'] as const;

export type StandRefusal = (typeof STAND_REFUSALS)[number];

/** Why a stand gets no link with which its tag is written, in order of precedence. */
export const WRITING_REFUSALS = [
  'stand-not-in-use',
  'stand-at-no-till',
  'tag-needs-encoder',
] as const;

export type WritingRefusal = (typeof WRITING_REFUSALS)[number];

/** Why a link writes nothing. */
export const WRITE_LINK_REFUSALS = [
  'write-link-unknown',
  'write-link-used',
  'write-link-expired',
] as const;

export type WriteLinkRefusal = (typeof WRITE_LINK_REFUSALS)[number];

/** The two keys of an NTAG 424 DNA that its messages are made with, as hexadecimal digits. */
export interface TagKeys {
  /** Encrypts who the tag is and how often it was read. */
  readonly meta: string;
  /** Signs each reading. */
  readonly file: string;
}
