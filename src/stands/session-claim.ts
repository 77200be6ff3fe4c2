import { actorOf, idempotencyScopeOf } from '../access/model.ts';
import type { ClaimDesk, Handed } from '../claims/desk.ts';
import type { Device, DeviceMember } from '../members/model.ts';
import type { Database } from '../platform/database.ts';
import { sha256Hex } from '../platform/hashes.ts';
import { newId } from '../platform/ids.ts';
import { tellTerminal } from '../terminals/event-store.ts';
import { type SessionVisit, visitSession } from './session.ts';
import type { SessionClaimRefusal, StandSession } from './session-model.ts';
import type { OfferState } from './session-offer-rules.ts';
import { callerOf, claimKey, readOffers } from './session-offers.ts';
import { beginClaiming, countClaiming, wasClaimTold } from './session-store.ts';
import { STAND_SESSIONS_A_MINUTE } from './touch-rules.ts';
import { lockStand } from './touch-store.ts';

const WAIT_MS = 5000;

export interface SessionClaimParts {
  readonly database: Database;
  readonly claimDesk: ClaimDesk;
}

export interface SessionClaim {
  /** The end of the session's address. */
  readonly token: string;
  readonly device: Device | null;
  readonly requestId: string;
}

export type SessionClaimOutcome =
  | {
      readonly ok: true;
      readonly status: 'issued' | 'pending';
      /** Whether it may be used at once. */
      readonly isUsable: boolean;
    }
  | { readonly ok: false; readonly refusal: SessionClaimRefusal };

/**
 * Claims a coupon on offer for the member whose session it is, by the same desk as any other claim.
 * However often it is asked in a session, that is one coupon of the class; what the rules would
 * refuse at once is not handed in, so that it may be asked again.
 */
export async function claimInSession(
  parts: SessionClaimParts,
  asked: SessionClaim,
  classId: string,
): Promise<SessionClaimOutcome> {
  const own = await ownSession(parts.database, asked);
  if ('refusal' in own) return own;
  const { offers } = await readOffers(parts.database.reads, own.visit, own.member);
  const offer = offers.find((some) => some.classId === classId);
  if (offer === undefined) return { ok: false, refusal: 'not-found' };
  if (!isToBeHandedIn(offer.state)) return { ok: false, refusal: offer.state };
  if (!(await mayClaimNow(parts.database, own.visit.session))) return TOO_MANY;
  return handIn(parts, asked, own, classId);
}

/** Claims all that is claimable; gives what became of the first that was refused, if one was. */
export async function claimAllInSession(
  parts: SessionClaimParts,
  asked: SessionClaim,
): Promise<SessionClaimOutcome> {
  const own = await ownSession(parts.database, asked);
  if ('refusal' in own) return own;
  const { offers } = await readOffers(parts.database.reads, own.visit, own.member);
  const claimable = offers.filter(({ state }) => state === 'claimable' || state === 'pending');
  if (claimable.length > 0 && !(await mayClaimNow(parts.database, own.visit.session))) {
    return TOO_MANY;
  }
  const outcomes = await Promise.all(
    claimable.map(({ classId }) => handIn(parts, asked, own, classId)),
  );
  const pending = outcomes.find((outcome) => outcome.ok && outcome.status === 'pending');
  const issued = { ok: true, status: 'issued', isUsable: false } as const;
  return outcomes.find(({ ok }) => !ok) ?? pending ?? issued;
}

const TOO_MANY = { ok: false, refusal: 'too-many-touches' } as const;

/**
 * Lets so many sessions of a stand begin to claim in a minute as it may open in one, so that those
 * that were gathered over a while do not all come at once.
 */
function mayClaimNow(
  database: Database,
  { issuerId, standId, tapId }: StandSession,
): Promise<boolean> {
  return database.transact(async (tx) => {
    await lockStand(tx, issuerId, standId);
    const { proof, isClaiming, claiming } = await countClaiming(tx, tapId);
    if (isClaiming) return true;
    if (claiming >= STAND_SESSIONS_A_MINUTE[proof]) return false;
    await beginClaiming(tx, tapId);
    return true;
  });
}

type HandedInState = Extract<OfferState, 'claimable' | 'pending' | 'claimed'>;

function isToBeHandedIn(state: OfferState): state is HandedInState {
  return state === 'claimable' || state === 'pending' || state === 'claimed';
}

interface OwnSession {
  readonly visit: SessionVisit;
  readonly member: DeviceMember;
}

async function ownSession(
  database: Database,
  { token, device }: SessionClaim,
): Promise<OwnSession | Extract<SessionClaimOutcome, { ok: false }>> {
  const visit = await visitSession(database, token, device);
  if (visit === null) return { ok: false, refusal: 'touch-unknown' };
  if (visit.standing !== 'own') return { ok: false, refusal: 'touch-over' };
  const member = device?.member ?? null;
  return member === null ? { ok: false, refusal: 'join-first' } : { visit, member };
}

async function handIn(
  { database, claimDesk }: SessionClaimParts,
  { requestId }: SessionClaim,
  { visit: { session }, member }: OwnSession,
  classId: string,
): Promise<SessionClaimOutcome> {
  const { tapId } = session;
  const caller = callerOf(member);
  const key = `${claimKey(tapId)}${classId}`;
  const handed = await claimDesk.submit(
    {
      id: newId('clm'),
      classId,
      walletId: member.walletId,
      tapId,
      actor: actorOf(caller),
      requestId,
      key: { scope: idempotencyScopeOf(caller), key, fingerprint: sha256Hex(key) },
    },
    WAIT_MS,
  );
  const outcome = outcomeOf(handed);
  if (outcome.ok && outcome.couponId !== null) {
    await tellClaimed(database, session, member.walletId, outcome.couponId);
  }
  return outcome;
}

type DeskOutcome =
  | Extract<SessionClaimOutcome, { ok: false }>
  | (Extract<SessionClaimOutcome, { ok: true }> & { readonly couponId: string | null });

/** A decision takes seconds at most; what is usable later is so by hours. */
const AT_ONCE_MS = 60_000;

function outcomeOf(handed: Handed): DeskOutcome {
  if (handed.kind === 'class-not-found') return { ok: false, refusal: 'not-found' };
  if (handed.kind === 'key-reused') throw new Error('a key of a session names one claim');
  const { outcome, createdAt } = handed.claim;
  switch (outcome.status) {
    case 'issued': {
      const { id: couponId, availableAt } = outcome.coupon;
      const isUsable = availableAt.getTime() - createdAt.getTime() < AT_ONCE_MS;
      return { ok: true, status: 'issued', isUsable, couponId };
    }
    case 'pending':
      return { ok: true, status: 'pending', isUsable: false, couponId: null };
    case 'refused':
      return { ok: false, refusal: outcome.refusal };
  }
}

/** Tells the till, also where an earlier request was answered before it could. */
function tellClaimed(
  database: Database,
  session: StandSession,
  walletId: string,
  couponId: string,
): Promise<void> {
  return database.transact(async (tx) => {
    const { tapId, issuerId, standId } = session;
    await lockStand(tx, issuerId, standId);
    if (await wasClaimTold(tx, tapId, couponId)) return;
    await tellTerminal(tx, session, { kind: 'claimed', tapId, walletId, detail: { couponId } });
  });
}
