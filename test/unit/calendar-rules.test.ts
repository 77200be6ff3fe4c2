import { expect, test } from 'vitest';
import {
  isTimeZone,
  isWithinHours,
  localTime,
  weekStart,
} from '../../src/coupons/calendar-rules.ts';
import type { Hours } from '../../src/coupons/model.ts';

test.each([
  ['2026-11-21T16:30:00Z', 'Asia/Shanghai', '2026-11-22', 'sun', 30, '2026-11-16'],
  ['2026-11-21T15:59:59.999Z', 'Asia/Shanghai', '2026-11-21', 'sat', 1439, '2026-11-16'],
  ['2026-11-21T16:00:00Z', 'Asia/Shanghai', '2026-11-22', 'sun', 0, '2026-11-16'],
  ['2026-11-22T16:00:00Z', 'Asia/Shanghai', '2026-11-23', 'mon', 0, '2026-11-23'],
  ['2026-03-29T00:59:00Z', 'Europe/Berlin', '2026-03-29', 'sun', 119, '2026-03-23'],
  ['2026-03-29T01:00:00Z', 'Europe/Berlin', '2026-03-29', 'sun', 180, '2026-03-23'],
  ['2026-10-25T00:30:00Z', 'Europe/Berlin', '2026-10-25', 'sun', 150, '2026-10-19'],
  ['2026-10-25T01:30:00Z', 'Europe/Berlin', '2026-10-25', 'sun', 150, '2026-10-19'],
  ['2026-01-01T03:00:00Z', 'America/New_York', '2025-12-31', 'wed', 1320, '2025-12-29'],
  ['2028-02-29T12:00:00Z', 'UTC', '2028-02-29', 'tue', 720, '2028-02-28'],
])('%s in %s is %s, a %s', (instant, zone, date, weekday, minutes, monday) => {
  const local = localTime(new Date(instant), zone);
  expect(local).toEqual({ date, weekday, minutes });
  expect(weekStart(local)).toBe(monday);
});

test('a zone is one of the IANA database', () => {
  expect(isTimeZone('Asia/Shanghai')).toBe(true);
  expect(isTimeZone('Asia/Atlantis')).toBe(false);
  expect(isTimeZone('')).toBe(false);
});

const LUNCH: Hours = { days: ['mon', 'wed'], from: '11:00', to: '14:00' };
const NIGHT: Hours = { days: ['fri'], from: '22:00', to: '02:00' };
const WHOLE: Hours = { days: ['sun'], from: '00:00', to: '24:00' };

test.each([
  [[], 'tue', 0, true],
  [[LUNCH], 'mon', 659, false],
  [[LUNCH], 'mon', 660, true],
  [[LUNCH], 'mon', 839, true],
  [[LUNCH], 'mon', 840, false],
  [[LUNCH], 'tue', 700, false],
  [[LUNCH], 'wed', 700, true],
  [[NIGHT], 'fri', 1319, false],
  [[NIGHT], 'fri', 1320, true],
  [[NIGHT], 'sat', 119, true],
  [[NIGHT], 'sat', 120, false],
  [[NIGHT], 'fri', 60, false],
  [[WHOLE], 'sun', 1439, true],
  [[LUNCH, NIGHT], 'sat', 10, true],
] as const)('hours %j on %s at minute %i: %s', (hours, weekday, minutes, expected) => {
  expect(isWithinHours(hours, { date: '2026-11-21', weekday, minutes })).toBe(expected);
});
