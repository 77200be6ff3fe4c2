import { idempotencyScopeOf, type MemberCaller } from '../access/model.ts';
import { membershipAt } from '../members/become.ts';
import type { DeviceMember } from '../members/model.ts';
import type { Db } from '../platform/database.ts';
import type { SessionVisit } from './session.ts';
import type { CardFacts, OwnedCoupon } from './session-model.ts';
import { type Offer, offersAt } from './session-offer-rules.ts';
import { findOffering } from './session-offers-store.ts';
import { findCard, findUsableCoupons } from './session-wallet-store.ts';

export function callerOf({ memberId, walletId }: DeviceMember): MemberCaller {
  return { kind: 'member', memberId, walletId };
}

/** Under these keys a session hands claims in: one for each class, however often it is asked. */
export function claimKey(tapId: string): string {
  return `stand:${tapId}:`;
}

/** What a session shows, by the database's time. */
export interface OffersNow {
  readonly now: Date;
  readonly offers: readonly Offer[];
}

/**
 * What is on offer where a device touched. Whoever only looks at the session is shown what anybody
 * would get who touches now.
 */
export async function readOffers(
  db: Db,
  { session, standing }: SessionVisit,
  member: DeviceMember | null,
): Promise<OffersNow> {
  const { issuerId, tapId, storeId, tappedAt } = session;
  const isOwn = standing === 'own';
  const own = isOwn ? member : null;
  const scope = own === null ? null : idempotencyScopeOf(callerOf(own));
  const key = scope === null ? null : { scope, prefix: claimKey(tapId) };
  const offering = await findOffering(db, issuerId, own?.walletId ?? null, key);
  const { now } = offering;
  return { now, offers: offersAt(offering, { tappedAt: isOwn ? tappedAt : now, storeId }) };
}

/** What the member holds that counts at the stand. */
export interface Holding {
  readonly card: CardFacts | null;
  readonly owned: readonly OwnedCoupon[];
  readonly isMemberHere: boolean;
}

export async function readHolding(
  db: Db,
  { session }: SessionVisit,
  member: DeviceMember,
): Promise<Holding> {
  const { issuerId } = session;
  const [card, owned, membership] = await Promise.all([
    findCard(db, member, issuerId),
    findUsableCoupons(db, member.walletId, session),
    membershipAt(db, member.memberId, issuerId),
  ]);
  return { card, owned, isMemberHere: membership !== null };
}
