import { z } from '@hono/zod-openapi';
import { isTimeZone } from './calendar-rules.ts';

/** A zone of the IANA database. */
export const timeZone = z
  .string()
  .max(64)
  .refine(isTimeZone, 'must be a time zone, such as Asia/Shanghai')
  .openapi({ example: 'Asia/Shanghai' });

const weekday = z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']);
const clock = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'must be HH:MM');

const someHours = z
  .strictObject({
    days: z
      .array(weekday)
      .min(1)
      .max(7)
      .refine((days) => new Set(days).size === days.length, 'names a day twice'),
    from: clock,
    to: z.union([clock, z.literal('24:00')]).openapi({
      description: 'Exclusive; before `from` it is on the next day.',
    }),
  })
  .refine(({ from, to }) => from !== to, 'from and to must differ');

/** Hours that recur each week; none mean always. */
export const weeklyHours = z.array(someHours).max(50);
