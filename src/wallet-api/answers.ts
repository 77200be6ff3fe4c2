import type { AppContext } from '../http/env.ts';
import { answer } from '../http/write.ts';
import { envelope } from './envelope.ts';
import { faultResponse, jsonResponse } from './failures.ts';
import { faultOf } from './refusals.ts';
import type { Result } from './resource.ts';

/** A write's result; a refusal is a decision like any other, kept under the idempotency key. */
export function stored(result: Result) {
  if (result.ok) return answer(200, result.value);
  const refused = faultOf(result);
  return answer(refused.code, envelope(refused));
}

/** A read's result. */
export function respondWith(c: AppContext, result: Result): Response {
  return result.ok ? jsonResponse(c, result.value) : faultResponse(c, faultOf(result));
}
