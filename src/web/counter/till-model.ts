import type {
  CounterEvent,
  Offer,
  PreflightCheck,
  TillFace,
  Visitor,
  VisitorName,
} from '../../counter/model.ts';

/** The live line. Times are milliseconds of this machine's clock. */
export type LineStatus =
  | { readonly kind: 'off' }
  | { readonly kind: 'connecting' }
  | { readonly kind: 'on' }
  /** `retryAt` is null while it is being tried. */
  | { readonly kind: 'lost'; readonly since: number; readonly retryAt: number | null }
  /** On again; what was missed has arrived meanwhile. */
  | { readonly kind: 'back'; readonly missed: number };

export const MODES = ['sale', 'recharge', 'spend', 'lookup'] as const;

export type Mode = (typeof MODES)[number];

export interface Bill {
  readonly id: string;
  /** Null until an amount was entered. */
  readonly totalMinor: number | null;
}

/** One touch of the stand as the till remembers it. */
export interface TillTap {
  /** The tap, or the wallet where a visitor was found by search. */
  readonly key: string;
  readonly tapId: string | null;
  readonly at: string;
  readonly proof: CounterEvent['proof'];
  /** Somebody must look whose phone it is before a coupon is redeemed. */
  readonly lowTrust: boolean;
  /** Null for a phone that is nobody's yet. */
  readonly name: VisitorName | null;
}

export interface ShownVisitor {
  readonly tap: TillTap;
  /** Null until it was read. */
  readonly details: Visitor | null;
  /** The cashier looked and said that it is this member. */
  readonly confirmed: boolean;
}

export interface Offers {
  /** What they were asked for: the wallet and the bill. */
  readonly key: string;
  readonly state: 'loading' | 'ready' | 'failed';
  readonly list: readonly Offer[];
}

/** A bill that was set aside, or one that could come back. */
export interface ParkedBill {
  readonly bill: Bill;
  readonly visitor: ShownVisitor | null;
}

export interface LastBill {
  readonly totalMinor: number;
  readonly discountMinor: number;
  readonly payableMinor: number;
}

/** What Ctrl+Z would take back. */
export type Undo =
  | {
      readonly kind: 'redemption';
      readonly redemptionId: string;
      readonly until: number;
      readonly parked: ParkedBill;
    }
  | { readonly kind: 'bill'; readonly parked: ParkedBill };

export interface RedemptionRequest {
  readonly couponCode: string;
  readonly collectorId: string;
  readonly terminalId: string;
  readonly order: { readonly id: string; readonly currency: string; readonly totalMinor: number };
}

/** A redemption that was not uploaded, of a coupon that had been found good. */
export interface QueuedRedemption {
  readonly key: string;
  readonly queuedAt: number;
  readonly couponName: string;
  readonly visitorName: string | null;
  readonly discountMinor: number;
  readonly request: RedemptionRequest;
  /** Why the service refused it when it was uploaded; null while it waits. */
  readonly conflict: Problem | null;
}

/** A refusal as the service words it. */
export interface Problem {
  readonly code: string;
  readonly title: string;
  readonly detail: string;
}

export type Notice =
  | { readonly kind: 'tapped' | 'chip'; readonly name: VisitorName | null }
  | { readonly kind: 'redeemed'; readonly discountMinor: number; readonly payableMinor: number }
  | { readonly kind: 'queued'; readonly discountMinor: number; readonly payableMinor: number }
  | { readonly kind: 'odd-amount'; readonly totalMinor: number }
  | { readonly kind: 'nothing-found'; readonly query: string }
  | { readonly kind: 'slow'; readonly milliseconds: number }
  | { readonly kind: 'problem'; readonly problem: Problem }
  | {
      readonly kind:
        | 'finished'
        | 'undone'
        | 'bill-back'
        | 'claimed'
        | 'stand-tested'
        | 'confirm-first'
        | 'no-coupon'
        | 'no-bill'
        | 'no-collector'
        | 'not-enabled'
        | 'wait'
        | 'unreachable'
        | 'undo-needs-line'
        | 'not-validated'
        | 'queue-full'
        | 'conflict';
    };

