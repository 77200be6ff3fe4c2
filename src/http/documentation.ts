import type { z } from '@hono/zod-openapi';
import { type ProblemCode, problems } from '../problems/registry.ts';
import { problem } from './schemas.ts';

/** What every authenticated native call can answer besides its own outcomes. */
const COMMON: readonly ProblemCode[] = [
  'unauthenticated',
  'forbidden',
  'invalid-request',
  'malformed-json',
  'unsupported-media-type',
  'body-too-large',
  'headers-too-large',
  'malformed-http',
  'idempotency-key-invalid',
  'idempotency-key-reused',
  'overloaded',
  'outcome-unknown',
  'internal-error',
];

export function jsonContent<Schema extends z.ZodType>(description: string, schema: Schema) {
  return { description, content: { 'application/json': { schema } } };
}

export function jsonBody<Schema extends z.ZodType>(schema: Schema) {
  return { required: true, content: { 'application/json': { schema } } };
}

/** A body that may be left out. */
export function optionalBody<Schema extends z.ZodType>(schema: Schema) {
  return { ...jsonBody(schema), required: false };
}

/** The problem answers of a call, by status, each naming its codes. */
export function problemResponses(...codes: readonly ProblemCode[]) {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of new Set([...codes, ...COMMON])) {
    const { status } = problems[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries([...byStatus].map(([status, some]) => [status, response(some)]));
}

function response(codes: readonly ProblemCode[]) {
  const description = codes.map((code) => `\`${code}\`: ${problems[code].title.en}.`).join(' ');
  return { description, content: { 'application/problem+json': { schema: problem } } };
}
