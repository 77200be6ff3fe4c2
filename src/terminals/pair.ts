import { actorOf, type Caller, mayActFor, type TillCaller } from '../access/model.ts';
import { audit } from '../audit/store.ts';
import type { Tx } from '../platform/database.ts';
import { sha256Hex } from '../platform/hashes.ts';
import { newId, newSecret, randomDigits } from '../platform/ids.ts';
import type { PairingCode, PairingRefusal, TerminalName } from './model.ts';
import {
  countGuessAsRight,
  countGuessAsWrong,
  lockForPairing,
  replaceCode,
  takePairingCode,
} from './pairing-store.ts';
import { insertTill } from './till-store.ts';

const CODE_DIGITS = 6;

export type PairingCodeOutcome =
  | ({ readonly ok: true } & PairingCode)
  | { readonly ok: false; readonly refusal: 'not-found' };

/** Makes the code with which the next browser is paired; the terminal's code before is none any more. */
export async function issuePairingCode(
  tx: Tx,
  caller: Caller,
  terminal: TerminalName,
): Promise<PairingCodeOutcome> {
  if (!mayActFor(caller, terminal.issuerId) || !(await lockForPairing(tx, terminal))) {
    return { ok: false, refusal: 'not-found' };
  }
  const code = await newCode(tx, terminal);
  await audit(tx, {
    actor: actorOf(caller),
    action: 'till.code',
    subject: `${terminal.issuerId}/${terminal.terminalId}`,
    outcome: 'created',
  });
  return { ok: true, ...code };
}

async function newCode(tx: Tx, terminal: TerminalName): Promise<PairingCode> {
  for (;;) {
    const code = await replaceCode(tx, terminal, randomDigits(CODE_DIGITS));
    // Another terminal has the same digits just now.
    if (code !== null) return code;
  }
}

export type PairingOutcome =
  | {
      readonly ok: true;
      readonly till: TillCaller;
      /** For the till's cookie; only its hash is stored. */
      readonly secret: string;
    }
  | { readonly ok: false; readonly refusal: PairingRefusal };

/**
 * Pairs a browser, once a code. A refusal must be committed like a success, because wrong guesses
 * are counted: whoever throws it inside of the transaction lets codes be tried without end.
 */
export async function pairTill(
  tx: Tx,
  { code }: { readonly code: string },
): Promise<PairingOutcome> {
  const minute = await countGuessAsWrong(tx);
  if (minute === null) return { ok: false, refusal: 'too-many-pairing-guesses' };
  const place = await takePairingCode(tx, code);
  if (place === null) return { ok: false, refusal: 'pairing-code-wrong' };
  await countGuessAsRight(tx, minute);
  const { issuerId, terminalId, storeId } = place;
  const secret = newSecret();
  const till: TillCaller = { kind: 'till', tillId: newId('till'), issuerId, storeId, terminalId };
  await insertTill(tx, { id: till.tillId, issuerId, terminalId, secretSha256: sha256Hex(secret) });
  const detail = { issuerId, terminalId };
  await audit(tx, {
    actor: actorOf(till),
    action: 'till.pair',
    subject: till.tillId,
    outcome: 'paired',
    detail,
  });
  return { ok: true, till, secret };
}
