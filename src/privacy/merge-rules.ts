/** A membership of one of two members who become one. */
export interface MembershipToMerge {
  readonly issuerId: string;
  readonly number: number;
  readonly objectId: string;
  readonly joinedAt: Date;
  readonly externalId: string | null;
}

/** What becomes of two memberships at one issuer. */
export interface MergedMembership {
  readonly kept: MembershipToMerge;
  readonly ended: MembershipToMerge;
  /** The issuer's own name for the member, whichever of the two had one. */
  readonly externalId: string | null;
}

/** The number that the member has had for longer stays. */
export function decideMembership(
  one: MembershipToMerge,
  other: MembershipToMerge,
): MergedMembership {
  const order = one.joinedAt.getTime() - other.joinedAt.getTime() || one.number - other.number;
  const [kept, ended] = order <= 0 ? [one, other] : [other, one];
  return { kept, ended, externalId: kept.externalId ?? ended.externalId };
}
