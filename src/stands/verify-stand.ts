import type { Tx } from '../platform/database.ts';
import { tellTerminal } from '../terminals/event-store.ts';
import { verifyWritten } from './reading-store.ts';

/** That somebody touched a stand whose tag was written: the tag works. Once, and told to its till. */
export async function markVerified(tx: Tx, standId: string): Promise<void> {
  const verified = await verifyWritten(tx, standId);
  if (verified === null) return;
  const { issuerId, terminalId } = verified;
  if (terminalId === null) return;
  const detail = { standId, state: 'verified' };
  await tellTerminal(
    tx,
    { issuerId, terminalId },
    { kind: 'stand', tapId: null, walletId: null, detail },
  );
}
