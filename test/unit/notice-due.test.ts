import { describe, expect, it } from 'vitest';
import { noticeDue } from '../../src/coupons/notice-due.ts';

const iso = (expiresAt: string, days: number, timeZone: string) =>
  noticeDue(new Date(expiresAt), days, timeZone)?.toISOString() ?? null;

type Case = [what: string, expiresAt: string, days: number, zone: string, due: string | null];

describe('a notice is due', () => {
  it.each<Case>([
    ['never', '2026-11-28T16:00:00Z', -1, 'Asia/Shanghai', null],
    // The coupon ends with 28 November in Shanghai.
    ['on the last day', '2026-11-28T16:00:00Z', 0, 'Asia/Shanghai', '2026-11-28T01:00:00.000Z'],
    ['3 days before', '2026-11-28T16:00:00Z', 3, 'Asia/Shanghai', '2026-11-25T01:00:00.000Z'],
    ['a year before', '2026-11-28T16:00:00Z', 365, 'Asia/Shanghai', '2025-11-28T01:00:00.000Z'],
    // One millisecond more reaches into the 29th.
    ['by the last ms', '2026-11-28T16:00:00.001Z', 0, 'Asia/Shanghai', '2026-11-28T16:00:00.000Z'],
    ['by the last ms', '2026-11-28T16:00:00.001Z', 1, 'Asia/Shanghai', '2026-11-28T01:00:00.000Z'],
    ['before 09:00 exactly', '2026-11-28T09:00:00Z', 0, 'UTC', '2026-11-28T00:00:00.000Z'],
    ['at 09:00 for 09:00:00.001', '2026-11-28T09:00:00.001Z', 0, 'UTC', '2026-11-28T09:00:00.000Z'],
    ['at midnight for 08:59', '2026-11-28T08:59:00Z', 0, 'UTC', '2026-11-28T00:00:00.000Z'],
    ['at 09:00 the day before 08:59', '2026-11-28T08:59:00Z', 1, 'UTC', '2026-11-27T09:00:00.000Z'],
    ['the day before midnight', '2026-12-01T00:00:00Z', 0, 'UTC', '2026-11-30T09:00:00.000Z'],
    ['over a leap day', '2028-03-01T12:00:00Z', 1, 'UTC', '2028-02-29T09:00:00.000Z'],
    ['over new year', '2027-01-02T12:00:00Z', 3, 'UTC', '2026-12-30T09:00:00.000Z'],
    [
      'in a zone of 45 minutes',
      '2026-11-28T12:00:00Z',
      0,
      'Asia/Kathmandu',
      '2026-11-28T03:15:00.000Z',
    ],
    [
      'in a zone of +14',
      '2026-11-28T12:00:00Z',
      0,
      'Pacific/Kiritimati',
      '2026-11-28T10:00:00.000Z',
    ],
    [
      'in a zone of -11',
      '2026-11-28T12:00:00Z',
      0,
      'Pacific/Pago_Pago',
      '2026-11-28T11:00:00.000Z',
    ],
  ])('%s: %s, %i, %s', (_what, expiresAt, days, zone, due) => {
    expect(iso(expiresAt, days, zone)).toBe(due);
  });
});

