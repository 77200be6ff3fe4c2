const membership = {
  issuerId: '1990',
  number: 11,
  objectId: '1990.m11-7q2m9k4d',
  walletRef: 'ref_2f6a0c55f3a1498bb1c7d0a2f4e39d8c61e2',
  joinedAt: '2026-11-21T04:12:00.000Z',
};

/** Member no. 11 of the noodle shop. */
export const memberExamples = {
  setMembershipTerms: {
    request: { classId: '1990.gold' },
    response: { issuerId: '1990', classId: '1990.gold' },
  },
  importMembership: {
    request: {
      issuerId: '1990',
      externalId: 'card-000204',
      phone: '+86 138 0013 8000',
      number: 11,
    },
    response: membership,
  },
  listMemberships: {
    response: { items: [{ ...membership, externalId: 'card-000204' }], nextCursor: null },
  },
};
