import type { TillCaller } from '../access/model.ts';
import type { Tx } from '../platform/database.ts';
import { tellTerminal } from '../terminals/event-store.ts';
import type { DisplayRequest } from './model.ts';

/** Tells the customer's display at the till's terminal what to show. */
export async function showOnDisplay(
  tx: Tx,
  till: TillCaller,
  { walletId, ...state }: DisplayRequest,
): Promise<void> {
  const event = { tapId: null, walletId: walletId ?? null, detail: state };
  await tellTerminal(tx, till, { kind: 'display', ...event });
}