describe('where clocks are changed, a notice is due', () => {
  it.each<Case>([
    // Berlin goes from +1 to +2 on 29 March 2026 at 02:00, and back on 25 October at 03:00.
    ['before spring', '2026-03-29T22:00:00Z', 1, 'Europe/Berlin', '2026-03-28T08:00:00.000Z'],
    ['on spring day', '2026-03-29T22:00:00Z', 0, 'Europe/Berlin', '2026-03-29T07:00:00.000Z'],
    ['on spring eve', '2026-03-31T22:00:00Z', 3, 'Europe/Berlin', '2026-03-28T08:00:00.000Z'],
    ['at spring midnight', '2026-03-29T06:00:00Z', 0, 'Europe/Berlin', '2026-03-28T23:00:00.000Z'],
    ['before autumn', '2026-10-25T23:00:00Z', 1, 'Europe/Berlin', '2026-10-24T07:00:00.000Z'],
    ['on autumn day', '2026-10-25T23:00:00Z', 0, 'Europe/Berlin', '2026-10-25T08:00:00.000Z'],
    ['at autumn midnight', '2026-10-25T07:00:00Z', 0, 'Europe/Berlin', '2026-10-24T22:00:00.000Z'],
    // In the hour that is there twice the coupon has its last day all the same.
    ['in the fold, first', '2026-10-25T00:30:00Z', 0, 'Europe/Berlin', '2026-10-24T22:00:00.000Z'],
    ['in the fold, second', '2026-10-25T01:30:00Z', 0, 'Europe/Berlin', '2026-10-24T22:00:00.000Z'],
    // São Paulo went from -3 to -2 on 4 November 2018, which had no midnight: it began at 01:00.
    [
      'without midnight',
      '2018-11-04T08:00:00Z',
      0,
      'America/Sao_Paulo',
      '2018-11-04T03:00:00.000Z',
    ],
    ['on that morning', '2018-11-05T02:00:00Z', 0, 'America/Sao_Paulo', '2018-11-04T11:00:00.000Z'],
    ['the day before', '2018-11-05T02:00:00Z', 1, 'America/Sao_Paulo', '2018-11-03T12:00:00.000Z'],
    // The instant at which the day begins is the end of the day before.
    ['to its end', '2018-11-04T03:00:00Z', 0, 'America/Sao_Paulo', '2018-11-03T12:00:00.000Z'],
    // It went back on 17 February 2019 at 24:00 of the 16th, so that the 16th had 23:00 twice.
    ['in 23:30 again', '2019-02-17T02:30:00Z', 0, 'America/Sao_Paulo', '2019-02-16T11:00:00.000Z'],
    [
      'to a long day’s end',
      '2019-02-17T03:00:00Z',
      0,
      'America/Sao_Paulo',
      '2019-02-16T11:00:00.000Z',
    ],
    [
      'after the last change',
      '2019-11-04T03:00:00Z',
      0,
      'America/Sao_Paulo',
      '2019-11-03T12:00:00.000Z',
    ],
    // Havana has midnight twice: at 01:00 of 1 November 2026 it is 00:00 again.
    [
      'at the first midnight',
      '2026-11-01T10:00:00Z',
      0,
      'America/Havana',
      '2026-11-01T04:00:00.000Z',
    ],
    [
      'between two midnights',
      '2026-11-01T05:00:00Z',
      0,
      'America/Havana',
      '2026-11-01T04:00:00.000Z',
    ],
    // Lord Howe changes by half an hour.
    [
      'by half an hour',
      '2026-10-04T12:00:00Z',
      0,
      'Australia/Lord_Howe',
      '2026-10-03T22:00:00.000Z',
    ],
    // Samoa had no 30 December 2011: what would be due then is due when the 31st begins.
    ['without a day', '2011-12-31T22:00:00Z', 2, 'Pacific/Apia', '2011-12-30T10:00:00.000Z'],
  ])('%s: %s, %i, %s', (_what, expiresAt, days, zone, due) => {
    expect(iso(expiresAt, days, zone)).toBe(due);
  });

  it('always on a whole minute that is before the end of the coupon', () => {
    const zones = ['Europe/Berlin', 'America/Sao_Paulo', 'America/Havana', 'Australia/Lord_Howe'];
    const begin = Date.parse('2018-01-01T00:00:00Z');
    for (let hour = 0; hour < 24 * 900; hour += 7) {
      const expiresAt = new Date(begin + hour * 3_600_000);
      for (const zone of zones) {
        for (const days of [0, 3]) {
          const due = noticeDue(expiresAt, days, zone);
          const before = (expiresAt.getTime() - (due?.getTime() ?? 0)) / 3_600_000;
          expect(before).toBeGreaterThan(days === 0 ? 0 : 24 * days - 11);
          expect(before).toBeLessThanOrEqual(24 * days + 24 + 2);
          expect(due?.getUTCSeconds()).toBe(0);
        }
      }
    }
  });
});

it('a zone that is none is refused', () => {
  expect(() => noticeDue(new Date(), 0, 'Mars/Olympus')).toThrow(RangeError);
});
