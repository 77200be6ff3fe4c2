import { describe, expect, it } from 'vitest';
import type { CouponStatus } from '../../src/coupons/model.ts';
import { decideNotice } from '../../src/notices/decide.ts';
import {
  afterAttempt,
  LARGEST_JITTER,
  MAX_ATTEMPTS,
  RETRY_SECONDS,
  retryAfterTime,
  webhookOutcome,
} from '../../src/notices/delivery-rules.ts';
import { mailText } from '../../src/notices/mail-rules.ts';
import { DELIVERED, failed } from '../../src/notices/model.ts';

const at = (text: string) => new Date(`2026-11-28T${text}Z`);
const NOW = at('09:00:00');

describe('the holder of a coupon', () => {
  type Case = [
    told: string,
    status: CouponStatus,
    expires: string,
    due: string | null,
    noticed: string | null,
    withdrawn?: boolean,
  ];
  it.each<Case>([
    ['tell', 'issued', '12:00:00', '09:00:00', null],
    ['tell', 'issued', '12:00:00', '08:00:00', null],
    ['tell', 'issued', '09:00:00.001', '09:00:00', null],
    ['later 09:00:00.001', 'issued', '12:00:00', '09:00:00.001', null],
    ['later 11:00:00', 'issued', '12:00:00', '11:00:00', null],
    ['drop never', 'issued', '12:00:00', null, null],
    ['drop not-usable', 'issued', '09:00:00', '08:00:00', null],
    ['drop not-usable', 'issued', '08:00:00', '07:00:00', null],
    ['drop not-usable', 'redeemed', '12:00:00', '09:00:00', null],
    ['drop not-usable', 'expired', '12:00:00', '09:00:00', null],
    ['drop not-usable', 'voided', '12:00:00', '09:00:00', null],
    ['drop not-usable', 'transferred', '12:00:00', '09:00:00', null],
    ['drop not-usable', 'issued', '12:00:00', '09:00:00', null, true],
    ['drop noticed-before', 'issued', '12:00:00', '09:00:00', '08:00:00'],
    ['drop noticed-before', 'redeemed', '12:00:00', null, '08:00:00'],
  ])('%s: %s until %s, due %s, noticed %s', (told, status, expires, due, noticed, withdrawn) => {
    const coupon = {
      status,
      expiresAt: at(expires),
      dueAt: due === null ? null : at(due),
      noticedAt: noticed === null ? null : at(noticed),
      withdrawn: withdrawn === true,
    };
    const decision = decideNotice(coupon, NOW);
    const more =
      decision.kind === 'later'
        ? decision.dueAt.toISOString().slice(11, -1).replace('.000', '')
        : decision.kind === 'drop'
          ? decision.rule
          : '';
    expect(`${decision.kind} ${more}`.trim()).toBe(told);
  });
});

const HOUR = 3600;

describe('the schedule of attempts', () => {
  it('is the published one, the last 75 h 35 min after the first', () => {
    const times = [0];
    for (let attempts = 1; attempts < MAX_ATTEMPTS; attempts++) {
      const next = afterAttempt(failed('status-500'), attempts, NOW, 0);
      if (next.kind !== 'retry') throw new Error(`gave up after ${attempts}`);
      times.push((times.at(-1) ?? 0) + next.delaySeconds);
    }
    expect(times).toHaveLength(10);
    expect(RETRY_SECONDS).toEqual([5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400]);
    expect((times.at(-1) ?? 0) - 5).toBe(75 * HOUR + 35 * 60);
    expect(afterAttempt(failed('status-500'), 10, NOW, 0)).toEqual({
      kind: 'give-up',
      reason: 'status-500',
    });
  });

  it('is stretched by chance, by up to a tenth and never shortened', () => {
    for (const [index, pause] of RETRY_SECONDS.entries()) {
      for (const chance of [0, 0.3, 0.999]) {
        const next = afterAttempt(failed('timeout'), index + 1, NOW, chance);
        expect(next).toMatchObject({ delaySeconds: pause * (1 + LARGEST_JITTER * chance) });
      }
    }
  });

  it('ends at once with a failure that is final, and with a delivery', () => {
    const final = failed('no-address', { final: true });
    expect(afterAttempt(final, 1, NOW, 0)).toEqual({ kind: 'give-up', reason: 'no-address' });
    expect(afterAttempt(DELIVERED, 1, NOW, 0)).toEqual({ kind: 'delivered' });
    expect(afterAttempt(DELIVERED, 11, NOW, 0)).toEqual({ kind: 'delivered' });
  });

  it.each<[wishSeconds: number, attempts: number, delaySeconds: number]>([
    [60, 1, 60],
    [2, 1, 5],
    [-60, 1, 5],
    [60, 2, 300],
    [3 * HOUR, 4, 3 * HOUR],
    [24 * HOUR, 1, 24 * HOUR],
    [25 * HOUR, 1, 24 * HOUR],
    [1e9, 3, 24 * HOUR],
  ])('waits %i s as asked after attempt %i: %i s', (wish, attempts, delaySeconds) => {
    const notBefore = new Date(NOW.getTime() + wish * 1000);
    const next = afterAttempt(failed('status-429', { notBefore }), attempts, NOW, 0);
    expect(next).toMatchObject({ kind: 'retry', delaySeconds });
  });
});

