import type { Caller } from '../access/model.ts';
import type { Db } from '../platform/database.ts';
import type { Order } from '../redemptions/model.ts';
import { quoteEach } from '../redemptions/quote-each.ts';
import type { TerminalName } from '../terminals/model.ts';
import { readHand } from './hand-store.ts';
import { type RankedOffer, rankOffers } from './offer-rules.ts';
import { placeFor } from './place.ts';

export type OffersOutcome =
  | { readonly ok: true; readonly offers: readonly RankedOffer[] }
  | { readonly ok: false; readonly refusal: 'not-found' | 'collector-not-found' };

/**
 * What a wallet could save on an order at a terminal, by the very decision that a redemption makes.
 * A wallet that is a stranger's to the issuer is not found.
 */
export async function offersFor(
  db: Db,
  caller: Caller,
  terminal: TerminalName,
  { walletId, order }: { readonly walletId: string; readonly order: Order },
): Promise<OffersOutcome> {
  const place = await placeFor(db, caller, terminal);
  const hand = place === null ? null : await readHand(db, terminal, walletId);
  if (hand === null) return { ok: false, refusal: 'not-found' };
  const { collectorId, isMember, wasHere, coupons } = hand;
  if (!isMember && !wasHere && coupons.length === 0) return { ok: false, refusal: 'not-found' };
  if (collectorId === null) return { ok: false, refusal: 'collector-not-found' };
  if (coupons.length === 0) return { ok: true, offers: [] };
  const { terminalId } = terminal;
  const codes = coupons.map(({ code }) => code);
  const quoted = await quoteEach(db, caller, {
    codes,
    collectorId,
    terminalId,
    scene: null,
    order,
  });
  if (quoted === null) return { ok: false, refusal: 'collector-not-found' };
  const byCode = new Map(quoted.map((quote) => [quote.code, quote]));
  const offers = coupons.flatMap((coupon) => {
    const quote = byCode.get(coupon.code);
    return quote === undefined ? [] : [{ ...coupon, ...quote }];
  });
  return { ok: true, offers: rankOffers(offers) };
}
