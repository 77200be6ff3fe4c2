/** A phone that has tapped. Without a member it is known, and nobody's. */
export interface Device {
  readonly id: string;
  readonly member: DeviceMember | null;
}

/** Whose phone it is. */
export interface DeviceMember {
  readonly memberId: string;
  readonly walletId: string;
  /** What the member wants to be called. */
  readonly displayName: string | null;
}

/** That a member joined an issuer: the pass that the issuer gave, and the member's number there. */
export interface Membership {
  readonly memberId: string;
  readonly issuerId: string;
  readonly number: number;
  readonly objectId: string;
  readonly joinedAt: Date;
}

/** A membership as its issuer sees it: who the member is, the issuer is not told. */
export interface IssuersMembership extends Omit<Membership, 'memberId'> {
  /** What the issuer's own member system calls the member; null for who joined here. */
  readonly externalId: string | null;
  /** The same that the issuer's terminals are told. */
  readonly walletRef: string;
}

/** What joining at an issuer gives: a pass of that class. */
export interface MembershipTerms {
  readonly issuerId: string;
  readonly classId: string;
}

/** Why an issuer gets no members in this way; a caller that may not act for it is `not-found`. */
export type MembershipRefusal =
  | 'not-found'
  | 'members-not-enabled'
  | 'class-not-for-members'
  | 'number-taken'
  | 'already-exists'
  | 'phone-invalid'
  | 'phones-not-kept';
