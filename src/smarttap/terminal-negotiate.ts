import { SmartTapError } from './error.ts';
import type { KeyPair } from './primitives.ts';
import { decodeNrs, encodeNgr, NONCE_BYTES, VERSION } from './records/negotiate.ts';
import type { Ses } from './records/session.ts';
import { deriveSessionKeys, type SessionKeys } from './session-keys.ts';
import { type Negotiation, preSigned, signNegotiation } from './signature.ts';
import { SW } from './status-words.ts';
import type { Link } from './terminal-link.ts';
import type { TerminalKey, TerminalSettings } from './terminal-options.ts';
import { type Ended, endedBy, isSuccess, type TerminalSession } from './terminal-result.ts';
import type { Selected } from './terminal-select.ts';
import { SESSION_ID_BYTES, Sequence } from './terminal-sequence.ts';

/** What a terminal brings to one tap, whichever of its keys the handset knows. */
interface Opening {
  readonly sessionId: Uint8Array;
  readonly keyPair: KeyPair;
  readonly negotiation: Negotiation;
}

/** A session that the handset has accepted. */
export interface Negotiated {
  readonly ok: true;
  readonly session: TerminalSession;
  readonly sequence: Sequence;
  /** With which the handset may have sealed: one pair, of a pre-signed session two. */
  readonly keys: readonly SessionKeys[];
}

/** NEGOTIATE with one key after the other, until the handset knows one (protocol §9.3). */
export async function negotiate(
  terminal: TerminalSettings,
  link: Link,
  { handsetNonce }: Selected,
): Promise<Negotiated | Ended> {
  const opening = open(terminal, handsetNonce);
  const [first, ...others] = terminal.keys;
  let outcome = await offer(terminal, link, opening, first);
  for (const key of others) {
    if (outcome.ok || outcome.result.statusWord !== SW.authenticationFailed) break;
    outcome = await offer(terminal, link, opening, key);
  }
  return outcome;
}

function open({ primitives, collectorId }: TerminalSettings, handsetNonce: Uint8Array): Opening {
  const sessionId = primitives.randomBytes(SESSION_ID_BYTES);
  const terminalNonce = primitives.randomBytes(NONCE_BYTES);
  const keyPair = primitives.generateKeyPair();
  const terminalPublicKey = keyPair.publicKey;
  const negotiation = { terminalNonce, handsetNonce, collectorId, terminalPublicKey };
  return { sessionId, keyPair, negotiation };
}

async function offer(
  terminal: TerminalSettings,
  link: Link,
  opening: Opening,
  key: TerminalKey,
): Promise<Negotiated | Ended> {
  const { primitives, commandStream, live } = terminal;
  const { negotiation } = opening;
  const sequence = new Sequence(commandStream, opening.sessionId);
  const signature = signNegotiation(primitives, key.privateKey, negotiation, live);
  const { data, sw } = await link.ask(() => ({
    name: 'negotiate',
    message: message(terminal, sequence.ses(), negotiation, key.version, signature),
  }));
  if (!isSuccess(sw)) return endedBy(sw);
  const { ses, dpk } = decodeNrs(data);
  sequence.heard(ses);
  const authentication = live && sw !== SW.okPreSigned ? 'live' : 'pre-signed';
  return {
    ok: true,
    session: { keyVersion: key.version, signed: live ? 'live' : 'pre-signed', authentication },
    sequence,
    keys: keysOf(terminal, opening, signature, dpk),
  };
}

function message(
  { live }: TerminalSettings,
  ses: Ses,
  { terminalNonce, terminalPublicKey, collectorId }: Negotiation,
  keyVersion: number,
  sig: Uint8Array,
): Uint8Array {
  const cpr = { terminalNonce, live, terminalPublicKey, keyVersion, sig, cld: collectorId };
  return encodeNgr({ version: VERSION, ses, cpr });
}

function keysOf(
  { primitives, live }: TerminalSettings,
  { keyPair, negotiation }: Opening,
  signature: Uint8Array,
  dpk: Uint8Array,
): SessionKeys[] {
  const secret = primitives.sharedSecret(keyPair.privateKey, dpk);
  if (secret === null) throw new SmartTapError('bad-key', 'nrs/dpk', 'is no point of P-256');
  // Pre-signed, it is open whose nonce the keys hang on: take either (protocol §13, point 8).
  const possible = live ? [negotiation] : [negotiation, preSigned(negotiation)];
  return possible.map((one) =>
    deriveSessionKeys(primitives, secret, {
      negotiation: one,
      signature,
      handsetPublicKey: dpk,
    }),
  );
}
