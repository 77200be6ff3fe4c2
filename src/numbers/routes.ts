import { createRoute, z } from '@hono/zod-openapi';
import { callerWith } from '../http/authentication.ts';
import { jsonContent, problemResponses } from '../http/documentation.ts';
import { newRouter, type Router } from '../http/router.ts';
import { instant, minorAmount, resourceId } from '../http/schemas.ts';
import type { Service } from '../http/service.ts';
import { invalidInput, ProblemError } from '../problems/answer.ts';
import type { Division, Numbers } from './model.ts';
import { type PartNumbers, readNumbers } from './read.ts';

/** More would be an answer of megabytes. */
const MOST_ITEMS = 10_000;

const count = z.number().int();
const minor = count.openapi({ description: minorAmount.description ?? '', example: 412_300 });

const numbers = {
  claimed: count,
  redeemed: count.openapi({ description: 'Redemptions less the reversals.' }),
  reversed: count,
  cloned: count.openapi({ description: 'Clones less those that a reversal took back.' }),
  expired: count,
  voided: count,
  transferred: count,
  refused: z.record(z.string(), count).openapi({
    description: 'How often each code was the reason of a refusal.',
    example: { 'sold-out': 3 },
  }),
  orderTotalMinor: minor.openapi({ description: 'Of redeemed orders, less reversed ones.' }),
  discountMinor: minor.openapi({ description: 'Given, less what reversals gave back.' }),
};

const NumbersShape = z.object(numbers).openapi('CouponNumbers');
const PartShape = z
  .object({
    hour: instant.optional().openapi({ description: 'The beginning of the UTC hour.' }),
    day: z.string().optional().openapi({ description: "In the class's time zone." }),
    storeId: z.string().nullable().optional().openapi({ description: 'Null: no store is known.' }),
    redemptionIssuerId: z.string().nullable().optional(),
    ...numbers,
  })
  .openapi('CouponNumbersOfPart');

const DIVISIONS = ['total', 'hour', 'day', 'store', 'redemptionIssuer'] as const;

const get = createRoute({
  method: 'get',
  path: '/v1/coupon-classes/{id}/numbers',
  operationId: 'getCouponNumbers',
  tags: ['Coupon classes'],
  summary: 'Read what happened to the coupons of a class',
  description:
    'Counted from the audit, and current with everything that is committed. What was reversed is taken off in the hour of the reversal, so that an hour can be below zero and the hours still sum to the total.',
  request: {
    params: z.object({ id: resourceId }),
    query: z.object({
      from: instant.optional().openapi({ description: 'From the UTC hour that this lies in.' }),
      to: instant
        .optional()
        .openapi({ description: 'Without UTC hours that begin then or later.' }),
      by: z.enum(DIVISIONS).default('total').openapi({
        description:
          "What the items tell apart; with `total` there is one. A `day` is of the class's time zone, where an hour counts for the day that it begins on.",
      }),
    }),
  },
  responses: {
    200: jsonContent('The numbers.', z.object({ items: z.array(PartShape), total: NumbersShape })),
    ...problemResponses('not-found'),
  },
});

export function numbersRoutes({ database: { reads } }: Service): Router {
  const router = newRouter();
  router.openapi(get, async (c) => {
    const caller = callerWith(c, 'coupon-classes:read');
    const { by, from, to } = c.req.valid('query');
    const range = { from: dateOrNull(from), to: dateOrNull(to) };
    const found = await readNumbers(reads, caller, c.req.valid('param').id, by, range);
    if (found === null) throw new ProblemError('not-found');
    const { parts, total } = found;
    if (parts.length > MOST_ITEMS) {
      throw invalidInput('/query/from', `there are more than ${MOST_ITEMS} items: ask for less`);
    }
    const items = by === 'total' ? [shown(total)] : parts.map(shownPart(by));
    return c.json({ items, total: shown(total) }, 200);
  });
  return router;
}

function dateOrNull(text: string | undefined): Date | null {
  return text === undefined ? null : new Date(text);
}

function shown({ refused, ...rest }: Numbers) {
  return { ...rest, refused: { ...refused } };
}

function shownPart(by: Exclude<Division, 'total'>) {
  return ({ part, ...rest }: PartNumbers) => ({ ...named(by, part), ...shown(rest) });
}

function named(by: Exclude<Division, 'total'>, part: string) {
  switch (by) {
    case 'hour':
      return { hour: part };
    case 'day':
      return { day: part };
    case 'store':
      return { storeId: part || null };
    case 'redemptionIssuer':
      return { redemptionIssuerId: part || null };
  }
}
