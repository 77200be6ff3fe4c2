import { z } from '@hono/zod-openapi';
import { ClassShape, CouponShape } from '../coupons/schemas.ts';
import { idOf, instant, resourceId } from '../http/schemas.ts';
import { GIVING_REFUSALS, LINK_REFUSALS, LINK_STATUSES } from './model.ts';
import type { TransferOffer } from './read.ts';

/** How long a link is good when the giver does not say. */
export const DEFAULT_HOURS = 72;

export const TransferInput = z
  .strictObject({
    expiresAfterHours: z.number().int().min(1).max(720).default(DEFAULT_HOURS),
  })
  .openapi('NewTransfer');

/** 32 random bytes in base64url. */
export const transferToken = z
  .string()
  .regex(/^[A-Za-z0-9_-]{43}$/)
  .openapi({ example: 'q3ZJc0m1vT8dX2yHn5wKb7RfLe4uAs6PgOi9tCjMxQk' });

const once = 'Null in the answer to a retry under the same Idempotency-Key.';

export const TransferShape = z
  .object({
    id: idOf('trf'),
    couponId: idOf('cpn'),
    token: transferToken.nullable().openapi({ description: once }),
    url: z
      .string()
      .nullable()
      .openapi({ description: `What the giver sends on. ${once}` }),
    expiresAt: instant,
  })
  .openapi('Transfer');

export const AcceptanceInput = z
  .strictObject({ walletId: idOf('wal') })
  .openapi('NewTransferAcceptance');

export const Acceptance = z
  .object({ id: idOf('trf'), coupon: CouponShape })
  .openapi('TransferAcceptance');

export const OfferShape = z
  .object({
    id: idOf('trf'),
    status: z.enum(LINK_STATUSES),
    acceptable: z.boolean(),
    refusal: z.enum([...LINK_REFUSALS, ...GIVING_REFUSALS]).nullable(),
    expiresAt: instant,
    coupon: z.object({
      classId: resourceId,
      issuerId: z.string(),
      name: ClassShape.shape.name,
      description: ClassShape.shape.description,
      availableAt: instant,
      expiresAt: instant,
    }),
  })
  .openapi('TransferOffer');

export function shownOffer({ id, status, refusal, expiresAt, coupon }: TransferOffer) {
  return {
    id,
    status,
    acceptable: refusal === null,
    refusal,
    expiresAt: expiresAt.toISOString(),
    coupon: {
      ...coupon,
      availableAt: coupon.availableAt.toISOString(),
      expiresAt: coupon.expiresAt.toISOString(),
    },
  };
}
