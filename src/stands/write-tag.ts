import { audit } from '../audit/store.ts';
import { toHex } from '../platform/bytes.ts';
import type { Db, Tx } from '../platform/database.ts';
import { sha256Hex } from '../platform/hashes.ts';
import { tellTerminal } from '../terminals/event-store.ts';
import type { StandState, WriteLinkRefusal } from './model.ts';
import { isInUse } from './stand-rules.ts';
import { lockStand } from './stand-store.ts';
import { tagContent } from './tag-rules.ts';
import { decideOpening, decideReporting, decideWatching } from './write-link-rules.ts';
import { findWriteLink, saveWritten, type WriteLink } from './write-link-store.ts';

/** What a phone writes, and for which till. */
export interface TagToWrite {
  readonly standName: string;
  readonly tillName: string;
  readonly issuerName: string;
  readonly url: string;
  /** The NDEF message as hexadecimal digits. */
  readonly ndef: string;
  readonly bytes: number;
  readonly fits: readonly string[];
  /** Whether a tag was written for the stand before. */
  readonly writtenBefore: boolean;
}

export type LinkOutcome<Value> =
  | ({ readonly ok: true } & Value)
  | { readonly ok: false; readonly refusal: WriteLinkRefusal };

/** What the holder of a link may write now. */
export async function readTagToWrite(
  db: Db,
  origin: string,
  token: string,
): Promise<LinkOutcome<{ readonly tag: TagToWrite }>> {
  const link = writable(await findWriteLink(db, sha256Hex(token)));
  const refusal = decideOpening(link);
  if (refusal !== null || link === null) {
    return { ok: false, refusal: refusal ?? 'write-link-unknown' };
  }
  const { standName, tillName, issuerName, state } = link;
  const { url, message, bytes, fits } = tagContent(origin, link.code, 'static');
  const names = { standName, tillName: tillName ?? '', issuerName };
  const writtenBefore = state !== 'blank';
  const ndef = toHex(message);
  return { ok: true, tag: { ...names, url, ndef, bytes, fits, writtenBefore } };
}

/** A stand that is locked or at no till any more is not written, whatever link there was. */
function writable(link: WriteLink | null): WriteLink | null {
  return link !== null && isInUse(link.state) && link.terminalId !== null ? link : null;
}

export interface WrittenTag {
  readonly serial: string | null;
  /** The NDEF message as the phone read it back, as hexadecimal digits. */
  readonly readBack: string;
}

export type ReportOutcome =
  | LinkOutcome<{ readonly state: StandState }>
  | { readonly ok: false; readonly refusal: 'tag-reads-otherwise' };

/** Takes note, once, that a phone wrote the tag of a stand and read it back; its till is told. */
export async function reportWritten(
  tx: Tx,
  origin: string,
  token: string,
  { serial, readBack }: WrittenTag,
): Promise<ReportOutcome> {
  const tokenSha256 = sha256Hex(token);
  const known = await findWriteLink(tx, tokenSha256);
  // What is decided on is read after the stand is locked: it may be moved just now.
  if (known !== null) await lockStand(tx, known.standId);
  const link = writable(await findWriteLink(tx, tokenSha256));
  // A phone that did not hear the answer says it again.
  if (link?.used && link.serial === serial) return { ok: true, state: link.state };
  const refusal = decideReporting(link);
  if (refusal !== null || link === null) {
    return { ok: false, refusal: refusal ?? 'write-link-unknown' };
  }
  const { message } = tagContent(origin, link.code, 'static');
  if (toHex(message) !== readBack) return { ok: false, refusal: 'tag-reads-otherwise' };
  await saveWritten(tx, tokenSha256, serial);
  await tellTill(tx, link);
  const { issuerId, terminalId, standId } = link;
  const entry = { actor: 'write-link', action: 'stand.write', subject: standId };
  await audit(tx, { ...entry, outcome: 'written', detail: { issuerId, terminalId, serial } });
  return { ok: true, state: 'written' };
}

async function tellTill(tx: Tx, { issuerId, terminalId, standId }: WriteLink): Promise<void> {
  if (terminalId === null) return;
  const detail = { standId, state: 'written' };
  const event = { kind: 'stand', tapId: null, walletId: null, detail } as const;
  await tellTerminal(tx, { issuerId, terminalId }, event);
}

/** What became of the stand whose tag the holder of a link writes. */
export async function readWrittenState(
  db: Db,
  token: string,
): Promise<LinkOutcome<{ readonly state: StandState }>> {
  const link = await findWriteLink(db, sha256Hex(token));
  const refusal = decideWatching(link);
  if (refusal !== null || link === null) {
    return { ok: false, refusal: refusal ?? 'write-link-unknown' };
  }
  return { ok: true, state: link.state };
}
