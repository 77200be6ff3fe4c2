import { z } from '@hono/zod-openapi';
import { CLAIM_REFUSALS } from '../claims/model.ts';
import type { AppContext } from '../http/env.ts';
import { idOf, instant, resourceId } from '../http/schemas.ts';
import { answer, refusal } from '../http/write.ts';
import type { StoredAnswer } from '../idempotency/model.ts';
import type { BulkOutcome } from './create.ts';
import { BULK_STATUSES, type BulkIssue, type RefusedItem, type WalletQuery } from './model.ts';

const QueryShape = z
  .strictObject({
    passClass: resourceId
      .optional()
      .openapi({ description: 'Holds an active pass of this class.', example: '1990.member' }),
    plus: z.literal(true).optional().openapi({ description: 'Is a PLUS member.' }),
    holdsCouponOf: resourceId
      .optional()
      .openapi({ description: 'Holds a usable coupon of this class.' }),
    createdBefore: instant.optional(),
  })
  .openapi({ description: 'All that is said must hold; nothing said means every wallet.' });

export const BulkInput = z.strictObject({ query: QueryShape });

export function walletQuery({ query }: z.infer<typeof BulkInput>): WalletQuery {
  const { passClass = null, plus = false, holdsCouponOf = null, createdBefore } = query;
  return {
    passClass,
    plus,
    holdsCouponOf,
    createdBefore: createdBefore === undefined ? null : new Date(createdBefore),
  };
}

/** The list of wallets as a file; csv-routes.ts reads it. */
export const WalletList = z.string().openapi({
  description:
    'RFC 4180, UTF-8, one column under the header `walletId` or `externalId`. A wrong line refuses the whole and is named in `errors` as `/lines/<number>`.',
  example: 'walletId\r\nwal_01jd8q6y0v5f3t9n2k4c7h1mbx\r\n',
});

const count = z.number().int().min(0);

export const BulkIssueShape = z
  .object({
    id: idOf('blk'),
    classId: resourceId,
    status: z.enum(BULK_STATUSES),
    total: count.openapi({ description: 'How many wallets, each counted once.' }),
    issued: count,
    refused: count,
    createdAt: instant,
    finishedAt: instant.nullable().openapi({
      description: 'When all that was handed in was decided; a cancelled job may wait for it.',
    }),
  })
  .openapi('BulkIssue');

export function shownIssue(issue: BulkIssue) {
  const { id, classId, status, total, issued, refused, createdAt, finishedAt } = issue;
  return {
    id,
    classId,
    status,
    total,
    issued,
    refused,
    createdAt: createdAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
  };
}

/** @throws ProblemError `not-found` */
export function bulkAnswer(c: AppContext, outcome: BulkOutcome): StoredAnswer {
  if (!outcome.ok) return refusal(c, outcome.refusal);
  const { issue } = outcome;
  return answer(202, shownIssue(issue), { Location: `/v1/bulk-issues/${issue.id}` });
}

export const RefusedItemShape = z
  .object({
    walletId: idOf('wal').nullable().openapi({ description: 'Null where no wallet is known.' }),
    externalId: z
      .string()
      .nullable()
      .openapi({ description: 'Told to the keeper of the wallet alone.' }),
    claimId: idOf('clm').nullable(),
    reason: z.enum(CLAIM_REFUSALS),
  })
  .openapi('BulkIssueRefusal');

export function shownRefusal({ position: _, ...item }: RefusedItem) {
  return item;
}
