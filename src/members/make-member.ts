import { audit } from '../audit/store.ts';
import type { Tx } from '../platform/database.ts';
import { newId, newSecret } from '../platform/ids.ts';
import { insertWallet } from '../wallets/store.ts';
import { insertMember, type SealedPhone } from './member-store.ts';
import type { DeviceMember } from './model.ts';

/** How somebody came to be a member, as the audit tells it. */
export type JoinedBy = 'phone' | 'sign-in' | 'import';

export interface NewMemberInput {
  readonly displayName: string | null;
  readonly joinedBy: JoinedBy;
  /** Sealed for the member whose id it is given. */
  readonly phoneFor: (memberId: string) => Promise<SealedPhone | null>;
}

/** A new member with an empty wallet of the platform. */
export async function makeMember(tx: Tx, input: NewMemberInput): Promise<DeviceMember> {
  const { displayName, joinedBy, phoneFor } = input;
  const memberId = newId('mem');
  const walletId = newId('wal');
  const made = await insertWallet(tx, {
    id: walletId,
    issuerId: null,
    displayName,
    externalId: null,
    email: null,
    plus: false,
    pairwiseSecret: newSecret(),
  });
  if (made === null) throw new Error('a new wallet id was taken');
  await insertMember(tx, { id: memberId, walletId, phone: await phoneFor(memberId) });
  await audit(tx, {
    actor: `member:${memberId}`,
    action: 'member.join',
    subject: memberId,
    outcome: 'joined',
    detail: { by: joinedBy },
  });
  return { memberId, walletId, displayName };
}
