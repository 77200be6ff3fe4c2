import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { CounterEvent } from '../../src/counter/model.ts';
import { type LineHandlers, LiveLine } from '../../src/web/counter/live-line.ts';
import type { LineStatus } from '../../src/web/counter/till-model.ts';
import { tapBy } from '../support/till-desk.ts';

beforeEach(() => vi.useFakeTimers({ now: Date.parse('2026-11-22T04:00:00Z') }));
afterEach(() => vi.useRealTimers());

/** A line whose server is in the test's hands. */
function newLine(stored: number | null = null) {
  const statuses: LineStatus[] = [];
  const heard: { number: number; fresh: boolean }[] = [];
  const asked: (number | null)[] = [];
  let remembered = stored;
  let handlers: LineHandlers | null = null;
  let closed = 0;
  const fell = vi.fn();
  const line = new LiveLine({
    open: (after, given) => {
      asked.push(after);
      handlers = given;
      return () => {
        closed += 1;
      };
    },
    random: () => 1,
    memory: {
      read: () => remembered,
      write: (number) => {
        remembered = number;
      },
    },
    status: (status) => statuses.push(status),
    heard: ({ number }, fresh) => heard.push({ number, fresh }),
    fell,
  });
  const server = (): LineHandlers => {
    if (handlers === null) throw new Error('nobody asked');
    return handlers;
  };
  const hello = (last: number) =>
    server().hello({ now: new Date().toISOString(), last, beatSeconds: 2 });
  const tell = (number: number, changed: Partial<CounterEvent> = {}) =>
    server().event(tapBy('Bo', { number, ...changed }));
  const kinds = () => statuses.map(({ kind }) => kind);
  return {
    line,
    statuses,
    heard,
    asked,
    server,
    hello,
    tell,
    kinds,
    fell,
    remembered: () => remembered,
    closed: () => closed,
  };
}

describe('the live line', () => {
  test('goes from off by connecting to on', () => {
    const { line, hello, kinds, asked } = newLine();
    line.start();
    hello(7);
    expect(kinds()).toEqual(['connecting', 'on']);
    expect(asked).toEqual([null]);
  });

  test('stays on while it beats, and is lost within five seconds of silence', () => {
    const { line, hello, server, kinds } = newLine();
    line.start();
    hello(0);
    for (let beats = 0; beats < 10; beats++) {
      vi.advanceTimersByTime(2000);
      server().beat();
    }
    expect(kinds()).toEqual(['connecting', 'on']);
    vi.advanceTimersByTime(5000);
    expect(kinds()).toContain('lost');
  });

  test('is lost at once when the stream fails, and when nobody ever answered', () => {
    const failing = newLine();
    failing.line.start();
    failing.server().failed();
    expect(failing.kinds()).toEqual(['connecting', 'lost']);
    const silent = newLine();
    silent.line.start();
    vi.advanceTimersByTime(5000);
    expect(silent.kinds()).toContain('lost');
    expect(silent.fell).toHaveBeenCalled();
  });

  test('tries again after 0.5, 1, 2, … and at most 15 seconds', () => {
    const { line, server, statuses, asked } = newLine();
    line.start();
    const delays: number[] = [];
    for (let attempt = 0; attempt < 8; attempt++) {
      server().failed();
      const lost = statuses.at(-1);
      if (lost?.kind !== 'lost' || lost.retryAt === null) throw new Error('not lost');
      delays.push(lost.retryAt - Date.now());
      vi.advanceTimersByTime(lost.retryAt - Date.now());
      expect(asked.length).toBe(attempt + 2);
    }
    expect(delays).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
  });

  test('keeps the time since when it is lost over all its tries', () => {
    const { line, hello, server, statuses } = newLine();
    line.start();
    hello(0);
    const heardAt = Date.now();
    server().failed();
    vi.advanceTimersByTime(600);
    server().failed();
    expect(statuses.at(-1)).toMatchObject({ kind: 'lost', since: heardAt });
  });

  test('tries at once when asked, on return of the network or of the screen', () => {
    const { line, server, asked, statuses } = newLine();
    line.start();
    server().failed();
    line.retry();
    expect(asked.length).toBe(2);
    expect(statuses.at(-1)).toMatchObject({ kind: 'lost', retryAt: null });
    line.retry();
    expect(asked.length).toBe(2);
  });

  test('asks for what came after the last number, and hands each event on once', () => {
    const { line, hello, tell, server, heard, asked, remembered } = newLine();
    line.start();
    hello(4);
    tell(5);
    tell(6);
    tell(6);
    server().failed();
    line.retry();
    hello(6);
    tell(5);
    tell(6);
    tell(7);
    expect(heard.map(({ number }) => number)).toEqual([5, 6, 7]);
    expect(asked).toEqual([null, 6]);
    expect(remembered()).toBe(7);
  });

  test('says how many taps came while it was lost, and after a while that it is on', () => {
    const { line, hello, tell, server, statuses } = newLine();
    line.start();
    hello(4);
    server().failed();
    vi.advanceTimersByTime(400);
    const at = new Date().toISOString();
    vi.advanceTimersByTime(200);
    hello(4);
    tell(5, { at });
    tell(6, { at });
    tell(7, { at, kind: 'claimed' });
    expect(statuses.at(-1)).toEqual({ kind: 'back', missed: 2 });
    vi.advanceTimersByTime(1000);
    tell(8);
    expect(statuses.at(-1)).toEqual({ kind: 'back', missed: 2 });
    for (let beats = 0; beats < 5; beats++) {
      vi.advanceTimersByTime(2000);
      server().beat();
    }
    expect(statuses.at(-1)).toEqual({ kind: 'on' });
  });

  test('goes on after a reload where it was, and knows what is long past', () => {
    const { line, hello, tell, heard, asked } = newLine(41);
    line.start();
    hello(41);
    tell(42, { at: new Date(Date.now() - 3_600_000).toISOString() });
    tell(43, { at: new Date(Date.now() - 30_000).toISOString() });
    expect(asked).toEqual([41]);
    expect(heard).toEqual([
      { number: 42, fresh: false },
      { number: 43, fresh: true },
    ]);
  });

  test('judges what is past by the clock of the server', () => {
    const { line, server, heard } = newLine();
    line.start();
    const serverNow = Date.now() + 3_600_000;
    server().hello({ now: new Date(serverNow).toISOString(), last: 0, beatSeconds: 2 });
    server().event(tapBy('Bo', { number: 1, at: new Date(serverNow).toISOString() }));
    expect(heard).toEqual([{ number: 1, fresh: true }]);
  });

  test('begins anew where the numbers of the terminal did', () => {
    const { line, hello, tell, heard } = newLine(900);
    line.start();
    hello(3);
    tell(4);
    expect(heard.map(({ number }) => number)).toEqual([4]);
  });

  test('hears nothing of a stream that it has left, nor when it is off', () => {
    const { line, hello, server, heard, kinds, closed } = newLine();
    line.start();
    hello(0);
    const old = server();
    old.failed();
    line.retry();
    old.event(tapBy('Bo', { number: 1 }));
    old.failed();
    line.stop();
    server().event(tapBy('Bo', { number: 1 }));
    vi.advanceTimersByTime(60_000);
    expect(heard).toEqual([]);
    expect(kinds().at(-1)).toBe('off');
    expect(closed()).toBeGreaterThanOrEqual(2);
  });
});
