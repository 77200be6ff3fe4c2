import { createRoute, z } from '@hono/zod-openapi';
import { callerWith } from '../http/authentication.ts';
import { jsonContent, problemResponses } from '../http/documentation.ts';
import { cursorOf, pageOf, pageRequest } from '../http/paging.ts';
import { newRouter, type Router } from '../http/router.ts';
import { displayText, instant, listQuery, page } from '../http/schemas.ts';
import type { Service } from '../http/service.ts';
import { invalidInput } from '../problems/answer.ts';
import { readEntries, readHead } from './read.ts';

const sha256 = z.string().openapi({
  description: 'SHA-256 in lower-case hexadecimal.',
  example: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
});
const position = z
  .number()
  .int()
  .openapi({ description: 'Its place in the chain.', example: 4711 });

const HeadShape = z
  .object({
    position,
    hash: sha256,
    publishedAt: instant.nullable().openapi({ description: 'Null before the first.' }),
    unsealed: z
      .number()
      .int()
      .openapi({ description: 'Entries that no seal covers yet.', example: 3 }),
  })
  .openapi('AuditHead');

const EntryShape = z
  .object({
    seq: z.number().int().openapi({ description: 'The number of the entry.', example: 4718 }),
    at: instant,
    actor: z.string().openapi({ description: 'Who did it.', example: 'key:b7Qm2Xw9LrT4kZ0a' }),
    action: z.string().openapi({ example: 'redeem' }),
    subject: z.string().openapi({ description: 'What it was done to.' }),
    outcome: z.string().openapi({
      description: 'What came of it, or the code of the refusal.',
      example: 'redeemed',
    }),
    detail: z.record(z.string(), z.unknown()).openapi({
      description:
        'What it was decided by: the class and the `version` of its rules, the rule that decided, amounts.',
    }),
    position: position.nullable(),
    hash: sha256.nullable(),
  })
  .openapi('AuditEntry');

const tags = ['Audit'];

const head = createRoute({
  method: 'get',
  path: '/v1/audit/head',
  operationId: 'getAuditHead',
  tags,
  summary: 'Read the published head of the audit chain',
  description:
    'The hash covers every entry up to its position. Whoever keeps it elsewhere can later tell that nothing before it was changed: docs/audit.md.',
  responses: { 200: jsonContent('The head.', HeadShape), ...problemResponses() },
});

const entries = createRoute({
  method: 'get',
  path: '/v1/audit/entries',
  operationId: 'listAuditEntries',
  tags,
  summary: "List the audit entries about an issuer's own things",
  description:
    'In the order of their numbers. Root sees those of all issuers. A page may hold fewer entries than `limit`, even none, while there is a next one.',
  request: {
    query: z.object({
      ...listQuery,
      subject: displayText(300).optional().openapi({ description: 'About this alone.' }),
      action: displayText(100).optional().openapi({ description: 'Of this action alone.' }),
      after: z.coerce
        .number()
        .int()
        .min(0)
        .max(Number.MAX_SAFE_INTEGER)
        .default(0)
        .openapi({ description: 'Only entries with a higher number; `cursor` goes before it.' }),
    }),
  },
  responses: {
    200: jsonContent('A page of entries.', page(EntryShape)),
    ...problemResponses(),
  },
});

const LIST = 'audit';

export function auditRoutes({ database: { reads } }: Service): Router {
  const router = newRouter();

  router.openapi(head, async (c) => {
    callerWith(c, 'audit:read');
    const { publishedAt, ...rest } = await readHead(reads);
    return c.json({ ...rest, publishedAt: publishedAt?.toISOString() ?? null }, 200);
  });

  router.openapi(entries, async (c) => {
    const caller = callerWith(c, 'audit:read');
    const { subject = null, action = null, after: stated, ...query } = c.req.valid('query');
    const { after, limit } = pageRequest(query, LIST);
    const from = { after: after === null ? stated : seqIn(after), limit: limit + 1 };
    const found = await readEntries(reads, caller, { subject, action }, from);
    const show = (entry: (typeof found.entries)[number]) => ({
      ...entry,
      at: entry.at.toISOString(),
      detail: { ...entry.detail },
    });
    const { items, nextCursor } = pageOf(
      found.entries,
      limit,
      ({ seq }) => String(seq),
      show,
      LIST,
    );
    const further = found.reached === null ? null : cursorOf(String(found.reached), LIST);
    return c.json({ items, nextCursor: nextCursor ?? further }, 200);
  });

  return router;
}

function seqIn(key: string): number {
  if (/^\d{1,15}$/.test(key)) return Number(key);
  throw invalidInput('/query/cursor', 'must be a cursor from an earlier page of this list');
}
