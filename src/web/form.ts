import type { z } from '@hono/zod-openapi';
import type { AppContext } from '../http/env.ts';
import { inputErrors } from '../http/router.ts';
import { ProblemError } from '../problems/answer.ts';

const MOST_BYTES = 16 * 1024;

/** The fields of a posted form, each once. @throws ProblemError `invalid-request` */
export async function readForm<Schema extends z.ZodType>(
  c: AppContext,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const type = c.req.header('content-type') ?? '';
  if (!type.startsWith('application/x-www-form-urlencoded')) {
    throw new ProblemError('unsupported-media-type');
  }
  if (Number(c.req.header('content-length') ?? MOST_BYTES) > MOST_BYTES) {
    throw new ProblemError('body-too-large');
  }
  const text = await c.req.text();
  if (text.length > MOST_BYTES) throw new ProblemError('body-too-large');
  const parsed = schema.safeParse(Object.fromEntries(new URLSearchParams(text)));
  if (parsed.success) return parsed.data;
  throw new ProblemError('invalid-request', { errors: inputErrors(parsed.error, 'form') });
}
