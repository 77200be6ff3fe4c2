import type { PassBody } from './model.ts';

export type ValidityFlaw = 'interval-not-a-time' | 'interval-mixed-offsets' | 'interval-reversed';

export type Validity =
  | { readonly ok: true; readonly validFrom: Date | null; readonly validUntil: Date | null }
  | { readonly ok: false; readonly flaw: ValidityFlaw; readonly text: string };

/** The span of a `validTimeInterval`: `{start: {date}, end: {date}}`, either end open. */
export function validityOf(interval: unknown): Validity {
  const { start, end } = (interval ?? {}) as { start?: unknown; end?: unknown };
  const [from, until] = [dateOf(start), dateOf(end)];
  const [validFrom, validUntil] = [timeOf(from), timeOf(until)];
  if (validFrom === undefined) return flawed('interval-not-a-time', from);
  if (validUntil === undefined) return flawed('interval-not-a-time', until);
  if (from && until && hasOffset(from) !== hasOffset(until)) {
    return flawed('interval-mixed-offsets', until);
  }
  if (validFrom && validUntil && validUntil < validFrom) return flawed('interval-reversed', until);
  return { ok: true, validFrom, validUntil };
}

function flawed(flaw: ValidityFlaw, text: string | null): Validity {
  return { ok: false, flaw, text: text ?? '' };
}

function timeOf(text: string | null): Date | null | undefined {
  return text === null ? null : parseTime(text);
}

function dateOf(bound: unknown): string | null {
  const { date } = (bound ?? {}) as PassBody;
  return typeof date === 'string' && date !== '' ? date : null;
}

function hasOffset(text: string): boolean {
  return /(?:Z|[+-]\d\d:\d\d(?::\d\d)?)$/.test(text);
}

const TIME =
  /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?:Z|([+-])(0\d|1[0-8]):([0-5]\d)(?::([0-5]\d))?)?$/;
/** The year 10000 in UTC, which PostgreSQL and RFC 3339 do not spell alike. */
const END_OF_TIME = Date.UTC(10_000, 0, 1);

/**
 * An ISO 8601 time as Google takes it: to the nanosecond, offsets to the second. A time without an
 * offset is read as UTC, so that it means one instant everywhere; finer than a millisecond is cut.
 */
export function parseTime(text: string): Date | undefined {
  const parts = TIME.exec(text);
  if (parts === null) return undefined;
  const [year, month, day, hour, minute, second] = parts
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const fields = [year, month, day, hour, minute, second] as Six;
  const local = Date.UTC(fields[0], fields[1] - 1, ...(fields.slice(2) as Four));
  // A day or an hour that does not exist would roll over into the next.
  if (new Date(local).toISOString().slice(0, 19) !== isoOf(fields)) return undefined;
  const milliseconds = Number((parts[7] ?? '').padEnd(3, '0').slice(0, 3));
  const time = local + milliseconds - offsetMs(parts);
  return time < END_OF_TIME ? new Date(time) : undefined;
}

type Four = [number, number, number, number];
type Six = [number, number, ...Four];

function isoOf([year, month, day, hour, minute, second]: Six): string {
  const pad = (value: number, length = 2) => String(value).padStart(length, '0');
  return `${pad(year, 4)}-${pad(month)}-${pad(day)}T${pad(hour)}:${pad(minute)}:${pad(second)}`;
}

function offsetMs(parts: RegExpExecArray): number {
  const [sign, hours, minutes, seconds] = parts.slice(8, 12);
  const size = Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
  return (sign === '-' ? -size : size) * 1000;
}