describe('an answer of a receiver', () => {
  it.each([200, 201, 202, 204, 299])('%i is a delivery', (status) => {
    expect(webhookOutcome(status, null, NOW)).toEqual(DELIVERED);
  });

  it.each([100, 199, 300, 301, 302, 307, 308, 400, 401, 404, 408, 409, 500, 502, 504])(
    '%i is tried again, whatever Retry-After says',
    (status) => {
      expect(webhookOutcome(status, '60', NOW)).toEqual(failed(`status-${status}`));
    },
  );

  it.each([429, 503])('%i is tried again when Retry-After says', (status) => {
    expect(webhookOutcome(status, null, NOW)).toEqual(failed(`status-${status}`));
    const notBefore = at('09:02:00');
    expect(webhookOutcome(status, '120', NOW)).toEqual(failed(`status-${status}`, { notBefore }));
  });

  it('410 ends the endpoint', () => {
    const end = failed('status-410', { final: true, endsTarget: true });
    expect(webhookOutcome(410, null, NOW)).toEqual(end);
  });

  it.each<[text: string | null, time: string | null]>([
    [null, null],
    ['0', '09:00:00.000'],
    ['90', '09:01:30.000'],
    ['Sat, 28 Nov 2026 10:00:00 GMT', '10:00:00.000'],
    ['Sat, 28 Nov 2026 08:00:00 GMT', '08:00:00.000'],
    ['Sat, 28 Nov 2026 10:00:00 +0800', null],
    ['2026-11-28T10:00:00Z', null],
    ['Sat, 99 Nov 2026 10:00:00 GMT', null],
    ['-1', null],
    ['1.5', null],
    ['1e3', null],
    ['soon', null],
    ['', null],
    ['9999999999', null],
  ])('Retry-After: %s', (text, time) => {
    expect(retryAfterTime(text, NOW)?.toISOString().slice(11, -1) ?? null).toBe(time);
  });
});

describe('a mail about a coupon', () => {
  const coupon = {
    couponId: 'cpn_1',
    classId: '1990.lunch',
    walletId: 'wal_1',
    name: 'Five off',
    expiresAt: '2026-11-28T16:00:00.000Z',
    timeZone: 'Asia/Shanghai',
  };

  it('says until when, in both languages for a plain name', () => {
    expect(mailText(coupon)).toEqual({
      subject: 'Use “Five off” by 2026-11-28 / “Five off”将于 2026-11-28 到期',
      text:
        'Your coupon “Five off” is good until 24:00 on 2026-11-28 (Asia/Shanghai).\n\n' +
        '您的优惠券“Five off”有效期至 2026-11-28 24:00（Asia/Shanghai）。\n',
    });
  });

  it('is in the languages of the name', () => {
    const english = mailText({ ...coupon, name: { en: 'Five off' } });
    expect(english.subject).toBe('Use “Five off” by 2026-11-28');
    const both = mailText({ ...coupon, name: { en: 'Five off', 'zh-CN': '立减五元' } });
    expect(both.subject).toBe('Use “Five off” by 2026-11-28 / “立减五元”将于 2026-11-28 到期');
  });

  it('names the clock when the day is not over', () => {
    const { text } = mailText({ ...coupon, name: { en: 'x' }, expiresAt: '2026-11-28T06:30:00Z' });
    expect(text).toBe('Your coupon “x” is good until 14:30 on 2026-11-28 (Asia/Shanghai).\n');
  });

  it('makes no new line of a name that has one', () => {
    const { subject, text } = mailText({ ...coupon, name: { en: 'a\r\nBcc: b\u2028c\u0000' } });
    expect(subject).toBe('Use “a Bcc: b c” by 2026-11-28');
    expect(text.split('\n')).toHaveLength(2);
  });
});
