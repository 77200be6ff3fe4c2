import { z } from '@hono/zod-openapi';
import { type IdPrefix, idPattern } from '../platform/ids.ts';
import { problemCodes } from '../problems/registry.ts';

const INT64_MAX = 9_223_372_036_854_775_807n;
/** A hundred billion major units: beyond any bill, and sums of bills stay exact. */
export const MAX_MINOR = 10_000_000_000_000;

/**
 * A decimal int64 id, also when it came as a number; leading zeros are not canonical. Read before
 * it is checked, so that the schema stays a plain string for the reference, nullable or not.
 */
export const int64Id = z
  .preprocess(
    digitsOf,
    z
      .string()
      .regex(/^[1-9][0-9]{0,18}$/, 'must be a decimal int64 id')
      .refine(
        (text) => /^[0-9]+$/.test(text) && BigInt(text) <= INT64_MAX,
        'must be at most 2^63-1',
      ),
  )
  .openapi({ example: '1990' });

/** An integer as its digits; anything else as it came. */
export function digitsOf(value: unknown): unknown {
  return typeof value === 'bigint' || Number.isSafeInteger(value) ? String(value) : value;
}

/** RFC 3339 with an offset, to the millisecond, within years that every party can hold. */
export const instant = z.iso
  .datetime({ offset: true })
  .refine((text) => {
    const time = Date.parse(text);
    return time >= Date.UTC(2000, 0, 1) && time < Date.UTC(2200, 0, 1);
  }, 'must be a date between 2000 and 2200')
  .openapi({ example: '2026-11-21T09:00:00+08:00' });

export const minorAmount = z
  .number()
  .int()
  .min(0)
  .max(MAX_MINOR)
  .openapi({ description: 'Integer in the minor unit of the currency.', example: 500 });

export const currency = z
  .string()
  .regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code')
  .openapi({ example: 'CNY' });

export const resourceId = z
  .string()
  .regex(/^[1-9][0-9]{0,18}\.[A-Za-z0-9._-]{1,200}$/, 'must be issuerId.suffix')
  .openapi({ example: '1990.lunch-5-off' });

const EXAMPLE_TAIL = '01jd8q6y0v5f3t9n2k4c7h1mbx';

export function idOf(prefix: IdPrefix) {
  return z
    .string()
    .regex(idPattern(prefix), `must be an id ${prefix}_…`)
    .openapi({ example: `${prefix}_${EXAMPLE_TAIL}` });
}

export const displayText = (max: number) => z.string().min(1).max(max);

/** Query parameters of every list. */
export const listQuery = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(400).optional(),
};

export function page<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.enum(problemCodes as [string, ...string[]]),
    requestId: z.string(),
    errors: z.array(z.object({ pointer: z.string(), message: z.string() })).optional(),
    serverTime: z.string().optional(),
  })
  .openapi('Problem');
