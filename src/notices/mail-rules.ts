import { type LocalTime, localTime } from '../coupons/calendar-rules.ts';
import type { ExpiringCoupon } from './model.ts';

export interface MailText {
  readonly subject: string;
  readonly text: string;
}

/**
 * What a mail about an expiring coupon says, in the languages in which its merchant has named it: a
 * plain name stands for both.
 */
export function mailText({ name, expiresAt, timeZone }: ExpiringCoupon): MailText {
  const names = typeof name === 'string' ? { en: name, 'zh-CN': name } : name;
  const end = endOf(new Date(expiresAt), timeZone);
  const texts = [
    ...(names.en === undefined ? [] : [english(onOneLine(names.en), end, timeZone)]),
    ...(names['zh-CN'] === undefined ? [] : [chinese(onOneLine(names['zh-CN']), end, timeZone)]),
  ];
  return {
    subject: texts.map(({ subject }) => subject).join(' / '),
    text: texts.map(({ text }) => `${text}\n`).join('\n'),
  };
}

/** The last day of a coupon, and the clock at its end when that is not the end of the day. */
interface End {
  readonly date: string;
  readonly clock: string;
}

function endOf(expiresAt: Date, timeZone: string): End {
  const { date } = localTime(new Date(expiresAt.getTime() - 1), timeZone);
  const end = localTime(expiresAt, timeZone);
  return { date, clock: end.date === date ? clockOf(end) : '24:00' };
}

function clockOf({ minutes }: LocalTime): string {
  const two = (number: number) => String(number).padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

function english(name: string, { date, clock }: End, timeZone: string): MailText {
  const subject = `Use “${name}” by ${date}`;
  const text = `Your coupon “${name}” is good until ${clock} on ${date} (${timeZone}).`;
  return { subject, text };
}

function chinese(name: string, { date, clock }: End, timeZone: string): MailText {
  const subject = `“${name}”将于 ${date} 到期`;
  const text = `您的优惠券“${name}”有效期至 ${date} ${clock}（${timeZone}）。`;
  return { subject, text };
}

/** A line break in a name is no new header. */
function onOneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}
