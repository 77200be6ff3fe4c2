import { sql } from 'drizzle-orm';
import { timestamp } from 'drizzle-orm/pg-core';

/** An instant, to the millisecond that a JavaScript Date holds. */
export function instant(name: string) {
  return timestamp(name, { withTimezone: true, precision: 3, mode: 'date' });
}

/** An instant that defaults to the database's own clock at the moment of the insert. */
export function stampedNow(name: string) {
  return instant(name).notNull().default(sql`clock_timestamp()`);
}
