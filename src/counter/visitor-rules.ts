import { refusalAt } from '../taps/coupon-decide.ts';
import type { HeldCoupon } from '../taps/model.ts';
import type { CounterEvent, VisitorCard, VisitorName } from './model.ts';

/** Where a visitor stands, and when. */
export interface Place {
  readonly issuerId: string;
  readonly storeId: string;
  readonly now: Date;
}

/** What the database knows of a wallet, as much of it as this issuer may know. */
export interface VisitorFacts {
  readonly walletId: string;
  readonly isMember: boolean;
  readonly name: string | null;
  readonly number: string | null;
  readonly tier: string | null;
  readonly plus: boolean;
  readonly passClasses: readonly string[];
  /** Unused ones that this issuer is among those to redeem. */
  readonly coupons: readonly HeldCoupon[];
}

/** Who it is, for the cashier's eye. */
export function visitorName(facts: VisitorFacts, { issuerId, storeId, now }: Place): VisitorName {
  const { walletId, name, number, tier, isMember, plus, passClasses, coupons } = facts;
  const counter = { redemptionIssuerId: issuerId, storeId, member: { plus, passClasses } };
  const usable = coupons.filter((coupon) => refusalAt(counter, coupon, now) === null);
  return { walletId, name, number, tier, isMember, usableCoupons: usable.length };
}

/** An event with the facts behind the rows that it names. */
export interface EventFacts extends Omit<CounterEvent, 'visitor' | 'at'> {
  readonly at: Date;
  readonly visitor: VisitorFacts | null;
}

export function counterEvent({ at, visitor, ...event }: EventFacts, place: Place): CounterEvent {
  const who = visitor === null ? null : visitorName(visitor, place);
  return { ...event, at: at.toISOString(), visitor: who };
}

/** A pass as its issuer wrote it. */
export interface CardFacts {
  readonly objectId: string;
  readonly type: string;
  readonly classBody: Readonly<Record<string, unknown>>;
  readonly objectBody: Readonly<Record<string, unknown>>;
}

/** What a cashier reads off a pass; whatever is not there in the form expected is left out. */
export function visitorCard({ objectId, type, classBody, objectBody }: CardFacts): VisitorCard {
  const points = fieldsOf(fieldsOf(objectBody.loyaltyPoints).balance);
  const money = fieldsOf(objectBody.balance ?? points.money);
  const title = fieldsOf(fieldsOf(objectBody.cardTitle).defaultValue).value;
  return {
    objectId,
    type,
    program: textOf(classBody.programName) ?? textOf(classBody.title) ?? textOf(title) ?? objectId,
    number: textOf(objectBody.accountId),
    tier: textOf(classBody.rewardsTier),
    points: textOf(points.string) ?? textOf(points.int) ?? textOf(points.double),
    balance: balanceOf(money),
  };
}

function balanceOf({ micros, currencyCode }: Readonly<Record<string, unknown>>) {
  const [amount, currency] = [textOf(micros), textOf(currencyCode)];
  if (amount === null || currency === null || !/^-?\d{1,18}$/.test(amount)) return null;
  if (!/^[A-Z]{3}$/.test(currency)) return null;
  const { maximumFractionDigits: digits = 2 } = new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
  }).resolvedOptions();
  return { amountMinor: Math.trunc(Number(amount) / 10 ** (6 - digits)), currency };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function textOf(value: unknown): string | null {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : null;
}
