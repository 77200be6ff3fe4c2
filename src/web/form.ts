import type { z } from '@hono/zod-openapi';
import type { AppContext } from '../http/env.ts';
import { inputErrors } from '../http/router.ts';
import { ProblemError } from '../problems/answer.ts';

const MOST_BYTES = 16 * 1024;
/** What nobody types: control characters, and what turns the direction of the text around it. */
const HIDDEN = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;

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
  const fields = Object.fromEntries(new URLSearchParams(text));
  const hidden = Object.keys(fields).filter((name) => HIDDEN.test(fields[name] ?? ''));
  if (hidden.length > 0) {
    const errors = hidden.map((name) => ({
      pointer: `/form/${name}`,
      message: 'must not hold control characters',
    }));
    throw new ProblemError('invalid-request', { errors });
  }
  const parsed = schema.safeParse(fields);
  if (parsed.success) return parsed.data;
  throw new ProblemError('invalid-request', { errors: inputErrors(parsed.error, 'form') });
}
