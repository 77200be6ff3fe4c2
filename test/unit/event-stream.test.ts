import { expect, it } from 'vitest';
import { serverSentEvent, streamOf, type Telling } from '../../src/http/event-stream.ts';
import { decodeUtf8 } from '../../src/platform/bytes.ts';

const quiet = { failed: () => {}, stalled: () => {} };
const open = new AbortController().signal;

/** Tells numbers without end; knows how many were made. */
function counting() {
  let made = 0;
  let over = false;
  const telling: Telling = async function* () {
    try {
      for (;;) {
        made += 1;
        yield `${made}\n`;
      }
    } finally {
      over = true;
    }
  };
  return { telling, made: () => made, isOver: () => over };
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 5));

it('writes an event in the form of server-sent events', () => {
  expect(serverSentEvent('tap', { name: 'a\nb' }, 7)).toBe(
    'id: 7\nevent: tap\ndata: {"name":"a\\nb"}\n\n',
  );
  expect(serverSentEvent('beat', {})).toBe('event: beat\ndata: {}\n\n');
});

it('makes nothing that is not read', async () => {
  const { telling, made, isOver } = counting();
  const { stream, ended } = streamOf(telling, open, quiet);
  await turn();
  expect(made()).toBe(0);
  const reader = stream.getReader();
  for (const expected of ['1\n', '2\n', '3\n']) {
    const { value } = await reader.read();
    expect(decodeUtf8(value ?? new Uint8Array())).toBe(expected);
  }
  await turn();
  expect(made()).toBe(3);
  await reader.cancel();
  await ended;
  expect(isOver()).toBe(true);
});

it('leaves a reader that stops reading', async () => {
  const { telling, isOver } = counting();
  let stalled = 0;
  const ends = { ...quiet, stalled: () => (stalled += 1) };
  const { stream, ended } = streamOf(telling, open, ends, 10);
  const reader = stream.getReader();
  await reader.read();
  await ended;
  expect([stalled, isOver()]).toEqual([1, true]);
  await expect(reader.read()).rejects.toThrow('nobody reads any more');
});

/** Says something and then waits for its end. */
const waiting: Telling = async function* (signal) {
  yield 'hello';
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
};

it('ends when the process does, in the middle of a wait', async () => {
  const closing = new AbortController();
  const { stream, ended } = streamOf(waiting, closing.signal, quiet);
  const reader = stream.getReader();
  await reader.read();
  const last = reader.read();
  closing.abort();
  expect(await last).toEqual({ done: true, value: undefined });
  await ended;
});

it('ends when its reader goes, in the middle of a wait', async () => {
  const told: unknown[] = [];
  const ends = { ...quiet, failed: (error: unknown) => told.push(error) };
  const { stream, ended } = streamOf(waiting, open, ends);
  const reader = stream.getReader();
  await reader.read();
  void reader.read();
  await turn();
  await reader.cancel();
  await ended;
  await turn();
  expect(told).toEqual([]);
});

it('breaks off with its reason in the log and not in the answer', async () => {
  const told: unknown[] = [];
  const failing: Telling = async function* () {
    yield 'hello';
    throw new Error('select secret from somewhere');
  };
  const ends = { ...quiet, failed: (error: unknown) => told.push(error) };
  const { stream, ended } = streamOf(failing, open, ends);
  const reader = stream.getReader();
  await reader.read();
  await expect(reader.read()).rejects.toThrow('the line broke off');
  await ended;
  expect(String(told)).toContain('select secret');
});
