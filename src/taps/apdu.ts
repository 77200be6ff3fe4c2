import { listTapKeys } from '../issuers/key-store.ts';
import { publicKeyPoint } from '../issuers/public-key.ts';
import { type Bytes, fromBase64Url, toBase64Url } from '../platform/bytes.ts';
import type { Tx } from '../platform/database.ts';
import { sha256Hex } from '../platform/hashes.ts';
import { errorFacts, type Log } from '../platform/log.ts';
import { sealerOf } from '../platform/sealing.ts';
import {
  handleCommand,
  openTap,
  type PassDecision,
  type PassRequest,
  type Primitives,
} from '../smarttap/index.ts';
import { loadTapFacts } from './facts-store.ts';
import { present } from './present.ts';
import {
  findPresented,
  insertTapSession,
  keepTapSession,
  lockTapSession,
  type TapSessionRow,
  tokenHashOf,
} from './session-store.ts';
import {
  couponOnAir,
  customerOnAir,
  evidenceOf,
  passOnAir,
  tapName,
  terminalOf,
  verticalsAsked,
} from './smart-tap.ts';
import { recordDecision, type TapResult } from './tap.ts';
import { readTapState, type TapState, writeTapState } from './tap-state.ts';

const TOKEN_BYTES = 32;
const PLACE = 'tap session';

export interface ApduPlace {
  readonly primitives: Primitives;
  readonly log: Log;
}

export interface ApduAnswer {
  readonly response: Bytes;
  /** The token of the tap's session, which its further commands bring along. */
  readonly session: string;
  readonly presentationId: string;
}

/**
 * Answers one command APDU that a phone relays. Without a session it begins a tap of what the wallet
 * shows. Null when that session is over, or never was one of this wallet.
 */
export async function exchangeApdu(
  tx: Tx,
  place: ApduPlace,
  walletId: string,
  session: string | null,
  apdu: Uint8Array,
): Promise<ApduAnswer | null> {
  if (session === null) return firstExchange(tx, place, walletId, apdu);
  const tokenSha256 = sha256Hex(session);
  const found = await lockTapSession(tx, tokenSha256, walletId);
  if (found === null) return null;
  const sealer = sealerOf(keyOf(session));
  const state = readTapState(await sealer.open(found.state, PLACE));
  const next = await answer(tx, place, found.presentationId, state, apdu);
  await keepTapSession(tx, tokenSha256, await sealer.seal(writeTapState(next.state), PLACE));
  return { response: next.response, session, presentationId: found.presentationId };
}

async function firstExchange(
  tx: Tx,
  place: ApduPlace,
  walletId: string,
  apdu: Uint8Array,
): Promise<ApduAnswer> {
  const session = toBase64Url(crypto.getRandomValues(new Uint8Array(TOKEN_BYTES)));
  const presentationId = (await findPresented(tx, walletId)) ?? (await presentHome(tx, walletId));
  const begun = { tap: openTap(place.primitives), decisions: 0, settled: null };
  const { state, response } = await answer(tx, place, presentationId, begun, apdu);
  const sealed = await sealerOf(keyOf(session)).seal(writeTapState(state), PLACE);
  const row: TapSessionRow = { presentationId, state: sealed };
  await insertTapSession(tx, sha256Hex(session), walletId, row);
  return { response, session, presentationId };
}

async function presentHome(tx: Tx, walletId: string): Promise<string> {
  const presented = await present(tx, walletId, { kind: 'home' });
  if (presented === null) throw new Error('the home screen needs no pass');
  return presented.id;
}

/** The token itself seals the state: whoever reads the table alone reads no key of a tap. */
function keyOf(session: string): Bytes {
  const key = fromBase64Url(session);
  if (key === null) throw new Error('a session token is base64url');
  return key;
}

interface Answered {
  readonly state: TapState;
  readonly response: Bytes;
}

async function answer(
  tx: Tx,
  { primitives, log }: ApduPlace,
  presentationId: string,
  before: TapState,
  apdu: Uint8Array,
): Promise<Answered> {
  let { decisions, settled } = before;
  let failed: unknown = null;
  const options = {
    primitives,
    collectorKey: (collectorId: number, version: number) => keyFor(tx, collectorId, version),
    decide: async (request: PassRequest) => {
      if (settled !== null) return settled;
      const decision = onAir(primitives, await decided(tx, presentationId, request, decisions));
      decisions += 1;
      if (decision.outcome === 'send' || decision.outcome === 'retry') settled = decision;
      return decision;
    },
    onFault: (fault: unknown) => {
      failed = fault;
    },
  };
  const { tap, response } = await handleCommand(options, before.tap, apdu);
  // A statement that failed has failed the transaction: nothing of this command is to be kept.
  if (failed !== null) {
    log.warn('an APDU could not be answered', errorFacts(failed));
    throw failed;
  }
  return { state: { tap, decisions, settled }, response: response as Bytes };
}

async function keyFor(tx: Tx, collectorId: number, version: number): Promise<Bytes | null> {
  const keys = await listTapKeys(tx, String(collectorId));
  const key = keys.find((known) => known.version === version);
  return key ? publicKeyPoint(key.spki) : null;
}

/** The decision of every tap, asked by a terminal that has proved who it is; null: nothing to ask. */
async function decided(
  tx: Tx,
  presentationId: string,
  request: PassRequest,
  turn: number,
): Promise<TapResult | null> {
  const tokenSha256 = await tokenHashOf(tx, presentationId);
  if (tokenSha256 === null) return null;
  const collectorId = String(request.collectorId);
  const terminal = terminalOf(request);
  const named = { collectorId, keyVersion: request.keyVersion, tokenSha256, terminalId: terminal };
  const facts = await loadTapFacts(tx, named);
  if (facts.key === null) return null;
  const compact = evidenceOf(request);
  const jti = tapName(toBase64Url(request.negotiation.handsetNonce), turn);
  const kid = `${collectorId}.${request.keyVersion}`;
  const types = verticalsAsked(request.serviceTypes);
  const asked = { payload: { collectorId, kid, jti, terminal, types }, compact };
  return recordDecision(tx, asked, { facts, key: facts.key });
}

function onAir(primitives: Primitives, result: TapResult | null): PassDecision {
  // Another tap had the presentation, or its time is over: the next tap shows the wallet anew.
  if (result?.ok === false && result.refusal === 'presentation-expired')
    return { outcome: 'retry' };
  if (result === null || !result.ok) return { outcome: 'none', customer: null };
  const { outcome, passes, coupons, walletRef } = result.answer;
  if (outcome === 'choose') return { outcome };
  const customer = customerOnAir(walletRef);
  const [first, ...others] = [
    ...passes.map((pass) => passOnAir(primitives, pass)),
    ...coupons.map((coupon) => couponOnAir(primitives, coupon)),
  ];
  if (first === undefined) return { outcome: 'none', customer };
  return { outcome: 'send', passes: [first, ...others], customer };
}
