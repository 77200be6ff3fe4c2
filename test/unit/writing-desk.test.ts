import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { WritingDesk, type WritingLine } from '../../src/web/writing/desk.ts';
import { type Happening, SLOW_MS, type Step } from '../../src/web/writing/steps.ts';

const URL = 'https://tapline.test/t/7Q2M9K4D0V';

/** The browser's part, as far as a tag and its owner decide what it does. */
class StubReader extends EventTarget {
  static readonly made: StubReader[] = [];
  static errors: Partial<Record<'scan' | 'write' | 'lock', string>> = {};
  static readonly calls: unknown[] = [];
  signal: AbortSignal | null = null;

  constructor() {
    super();
    StubReader.made.push(this);
  }

  async scan({ signal }: { signal: AbortSignal }): Promise<void> {
    this.signal = signal;
    called('scan', 'scan');
  }

  async write(
    message: { records: { data: string }[] },
    { overwrite }: { overwrite: boolean },
  ): Promise<void> {
    called('write', ['write', message.records[0]?.data, overwrite]);
  }

  async makeReadOnly(): Promise<void> {
    called('lock', 'lock');
  }

  near(url: string | null): void {
    const data = new DataView(new TextEncoder().encode(url ?? '').buffer);
    const records = url === null ? [{ recordType: 'empty' }] : [{ recordType: 'url', data }];
    const reading = { serialNumber: '04:5f:1e:92', message: { records } };
    this.dispatchEvent(Object.assign(new Event('reading'), reading));
  }
}

function called(name: 'scan' | 'write' | 'lock', call: unknown): void {
  StubReader.calls.push(call);
  const error = StubReader.errors[name];
  if (error !== undefined) throw new DOMException('', error);
}

const reader = () => StubReader.made.at(-1)!;
const settled = () => vi.advanceTimersByTimeAsync(0);

let steps: Step[];
let desk: WritingDesk;
let line: { report: ReturnType<typeof vi.fn>; isVerified: ReturnType<typeof vi.fn> };

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('window', { NDEFReader: StubReader });
  vi.stubGlobal('navigator', {});
  StubReader.errors = {};
  StubReader.calls.length = 0;
  steps = [];
  const reported: Happening = { what: 'reported' };
  line = { report: vi.fn(async () => reported), isVerified: vi.fn(async () => false) };
  desk = new WritingDesk(URL, line as unknown as WritingLine, (step) => steps.push(step));
  desk.tell({ what: 'ready', obstacle: null });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const at = () => steps.at(-1)?.at;
const passed = () => steps.map((step) => step.at);

async function allowed(): Promise<void> {
  desk.tell({ what: 'allow' });
  await settled();
}

describe('a blank tag', () => {
  test('is written, read back, told of, and waits for its first touch', async () => {
    await allowed();
    reader().near(null);
    await settled();
    expect(StubReader.calls).toEqual(['scan', ['write', URL, false]]);
    reader().near(URL);
    await settled();
    expect(line.report).toHaveBeenCalledWith({ serial: '04:5f:1e:92', url: URL });
    expect(at()).toBe('written');
    expect(reader().signal?.aborted).toBe(true);
    line.isVerified.mockRejectedValueOnce(new Error('offline')).mockResolvedValue(true);
    await vi.advanceTimersByTimeAsync(10_000);
    const whole = ['start', 'asking', 'waiting', 'writing', 'checking', 'reporting', 'written'];
    expect(passed()).toEqual([...whole, 'verified']);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is locked only when that is said twice', async () => {
    await allowed();
    reader().near(URL);
    await settled();
    desk.tell({ what: 'lock' });
    await settled();
    expect(StubReader.calls).not.toContain('lock');
    desk.tell({ what: 'lock' });
    await settled();
    expect(StubReader.calls.filter((call) => call === 'lock')).toHaveLength(1);
    expect(steps.at(-1)).toMatchObject({ at: 'written', lock: 'locked' });
  });
});

test('a tag of others is not written before somebody says so', async () => {
  await allowed();
  reader().near('https://other.test/');
  await settled();
  expect(at()).toBe('existing');
  expect(StubReader.calls).toEqual(['scan']);
  desk.tell({ what: 'overwrite' });
  reader().near('https://other.test/');
  await settled();
  expect(StubReader.calls).toEqual(['scan', ['write', URL, true]]);
});

test.each([
  ['scan', 'NotAllowedError', 'denied'],
  ['scan', 'NotReadableError', 'nfc-off'],
  ['write', 'NetworkError', 'torn'],
  ['write', 'NotSupportedError', 'unwritable'],
] as const)('%s with %s is told, and the radio is let go', async (call, name, why) => {
  StubReader.errors = { [call]: name };
  await allowed();
  reader().near(null);
  await settled();
  expect(steps.at(-1)).toEqual({ at: 'failed', why });
  if (call === 'write') expect(reader().signal?.aborted).toBe(true);
  StubReader.errors = {};
  await allowed();
  expect(at()).toBe('waiting');
});

test('hints come when nothing comes near, and not after', async () => {
  await allowed();
  await vi.advanceTimersByTimeAsync(SLOW_MS - 1);
  expect(steps.at(-1)).toMatchObject({ at: 'waiting', slow: false });
  await vi.advanceTimersByTimeAsync(1);
  expect(steps.at(-1)).toMatchObject({ at: 'waiting', slow: true });
  desk.tell({ what: 'cancel' });
  await vi.advanceTimersByTimeAsync(2 * SLOW_MS);
  expect(steps.at(-1)).toEqual({ at: 'start' });
  expect(reader().signal?.aborted).toBe(true);
});

test('what cannot be told now is told when the line is back', async () => {
  line.report.mockResolvedValueOnce({ what: 'unsent' });
  await allowed();
  reader().near(URL);
  await settled();
  expect(at()).toBe('unsent');
  desk.tell({ what: 'send' });
  await settled();
  expect(line.report).toHaveBeenCalledTimes(2);
  expect(at()).toBe('written');
});
