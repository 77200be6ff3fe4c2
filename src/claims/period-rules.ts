import { localTime, weekStart } from '../coupons/calendar-rules.ts';
import type { Claimant, ClaimTerms } from './model.ts';

/** How many coupons of a class a member had in one day or week. */
export interface MemberPeriod {
  readonly period: 'day' | 'week';
  /** Its first day. */
  readonly start: string;
  readonly claimed: number;
}

/** A day or a week in which a member has so many at most. */
export interface LimitedPeriod extends Pick<MemberPeriod, 'period' | 'start'> {
  readonly memberLimit: number;
}

/** The day and the week that a class counts a claim of now in. */
export function periodsOf(
  terms: Pick<ClaimTerms, 'timeZone' | 'perMemberDayLimit' | 'perMemberWeekLimit'>,
  now: Date,
): LimitedPeriod[] {
  const { timeZone, perMemberDayLimit, perMemberWeekLimit } = terms;
  if (perMemberDayLimit === null && perMemberWeekLimit === null) return [];
  const today = localTime(now, timeZone);
  const day = { period: 'day', start: today.date, memberLimit: perMemberDayLimit } as const;
  const week = {
    period: 'week',
    start: weekStart(today),
    memberLimit: perMemberWeekLimit,
  } as const;
  return [day, week].filter((period): period is LimitedPeriod => period.memberLimit !== null);
}

/** What a member had of a class in those periods. */
export function claimedIn(
  periods: readonly LimitedPeriod[],
  had: readonly MemberPeriod[],
): Pick<Claimant, 'claimedToday' | 'claimedThisWeek'> {
  const countedIn = (kind: MemberPeriod['period']) => {
    const start = periods.find(({ period }) => period === kind)?.start;
    return had.find((some) => some.period === kind && some.start === start)?.claimed ?? 0;
  };
  return { claimedToday: countedIn('day'), claimedThisWeek: countedIn('week') };
}
