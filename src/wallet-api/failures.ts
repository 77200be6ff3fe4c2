import type { z } from '@hono/zod-openapi';
import type { AppContext } from '../http/env.ts';
import { problemOf } from '../http/failures.ts';
import { errorFacts, type Log } from '../platform/log.ts';
import type { ProblemExtras } from '../problems/answer.ts';
import { type ProblemCode, problems } from '../problems/registry.ts';
import { envelope, type Fault, fault, type Reason, WalletApiError } from './envelope.ts';

/** Every way a request under `/walletobjects/` fails, in Google's envelope; our faults are logged. */
export function walletFailureHandler(log: Log) {
  return (error: Error, c: AppContext): Response => {
    if (error instanceof WalletApiError) return faultResponse(c, error.fault);
    const { code, extras } = problemOf(error);
    if (problems[code].status >= 500) {
      log.error('request failed', { requestId: c.get('requestId'), code, ...errorFacts(error) });
    }
    return faultResponse(c, faultOfProblem(code, extras));
  };
}

export function faultResponse(c: AppContext, given: Fault): Response {
  return jsonResponse(c, envelope(given), given.code, {
    ...(given.code === 401 && { 'WWW-Authenticate': 'Bearer' }),
    ...(given.code === 503 && { 'Retry-After': '1' }),
  });
}

/** As Google's servers label their JSON. */
export function jsonResponse(
  c: AppContext,
  body: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return c.body(JSON.stringify(body), status as 200, {
    'Content-Type': 'application/json; charset=UTF-8',
    ...headers,
  });
}

/** A problem of the native face, told in this one. */
export function faultOfProblem(code: ProblemCode, extras: ProblemExtras = {}): Fault {
  const { status, detail } = problems[code];
  const details = extras.errors?.map(({ message }) => `Invalid JSON payload received. ${message}`);
  // What is invalid input there is INVALID_ARGUMENT here, and that is a 400.
  const here = code === 'invalid-request' ? 400 : status;
  return fault(here, reasonOf(status), ...(details ?? [detail.en]));
}

function reasonOf(status: number): Reason {
  if (status === 401) return 'authError';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'notFound';
  if (status === 409) return 'existingResource';
  return status < 500 ? 'invalid' : 'backendError';
}

type Issue = z.ZodError['issues'][number];

const MESSAGES_SHOWN = 20;

/** Wrong input, field by field, in the words of Google's JSON reader. */
export function inputFault({ issues }: z.ZodError): Fault {
  return fault(400, 'invalid', ...issues.flatMap(messagesOf).slice(0, MESSAGES_SHOWN));
}

function messagesOf(issue: Issue): string[] {
  const place = placeOf(issue.path);
  if (issue.code === 'unrecognized_keys') {
    const where = place === '' ? '' : ` at '${place}'`;
    return issue.keys.map(
      (name) => `Invalid JSON payload received. Unknown name "${name}"${where}: Cannot find field.`,
    );
  }
  if (place === '') return [`Invalid JSON payload received. ${issue.message}`];
  return [`Invalid value at '${place}': ${issue.message}`];
}

/** `loyaltyPoints.balance`, `messages[2].body`. */
function placeOf(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
}
