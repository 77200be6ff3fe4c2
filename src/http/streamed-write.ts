import { idempotencyScopeOf } from '../access/model.ts';
import type { KeyUse, StoredAnswer } from '../idempotency/model.ts';
import { answeredBefore, type OnceAnswer } from '../idempotency/once.ts';
import { findKey, keepAnswer, takeKey } from '../idempotency/store.ts';
import type { Tx } from '../platform/database.ts';
import { runningSha256 } from '../platform/hashes.ts';
import { ProblemError } from '../problems/answer.ts';
import { discard } from './body.ts';
import type { AppContext } from './env.ts';
import type { Service } from './service.ts';
import { keyUse, respond } from './write.ts';

type Chunks = AsyncGenerator<Uint8Array, void>;
type Work = (tx: Tx, body: Chunks) => Promise<StoredAnswer>;

/**
 * A write whose body is read while its transaction runs, and never held as a whole: one
 * transaction, once for each Idempotency-Key. The fingerprint of the body is known only at its
 * end, so the key is taken last, and a retry reads its body only to compare.
 */
export async function streamedWrite(
  c: AppContext,
  { database }: Pick<Service, 'database'>,
  maxBytes: number,
  work: Work,
): Promise<Response> {
  const body = fingerprinted(c, bodyChunks(c.req.raw, maxBytes));
  try {
    const asked = body.use();
    if (asked !== null && (await findKey(database.reads, asked.scope, asked.key)) !== null) {
      return respond(c, await replayOf(database, body));
    }
    // A body is read once, so this is tried once.
    const done = await database.transact((tx) => doOnce(tx, body, work), { attempts: 1 });
    return respond(c, { ...done, replayed: false });
  } catch (error) {
    // A body that is left lying would cut the connection under the answer.
    void readToTheEnd(body.chunks).catch(() => {});
    throw error;
  }
}

async function doOnce(tx: Tx, body: FingerprintedBody, work: Work): Promise<StoredAnswer> {
  const answer = await work(tx, body.chunks);
  await readToTheEnd(body.chunks);
  const use = body.use();
  if (use === null) return answer;
  // A twin came in between: this one leaves no trace, and its retry is told what that one was.
  if (!(await takeKey(tx, use))) throw new ProblemError('overloaded');
  await keepAnswer(tx, use, answer);
  return answer;
}

interface FingerprintedBody {
  readonly chunks: Chunks;
  /** The key with the fingerprint of what was read so far; null without a key. */
  use(): KeyUse | null;
}

function fingerprinted(c: AppContext, chunks: Chunks): FingerprintedBody {
  const sha256 = runningSha256();
  const caller = c.get('caller');
  async function* hashed(): Chunks {
    for await (const chunk of chunks) {
      sha256.add(chunk);
      yield chunk;
    }
  }
  return {
    chunks: hashed(),
    use: () => {
      // The hash stands for the text, which is in no place as a whole.
      c.set('bodyText', `sha256:${sha256.hex()}`);
      return caller === undefined ? null : keyUse(c, idempotencyScopeOf(caller));
    },
  };
}

async function replayOf(
  { reads }: Service['database'],
  body: FingerprintedBody,
): Promise<OnceAnswer> {
  await readToTheEnd(body.chunks);
  const use = body.use();
  const before = use === null ? null : await answeredBefore(reads, use);
  // The twin was deleted in between, by age; that is a key of long ago.
  if (before === null) throw new ProblemError('overloaded');
  return before;
}

async function readToTheEnd(chunks: Chunks): Promise<void> {
  while (!(await chunks.next()).done);
}

/**
 * A body as it arrives, capped. Of one that is not read to its end the rest is thrown away behind
 * the answer.
 */
async function* bodyChunks(request: Request, maxBytes: number): Chunks {
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) {
    throw new ProblemError('body-too-large');
  }
  if (request.body === null) return;
  const reader = request.body.getReader();
  let size = 0;
  let hasEnded = false;
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(() => {
        hasEnded = true;
        // The client went away in the middle.
        throw new ProblemError('malformed-http');
      });
      hasEnded = done;
      if (done) return;
      size += value.length;
      if (size > maxBytes) throw new ProblemError('body-too-large');
      yield value;
    }
  } finally {
    if (!hasEnded) void discard(reader).catch(() => {});
  }
}
