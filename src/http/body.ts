import type { MiddlewareHandler } from 'hono';
import { decodeUtf8, toBase64 } from '../platform/bytes.ts';
import { type JsonFlaw, parseJson } from '../platform/json.ts';
import { type InputError, ProblemError } from '../problems/answer.ts';
import type { AppContext, AppEnv } from './env.ts';

const METHODS_WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);
const JSON_TYPE = /^application\/json\s*(?:;|$)/i;

/**
 * Reads the body once, capped, as strict UTF-8 and strict JSON. Handlers then find the very text
 * in Hono's body cache, with long integers quoted so that they keep their digits.
 */
export function strictBody(maxBytes: number): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    c.set('bodyText', '');
    if (METHODS_WITH_BODY.has(c.req.method)) await readBody(c, maxBytes);
    await next();
  };
}

export const OCTETS = 'application/octet-stream';

/** Reads a body of octets once, capped. */
export function readOctets(maxBytes: number): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const bytes = await readWhole(c, maxBytes);
    const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase();
    if (type !== OCTETS) throw new ProblemError('unsupported-media-type');
    c.set('octets', bytes);
    // What tells this request from another under the same key: its bytes, and the tap it belongs to.
    c.set('bodyText', `${c.req.header('tap-session') ?? ''} ${toBase64(bytes)}`);
    await next();
  };
}

async function readWhole(c: AppContext, maxBytes: number): Promise<Uint8Array> {
  return readCapped(c.req.raw, maxBytes).catch((error: unknown) => {
    if (error instanceof ProblemError) throw error;
    // The client went away in the middle: its fault, and nobody is left to read the answer.
    throw new ProblemError('malformed-http');
  });
}

async function readBody(c: AppContext, maxBytes: number): Promise<void> {
  const bytes = await readWhole(c, maxBytes);
  const type = c.req.header('content-type');
  // An absent body is an object without fields, so that the schema names what is missing. Without
  // a type the router makes it that by itself, and a text would be one of the wrong type.
  if (bytes.length === 0) return cacheText(c, type === undefined ? '' : '{}');
  if (!JSON_TYPE.test(type ?? '')) throw new ProblemError('unsupported-media-type');
  const text = decode(bytes);
  const parsed = parseJson(text);
  if (!parsed.ok) throw new ProblemError('malformed-json', { errors: [wholeBody(parsed.flaw)] });
  c.set('bodyText', text);
  c.req.json = () => Promise.resolve(parsed.value) as never;
}

function cacheText(c: AppContext, text: string): void {
  // Hono's type says string, its code awaits a promise.
  c.req.bodyCache.text = Promise.resolve(text) as never;
}

async function readCapped(request: Request, maxBytes: number): Promise<Uint8Array> {
  const declared = Number(request.headers.get('content-length') ?? 0);
  if (declared > maxBytes) throw new ProblemError('body-too-large');
  // A declared length is the most that arrives, and the runtime reads it at once.
  if (declared > 0) return new Uint8Array(await request.arrayBuffer());
  if (request.body === null) return new Uint8Array();
  return readChunks(request.body, maxBytes);
}

async function readChunks(body: ReadableStream<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return concat(chunks, size);
    size += value.length;
    chunks.push(value);
    if (size <= maxBytes) continue;
    // Until the server ends a body that goes on, what comes is thrown away: to cancel it, or to
    // leave it lying, would cut the connection under the answer or under the next request.
    void discard(reader).catch(() => {});
    throw new ProblemError('body-too-large');
  }
}

/** Reads the rest of a body that nobody wants, behind the answer. */
export async function discard(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  while (!(await reader.read()).done);
}

function concat(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const [first] = chunks;
  if (chunks.length === 1 && first) return first;
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

function decode(bytes: Uint8Array): string {
  try {
    return decodeUtf8(bytes);
  } catch {
    throw new ProblemError('malformed-json', {
      errors: [{ pointer: '', message: 'the body is not valid UTF-8' }],
    });
  }
}

const FLAW_MESSAGES: Readonly<Record<JsonFlaw, string>> = {
  malformed: 'the body is not one JSON document',
  'too-deep': 'the body nests deeper than 32 levels',
  'unstorable-text': 'a text holds a NUL or half a surrogate pair',
};

function wholeBody(flaw: JsonFlaw): InputError {
  return { pointer: '', message: FLAW_MESSAGES[flaw] };
}
