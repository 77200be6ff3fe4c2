import { actorOf, type Caller, issuerSeenBy } from '../access/model.ts';
import { audit } from '../audit/store.ts';
import type { Tx } from '../platform/database.ts';
import { newId, newSecret } from '../platform/ids.ts';
import type { Wallet } from './model.ts';
import { insertWallet } from './store.ts';

export interface WalletInput {
  readonly displayName?: string | undefined;
  readonly externalId?: string | undefined;
  readonly email?: string | undefined;
  readonly plus?: boolean | undefined;
}

/** Makes a wallet that the caller keeps; null when its external id is taken. */
export async function createWallet(
  tx: Tx,
  caller: Caller,
  input: WalletInput,
): Promise<Wallet | null> {
  const wallet = await insertWallet(tx, {
    id: newId('wal'),
    issuerId: issuerSeenBy(caller),
    displayName: input.displayName ?? null,
    externalId: input.externalId ?? null,
    email: input.email ?? null,
    plus: input.plus ?? false,
    pairwiseSecret: newSecret(),
  });
  if (wallet === null) return null;
  await audit(tx, {
    actor: actorOf(caller),
    action: 'wallet.create',
    subject: wallet.id,
    outcome: 'created',
  });
  return wallet;
}
