import type { Audited, Cell, Counts, Entry, Measure, Numbers } from './model.ts';

/**
 * What each outcome of an action counts as; null is a decision that counts as nothing. Any other
 * outcome of these actions is a refusal and named by its code. Actions that are not here are not
 * about coupons.
 */
const COUNTED: Readonly<Record<string, Readonly<Record<string, Measure | null>>>> = {
  claim: { issued: 'claimed' },
  redeem: { redeemed: 'redeemed' },
  // What is only held may come to nothing; once it is paid it is redeemed.
  hold: { held: null },
  confirm: {},
  release: { released: null, 'hold-expired': null },
  reverse: { reversed: 'reversed' },
  clone: { made: 'cloned', 'none-due': null },
  expire: { expired: 'expired' },
  'coupon.void': { voided: 'voided', unchanged: null },
  'coupon-class.void': { done: 'voided' },
  'transfer.create': { created: null },
  'transfer.accept': { accepted: 'transferred' },
};

const WITH_AMOUNTS: readonly Measure[] = ['redeemed', 'reversed'];

export function auditedOf({ at, action, subject, outcome, detail }: Entry): Audited {
  const read: unknown = JSON.parse(detail);
  const isObject = typeof read === 'object' && read !== null;
  return { at, action, subject, outcome, detail: isObject ? (read as Audited['detail']) : {} };
}

/** What an entry adds to the numbers: the one place that says so. */
export function cellsOf(entry: Audited): readonly Cell[] {
  const { action, outcome, detail } = entry;
  const outcomes = Object.hasOwn(COUNTED, action) ? COUNTED[action] : undefined;
  if (outcomes === undefined || !ORDINARY_TIME.test(entry.at)) return [];
  const measure = Object.hasOwn(outcomes, outcome) ? outcomes[outcome] : 'refused';
  if (measure == null) return [];
  const cells = [cell(entry, classOf(entry, measure), measure)];
  // A reversal also takes back the clone that the redemption had earned.
  if (measure === 'reversed') cells.push(cell(entry, textOf(detail.cloneClassId), 'unmade'));
  return cells.filter(({ classId, count }) => classId !== '' && count > 0);
}

/**
 * The redemption or coupon in which the class of an entry is looked up, when the entry comes from a
 * release that did not write it down; null when it need not be.
 */
export function idToLookUp({ action, subject, detail }: Audited): string | null {
  if (detail.classId !== undefined) return null;
  if (action === 'reverse' || action === 'clone') return subject;
  return action === 'redeem' ? textOf(detail.redemptionId) || subject : null;
}

/** A clone counts for its own class, which may be another than that of the redemption. */
function classOf({ action, subject, detail }: Audited, measure: Measure): string {
  const clones = measure === 'cloned' ? textOf(detail.cloneClassId) : '';
  if (clones !== '') return clones;
  return action === 'coupon-class.void' ? subject : textOf(detail.classId);
}

function cell(entry: Audited, classId: string, measure: Measure): Cell {
  const { at, action, outcome, detail } = entry;
  const amounts = WITH_AMOUNTS.includes(measure);
  return {
    classId,
    hour: hourOf(at),
    measure,
    reason: measure === 'refused' ? outcome : '',
    storeId: textOf(detail.storeId),
    redemptionIssuerId: textOf(detail.redemptionIssuerId),
    count: action === 'coupon-class.void' ? amountOf(detail.voidedCoupons) : countOf(detail),
    orderTotalMinor: amounts ? amountOf(detail.orderTotalMinor) : 0,
    discountMinor: amounts ? amountOf(detail.discountMinor) : 0,
  };
}

/** One entry tells of one coupon unless it says of how many. */
function countOf({ count }: Audited['detail']): number {
  return count === undefined ? 1 : amountOf(count);
}

/** Entries of earlier releases lack some details, and nothing here may fail on any entry. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function amountOf(value: unknown): number {
  return Number.isSafeInteger(value) && Number(value) > 0 ? Number(value) : 0;
}

/** Another one was never given to an entry. */
const ORDINARY_TIME = /^\d{4}-\d\d-\d\dT\d\d:/;

export function hourOf(at: string): string {
  return `${at.slice(0, 13)}:00:00.000Z`;
}

/** The cells with those of one place added up. */
export function added(cells: Iterable<Cell>): Cell[] {
  const sums = new Map<string, Cell>();
  for (const cell of cells) {
    const { classId, hour, measure, reason, storeId, redemptionIssuerId } = cell;
    const place = [classId, hour, measure, reason, storeId, redemptionIssuerId].join('\n');
    const sum = sums.get(place);
    sums.set(place, sum === undefined ? cell : { ...sum, ...sumOf(sum, cell) });
  }
  return [...sums.values()];
}

function sumOf(left: Counts, right: Counts): Counts {
  return {
    count: capped(left.count + right.count),
    orderTotalMinor: capped(left.orderTotalMinor + right.orderTotalMinor),
    discountMinor: capped(left.discountMinor + right.discountMinor),
  };
}

/** Bills beyond any bill must not make a sum fail. */
function capped(sum: number): number {
  return Math.min(sum, Number.MAX_SAFE_INTEGER);
}

/** What stands after reversals, of cells that belong together. */
export function numbersOf(
  cells: Iterable<Pick<Cell, 'measure' | 'reason' | keyof Counts>>,
): Numbers {
  const happened = new Map<Measure, Counts>();
  const refused = new Map<string, number>();
  for (const cell of cells) {
    happened.set(cell.measure, sumOf(of(cell.measure), cell));
    if (cell.measure !== 'refused') continue;
    refused.set(cell.reason, (refused.get(cell.reason) ?? 0) + cell.count);
  }
  function of(measure: Measure): Counts {
    return happened.get(measure) ?? NONE;
  }
  const [redeemed, reversed] = [of('redeemed'), of('reversed')];
  return {
    claimed: of('claimed').count,
    redeemed: redeemed.count - reversed.count,
    reversed: reversed.count,
    cloned: of('cloned').count - of('unmade').count,
    expired: of('expired').count,
    voided: of('voided').count,
    transferred: of('transferred').count,
    refused: Object.fromEntries(refused),
    orderTotalMinor: redeemed.orderTotalMinor - reversed.orderTotalMinor,
    discountMinor: redeemed.discountMinor - reversed.discountMinor,
  };
}

const NONE: Counts = { count: 0, orderTotalMinor: 0, discountMinor: 0 };
