/** The kinds of pass, as Google spells them in its paths. */
export const VERTICALS = [
  'loyalty',
  'offer',
  'giftCard',
  'eventTicket',
  'transit',
  'flight',
  'generic',
] as const;

export type Vertical = (typeof VERTICALS)[number];

export type PassState = 'ACTIVE' | 'COMPLETED' | 'EXPIRED' | 'INACTIVE';

export type ReviewStatus = 'DRAFT' | 'UNDER_REVIEW' | 'APPROVED' | 'REJECTED';

/** A resource of the Wallet face in the shape its owner wrote, with Google's field names. */
export type PassBody = Record<string, unknown>;

export interface PassClass {
  readonly id: string;
  readonly issuerId: string;
  readonly vertical: Vertical;
  readonly body: PassBody;
  readonly reviewStatus: ReviewStatus;
  readonly enableSmartTap: boolean;
  readonly redemptionIssuers: readonly string[];
  readonly severalHolders: boolean;
  readonly version: number;
}

export interface PassObject {
  readonly id: string;
  readonly issuerId: string;
  readonly classId: string;
  readonly vertical: Vertical;
  readonly body: PassBody;
  readonly state: PassState;
  readonly redemptionValue: string | null;
  readonly validFrom: Date | null;
  readonly validUntil: Date | null;
  readonly version: number;
}

/** `issuerId.suffix`; the suffix may hold dots itself. */
export const RESOURCE_ID = /^[1-9][0-9]{0,18}\.[A-Za-z0-9._-]{1,200}$/;

export function issuerOf(resourceId: string): string {
  return resourceId.slice(0, resourceId.indexOf('.'));
}
