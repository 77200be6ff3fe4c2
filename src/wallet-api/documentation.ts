import { z } from '@hono/zod-openapi';
import { jsonContent } from '../http/documentation.ts';

const ErrorEnvelope = z
  .object({
    error: z.object({
      code: z.number().int(),
      message: z.string(),
      errors: z.array(
        z.object({ message: z.string(), domain: z.literal('walletobjects'), reason: z.string() }),
      ),
      status: z.string().openapi({ example: 'NOT_FOUND' }),
    }),
  })
  .openapi('WalletApiError');

const COMMON = {
  400: 'The request or the resource is not valid.',
  401: 'The caller is not known.',
  403: "The issuer is not the caller's, or its key lacks the scope.",
  413: 'The body is too large.',
  415: 'The body is not JSON.',
  422: 'The Idempotency-Key came with another request before.',
  500: 'Something went wrong here; nothing was changed.',
  503: 'The service is busy, or the outcome is not known.',
};

const OWN = { 404: 'There is no such resource.', 409: 'The id is taken.' };

/** The answers of a call of this face: the good one, and every failure in Google's envelope. */
export function answers(good: string, schema: z.ZodType, ...own: readonly (keyof typeof OWN)[]) {
  const texts = [...Object.entries(COMMON), ...own.map((code) => [code, OWN[code]] as const)];
  const failures = texts.map(([code, text]) => [code, jsonContent(text, ErrorEnvelope)]);
  return { 200: jsonContent(good, schema), ...Object.fromEntries(failures) };
}

export const tags = ['Wallet API'];

const standard = z.string().optional();

/** What Google's clients send along with any call; taken and not acted on. */
export const standardQuery = {
  alt: standard,
  prettyPrint: standard,
  fields: standard,
  quotaUser: standard,
};

const Pagination = z.object({
  kind: z.string(),
  resultsPerPage: z.number().int(),
  nextPageToken: z.string().optional(),
});

export function listSchema(name: string, resource: z.ZodType) {
  return z
    .object({ resources: z.array(resource), pagination: Pagination })
    .openapi(`${name}ListResponse`);
}
