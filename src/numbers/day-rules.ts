/** Making a formatter costs more than a hundred uses of it, and the zones are few. */
const formatters = new Map<string, Intl.DateTimeFormat>();

/** The day, YYYY-MM-DD, that a calendar in that IANA zone shows at an instant. */
export function localDate(instant: Date, timeZone: string): string {
  const formatter = formatters.get(timeZone) ?? formatterOf(timeZone);
  formatters.set(timeZone, formatter);
  const parts = new Map(formatter.formatToParts(instant).map(({ type, value }) => [type, value]));
  return `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`;
}

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const digits = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
  const gregorian = { calendar: 'gregory', numberingSystem: 'latn' } as const;
  return new Intl.DateTimeFormat('en-US', { timeZone, ...gregorian, ...digits });
}