const ALERTS: readonly Notice['kind'][] = [
  'problem',
  'unreachable',
  'undo-needs-line',
  'not-validated',
  'queue-full',
  'conflict',
];

/** Whether it interrupts who listens to the screen. */
export function isAlert({ kind }: Notice): boolean {
  return ALERTS.includes(kind);
}

export type Dialog = 'help' | 'queue';

export interface TillState {
  readonly till: TillFace;
  readonly line: LineStatus;
  readonly mode: Mode;
  readonly bill: Bill;
  readonly visitor: ShownVisitor | null;
  /** Who tapped while a bill was in work, oldest first. */
  readonly chips: readonly TillTap[];
  readonly offers: Offers | null;
  readonly pickedId: string | null;
  /** The code of a coupon that is to be picked once it is among the offers. */
  readonly wantedCode: string | null;
  readonly busy: 'redeeming' | 'undoing' | null;
  readonly taps: readonly TillTap[];
  readonly found: readonly VisitorName[];
  readonly held: readonly ParkedBill[];
  readonly queue: readonly QueuedRedemption[];
  readonly lastBill: LastBill | null;
  readonly undo: Undo | null;
  readonly notice: Notice | null;
  readonly preflight: readonly PreflightCheck[] | null;
  /** Ended: the service does not know this till any more. */
  readonly session: 'paired' | 'ended';
  readonly dialog: Dialog | null;
}

export type TillEvent =
  | { readonly type: 'line'; readonly status: LineStatus }
  /** `fresh`: it happened just now, and not while nobody listened. */
  | { readonly type: 'heard'; readonly event: CounterEvent; readonly fresh: boolean }
  | { readonly type: 'visitor'; readonly key: string; readonly visitor: Visitor }
  | { readonly type: 'found'; readonly query: string; readonly visitors: readonly VisitorName[] }
  /** `code`: the coupon that was scanned, to be picked of theirs. */
  | {
      readonly type: 'choose';
      readonly visitor: VisitorName;
      readonly at: string;
      readonly code: string | null;
    }
  | { readonly type: 'switch'; readonly key: string }
  | { readonly type: 'confirm' }
  | { readonly type: 'taps'; readonly taps: readonly CounterEvent[] }
  | { readonly type: 'amount'; readonly totalMinor: number; readonly odd: boolean }
  | { readonly type: 'offers'; readonly offers: Offers }
  | { readonly type: 'pick'; readonly couponId: string | null }
  | { readonly type: 'busy'; readonly with: TillState['busy'] }
  | { readonly type: 'done'; readonly done: Done; readonly nextBillId: string }
  | { readonly type: 'undo-over' | 'step-back' | 'restore' | 'unpaired' }
  /** Known again, after it was not. */
  | { readonly type: 'paired'; readonly till: TillFace }
  | { readonly type: 'undone'; readonly parked: ParkedBill }
  | { readonly type: 'hold'; readonly nextBillId: string }
  | { readonly type: 'resume'; readonly billId: string }
  | { readonly type: 'clear'; readonly nextBillId: string }
  | { readonly type: 'mode'; readonly mode: Mode }
  | { readonly type: 'queue'; readonly queue: readonly QueuedRedemption[] }
  | { readonly type: 'preflight'; readonly checks: readonly PreflightCheck[] | null }
  | { readonly type: 'notice'; readonly notice: Notice | null }
  | { readonly type: 'dialog'; readonly dialog: Dialog | null };

/** How a bill ended. */
export type Done = LastBill &
  (
    | { readonly how: 'redeemed'; readonly redemptionId: string; readonly undoUntil: number }
    | { readonly how: 'queued' | 'finished' }
  );
