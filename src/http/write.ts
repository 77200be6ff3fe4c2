import { idempotencyScopeOf } from '../access/model.ts';
import type { KeyUse, StoredAnswer } from '../idempotency/model.ts';
import { type OnceAnswer, once } from '../idempotency/once.ts';
import { type Bytes, fromBase64, toBase64 } from '../platform/bytes.ts';
import type { Tx } from '../platform/database.ts';
import { sha256Hex } from '../platform/hashes.ts';
import { ProblemError, problemDocument, problemHeaders } from '../problems/answer.ts';
import { type ProblemCode, problems } from '../problems/registry.ts';
import { OCTETS } from './body.ts';
import type { AppContext } from './env.ts';
import type { Service } from './service.ts';

const IDEMPOTENCY_KEY = /^[\x20-\x7e\u0080-\uffff]{1,255}$/;

/** A write: one transaction, once for each Idempotency-Key. */
export async function write(
  c: AppContext,
  { database }: Pick<Service, 'database'>,
  work: (tx: Tx) => Promise<StoredAnswer>,
): Promise<Response> {
  const caller = c.get('caller');
  const use = caller === undefined ? null : keyUse(c, idempotencyScopeOf(caller));
  return respond(c, await once(database, use, work));
}

/** The idempotency key of a request with the fingerprint of what it asks; null without a key. */
export function keyUse(c: AppContext, scope: string): KeyUse | null {
  const key = c.req.header('idempotency-key');
  if (key === undefined) return null;
  if (!IDEMPOTENCY_KEY.test(key)) throw new ProblemError('idempotency-key-invalid');
  const asked = `${c.req.method} ${c.req.path}\n${c.get('bodyText')}`;
  return { scope, key, fingerprint: sha256Hex(asked) };
}

export function respond(c: AppContext, { status, headers, body, replayed }: OnceAnswer): Response {
  const sent = { ...headers, ...(replayed && { 'Idempotent-Replayed': 'true' }) };
  if (headers['Content-Type'] === OCTETS) return c.body(octetsOf(body), status as 200, sent);
  if (status !== 204) return c.body(body, status as 200, sent);
  // What is not there has no type.
  const { 'Content-Type': _type, ...rest } = sent as Record<string, string>;
  return c.body(null, 204, rest);
}

export function answer(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): StoredAnswer {
  return {
    status,
    headers: { 'Content-Type': 'application/json; charset=UTF-8', ...headers },
    body: JSON.stringify(body),
  };
}

/** Octets, which are kept under the key as base64. */
export function octetAnswer(
  octets: Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): StoredAnswer {
  return { status: 200, headers: { 'Content-Type': OCTETS, ...headers }, body: toBase64(octets) };
}

function octetsOf(body: string): Bytes {
  const octets = fromBase64(body);
  if (octets === null) throw new Error('octets are kept as base64');
  return octets;
}

/**
 * An expected refusal: a decision like any other, kept under the key and committed. What is not
 * there for the caller was not decided on, and nothing is kept of it.
 * @throws ProblemError with a code of status 404
 */
export function refusal(c: AppContext, code: ProblemCode): StoredAnswer {
  if (problems[code].status === 404) throw new ProblemError(code);
  return refusalAnswer(c, code, c.get('requestId'));
}

/** A refusal in words; `requestId` is that of the first request where an answer is told again. */
export function refusalAnswer(c: AppContext, code: ProblemCode, requestId: string): StoredAnswer {
  const document = problemDocument(code, { ...problemContext(c), requestId });
  return {
    status: document.status,
    headers: problemHeaders(c.get('locale')),
    body: JSON.stringify(document),
  };
}

export function problemContext(c: AppContext) {
  return { origin: c.get('origin'), locale: c.get('locale'), requestId: c.get('requestId') };
}
