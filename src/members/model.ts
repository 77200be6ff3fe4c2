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
