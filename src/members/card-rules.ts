import type { PassBody } from '../passes/model.ts';

/** A member's card at an issuer, before it is a pass. */
export interface Card {
  readonly objectId: string;
  readonly classId: string;
  readonly number: number;
  /** What terminals receive and cashiers scan; it cannot be guessed from the number. */
  readonly redemptionValue: string;
}

/**
 * The loyalty object of a card. It is the issuer's, and a member's name is not: the account goes
 * by its number.
 */
export function cardBody({ objectId, classId, number, redemptionValue }: Card): PassBody {
  return {
    id: objectId,
    classId,
    state: 'ACTIVE',
    accountId: String(number),
    accountName: String(number),
    smartTapRedemptionValue: redemptionValue,
    barcode: { type: 'QR_CODE', value: redemptionValue, alternateText: String(number) },
  };
}
