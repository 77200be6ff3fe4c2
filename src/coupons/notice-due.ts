import { localTime } from './calendar-rules.ts';

/** Notices go out in the morning, when people read them. */
const MORNING_MINUTES = 9 * 60;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/**
 * When the holder of a coupon is to be told that it expires: at 09:00 by the clock in the zone of
 * its class, `days` days before the last day on which it is good. On that last day itself (0) it is
 * the beginning of the day, should the coupon not outlast 09:00. Null for -1: never. A time that is
 * past means now.
 * @param expiresAt exclusive: a coupon that ends at midnight has its last day before it
 * @param timeZone a zone of the IANA database
 * @throws RangeError for another zone
 */
export function noticeDue(expiresAt: Date, days: number, timeZone: string): Date | null {
  if (days < 0) return null;
  const lastDay = localTime(new Date(expiresAt.getTime() - 1), timeZone).date;
  const day = Date.parse(`${lastDay}T00:00:00Z`) - days * DAY_MS;
  const morning = firstInstantAt(day + MORNING_MINUTES * MINUTE_MS, timeZone);
  return morning < expiresAt ? morning : firstInstantAt(day, timeZone);
}

/**
 * The first instant at which the clock of a zone shows that time, or one after it where the clock
 * was put forward over it. Clocks are written as if they were in UTC, in milliseconds.
 */
function firstInstantAt(clock: number, timeZone: string): Date {
  // No zone is further from UTC than a day, so these are the offsets before and after a change.
  const offsets = [offsetAt(clock - DAY_MS, timeZone), offsetAt(clock + DAY_MS, timeZone)];
  const early = clock - Math.max(...offsets);
  const late = clock - Math.min(...offsets);
  const shows = [early, late].find((instant) => clockAt(instant, timeZone) === clock);
  return new Date(shows ?? endOfGap(clock, early, late, timeZone));
}

/** The first of the instants in between, to the minute, whose clock is not before that one. */
function endOfGap(clock: number, early: number, late: number, timeZone: string): number {
  let [before, after] = [early, late];
  while (after - before > MINUTE_MS) {
    const minutes = Math.floor((after - before) / (2 * MINUTE_MS));
    const middle = before + minutes * MINUTE_MS;
    if (clockAt(middle, timeZone) < clock) before = middle;
    else after = middle;
  }
  return after;
}

function offsetAt(instant: number, timeZone: string): number {
  return clockAt(instant, timeZone) - instant;
}

/** What the clock of a zone shows at an instant of a whole minute. */
function clockAt(instant: number, timeZone: string): number {
  const { date, minutes } = localTime(new Date(instant), timeZone);
  return Date.parse(`${date}T00:00:00Z`) + minutes * MINUTE_MS;
}
