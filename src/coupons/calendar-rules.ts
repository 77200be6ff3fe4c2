import type { Hours, Weekday } from './model.ts';

/** A moment as a clock and a calendar on a shop's wall show it. */
export interface LocalTime {
  /** YYYY-MM-DD. */
  readonly date: string;
  readonly weekday: Weekday;
  /** Minutes since midnight by the clock. */
  readonly minutes: number;
}

const WEEKDAYS: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const DAY_MS = 86_400_000;

/** Making a formatter costs more than a hundred uses of it, and the zones are few. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  formatters.set(timeZone, made);
  return made;
}

/** Whether this is a zone of the IANA database that this runtime knows. */
export function isTimeZone(name: string): boolean {
  try {
    formatterOf(name);
    return true;
  } catch {
    return false;
  }
}

/** What the wall of a shop in that zone shows at an instant. */
export function localTime(instant: Date, timeZone: string): LocalTime {
  const parts = new Map(
    formatterOf(timeZone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, value]),
  );
  const date = `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`;
  const minutes = Number(parts.get('hour')) * 60 + Number(parts.get('minute'));
  return { date, weekday: weekdayOf(date), minutes };
}

function weekdayOf(date: string): Weekday {
  return WEEKDAYS[(new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7] ?? 'mon';
}

/** The Monday of the week that a day is in (ISO 8601). */
export function weekStart({ date, weekday }: LocalTime): string {
  const day = Date.parse(`${date}T00:00:00Z`) - WEEKDAYS.indexOf(weekday) * DAY_MS;
  return new Date(day).toISOString().slice(0, 10);
}

/** Whether one of the hours holds the time; no hours mean always. */
export function isWithinHours(hours: readonly Hours[], time: LocalTime): boolean {
  return hours.length === 0 || hours.some((some) => holds(some, time));
}

/** Hours that end before they begin run past midnight and belong to the day they begin on. */
function holds({ days, from, to }: Hours, { weekday, minutes }: LocalTime): boolean {
  const begin = minutesOf(from);
  const end = minutesOf(to);
  if (begin < end) return days.includes(weekday) && minutes >= begin && minutes < end;
  const eve = WEEKDAYS[(WEEKDAYS.indexOf(weekday) + 6) % 7] ?? weekday;
  return (days.includes(weekday) && minutes >= begin) || (days.includes(eve) && minutes < end);
}

function minutesOf(clock: string): number {
  const [hours = '0', minutes = '0'] = clock.split(':');
  return Number(hours) * 60 + Number(minutes);
}
