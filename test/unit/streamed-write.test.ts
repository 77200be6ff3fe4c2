import { describe, expect, test } from 'vitest';
import { failureHandler } from '../../src/http/failures.ts';
import { newRouter } from '../../src/http/router.ts';
import { streamedWrite } from '../../src/http/streamed-write.ts';
import { answer } from '../../src/http/write.ts';
import type { Database } from '../../src/platform/database.ts';
import { silentLog } from '../../src/platform/log.ts';

const database = {
  transact: (work: (tx: unknown) => unknown) => work(null),
} as unknown as Database;

const app = newRouter();
app.onError(failureHandler(silentLog));
app.use(async (c, next) => {
  c.set('locale', 'en');
  await next();
});
app.post('/echo', (c) =>
  streamedWrite(c, { database }, 10, async (_tx, body) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) chunks.push(chunk);
    return answer(200, Buffer.concat(chunks).toString());
  }),
);
app.post('/refuse', (c) => streamedWrite(c, { database }, 10, async () => answer(409, 'no')));

/** A body in pieces, and how many of them were asked for. */
function pieces(...texts: string[]) {
  let taken = 0;
  const body = new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        const text = texts[taken];
        if (text === undefined) return controller.close();
        taken += 1;
        controller.enqueue(new TextEncoder().encode(text));
      },
    },
    { highWaterMark: 0 },
  );
  return { body, taken: () => taken };
}

const send = (path: string, body: BodyInit | null, headers = {}) =>
  app.request(path, { method: 'POST', body, headers, duplex: 'half' } as RequestInit);

describe('a body that is read while it arrives', () => {
  test('arrives whole', async () => {
    expect(await (await send('/echo', pieces('ab', 'cd', 'ef').body)).json()).toBe('abcdef');
    expect(await (await send('/echo', null)).json()).toBe('');
    expect(await (await send('/echo', pieces('0123456789').body)).json()).toBe('0123456789');
  });

  test('is refused when it says that it is too large', async () => {
    const { body, taken } = pieces('a');
    const answered = await send('/echo', body, { 'Content-Length': '11' });
    expect([answered.status, taken()]).toEqual([413, 0]);
  });

  test('is refused when it becomes too large, and the rest is taken from the wire', async () => {
    const { body, taken } = pieces('01234', '56789', 'a', 'b', 'c');
    expect((await send('/echo', body)).status).toBe(413);
    await expect.poll(taken).toBe(5);
  });

  test('is read to its end though nobody wants it, since its end has its fingerprint', async () => {
    const { body, taken } = pieces('0', '1', '2');
    expect((await send('/refuse', body)).status).toBe(409);
    expect(taken()).toBe(3);
  });

  test('that breaks off is the fault of who sent it', async () => {
    const body = new ReadableStream({ pull: (controller) => controller.error(new Error('gone')) });
    expect((await send('/echo', body)).status).toBe(400);
  });
});
