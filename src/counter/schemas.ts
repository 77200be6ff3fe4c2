import { z } from '@hono/zod-openapi';
import type { LocalizedText } from '../coupons/model.ts';
import { currency } from '../coupons/schemas.ts';
import { idOf, instant, minorAmount } from '../http/schemas.ts';
import type { Locale } from '../problems/model.ts';
import { problems } from '../problems/registry.ts';
import { REDEMPTION_REFUSALS } from '../redemptions/model.ts';
import { OrderShape } from '../redemptions/schemas.ts';
import { TERMINAL_EVENT_KINDS } from '../terminals/model.ts';
import { localId } from '../terminals/schemas.ts';
import type { Offer } from './model.ts';
import type { RankedOffer } from './offer-rules.ts';

export const VisitorNameShape = z
  .object({
    walletId: idOf('wal'),
    name: z.string().nullable().openapi({ description: 'Null for one who has not joined here.' }),
    number: z.string().nullable(),
    tier: z.string().nullable(),
    isMember: z.boolean(),
    usableCoupons: z.number().int().openapi({ description: 'Here and now, whatever the bill.' }),
  })
  .openapi('VisitorName');

export const CounterEventShape = z
  .object({
    number: z.number().int().openapi({ description: '1, 2, 3, … for each terminal.' }),
    kind: z.enum(TERMINAL_EVENT_KINDS),
    at: instant,
    tapId: idOf('tap').nullable(),
    proof: z.enum(['signed', 'sun', 'static', 'qr']).nullable(),
    visitor: VisitorNameShape.nullable().openapi({
      description: 'Null for a phone that is nobody’s yet.',
    }),
    detail: z.record(z.string(), z.unknown()),
  })
  .openapi('CounterEvent');

export const VisitorShape = VisitorNameShape.extend({
  tapId: idOf('tap').nullable(),
  cards: z.array(
    z.object({
      objectId: z.string(),
      type: z.string(),
      program: z.string(),
      number: z.string().nullable(),
      tier: z.string().nullable(),
      points: z.string().nullable(),
      balance: z.object({ amountMinor: z.number().int(), currency: z.string() }).nullable(),
    }),
  ),
  lastVisit: instant.nullable(),
}).openapi('Visitor');

export const Preflight = z
  .object({
    checks: z.array(
      z.object({
        name: z.enum(['terminal', 'stand', 'collector', 'key', 'membership']),
        ok: z.boolean(),
      }),
    ),
  })
  .openapi('Preflight');

export const TillFaceShape = z
  .object({
    tillId: idOf('till'),
    issuerId: z.string(),
    issuerName: z.string(),
    storeId: localId,
    storeName: z.string(),
    terminalId: localId,
    terminalName: z.string(),
    collectorId: z.string().nullable(),
    listening: z.boolean(),
    currency: z.string().nullable(),
  })
  .openapi('TillFace');

export const OffersInput = z.strictObject({ walletId: idOf('wal'), order: OrderShape });

const coupon = {
  couponId: idOf('cpn'),
  code: z.string(),
  classId: z.string(),
  name: z.string(),
  expiresAt: instant.nullable(),
};

export const Offers = z
  .object({
    offers: z.array(
      z.union([
        z.object({
          ...coupon,
          usable: z.literal(true),
          discountMinor: minorAmount,
          payableMinor: minorAmount,
          best: z.boolean(),
        }),
        z.object({
          ...coupon,
          usable: z.literal(false),
          refusal: z.object({
            code: z.enum(REDEMPTION_REFUSALS),
            title: z.string(),
            detail: z.string(),
          }),
          missingMinor: minorAmount.nullable(),
        }),
      ]),
    ),
  })
  .openapi('Offers');

export const LookupInput = z.strictObject({ query: z.string().min(1).max(200) });

export const Lookup = z
  .object({
    visitors: z.array(VisitorNameShape),
    coupon: z.object({ code: z.string(), walletId: idOf('wal'), name: z.string() }).nullable(),
  })
  .openapi('Lookup');

const who = { language: z.enum(['en', 'zh-CN']), walletId: idOf('wal').optional() };
const sums = {
  currency,
  totalMinor: minorAmount,
  discountMinor: minorAmount,
  payableMinor: minorAmount,
};

export const Display = z
  .discriminatedUnion('state', [
    z.strictObject({ state: z.literal('idle'), ...who }),
    z.strictObject({ state: z.literal('recognised'), ...who }),
    z.strictObject({ state: z.enum(['saving', 'paying', 'done']), ...who, ...sums }),
  ])
  .openapi('DisplayState');

/** In the caller's language where the merchant wrote it, or else in the other. */
export function textIn(text: LocalizedText, locale: Locale): string {
  if (typeof text === 'string') return text;
  return text[locale] ?? text['zh-CN'] ?? text.en ?? '';
}

export function shownOffer(offer: RankedOffer, locale: Locale): Offer {
  const { couponId, code, classId, name, expiresAt, decision, missingMinor, best } = offer;
  const shown = { couponId, code, classId, name: textIn(name, locale) };
  const ends = { ...shown, expiresAt: expiresAt.toISOString() };
  if (decision.ok) {
    const { discountMinor, payableMinor } = decision.amounts;
    return { ...ends, usable: true, discountMinor, payableMinor, best };
  }
  const { title, detail } = problems[decision.refusal];
  const refusal = { code: decision.refusal, title: title[locale], detail: detail[locale] };
  return { ...ends, usable: false, refusal, missingMinor };
}
