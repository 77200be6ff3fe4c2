import { actorOf, type Caller, mayActFor } from '../access/model.ts';
import { audit } from '../audit/store.ts';
import type { Tx } from '../platform/database.ts';
import { violatedConstraint } from '../platform/transact.ts';
import type { Store, StoreName, Terminal, TerminalName } from './model.ts';
import { saveStore, saveTerminal, type TerminalChange } from './store.ts';

/** Renames a store; null when the caller has no such store. */
export async function changeStore(
  tx: Tx,
  caller: Caller,
  name: StoreName,
  newName: string,
): Promise<Store | null> {
  if (!mayActFor(caller, name.issuerId)) return null;
  const store = await saveStore(tx, name, newName);
  if (store !== null) await recordChange(tx, caller, store);
  return store;
}

/** Null when the caller has no such terminal, or not the store that it is to stand in. */
export async function changeTerminal(
  tx: Tx,
  caller: Caller,
  name: TerminalName,
  change: TerminalChange,
): Promise<Terminal | null> {
  if (!mayActFor(caller, name.issuerId)) return null;
  const terminal = await saveTerminal(tx, name, change).catch((error: unknown) => {
    if (violatedConstraint(error) !== 'terminals_store_of_issuer') throw error;
    return null;
  });
  if (terminal !== null) await recordChange(tx, caller, terminal);
  return terminal;
}

function recordChange(tx: Tx, caller: Caller, { issuerId, id }: Store): Promise<void> {
  const entry = { action: 'terminal.change', subject: `${issuerId}/${id}`, outcome: 'changed' };
  return audit(tx, { actor: actorOf(caller), ...entry });
}
