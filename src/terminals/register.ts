import { actorOf, type Caller, mayActFor } from '../access/model.ts';
import { audit } from '../audit/store.ts';
import type { Tx } from '../platform/database.ts';
import { violatedConstraint } from '../platform/transact.ts';
import type { Store, Terminal } from './model.ts';
import { insertStore, insertTerminal } from './store.ts';

export type RegisterOutcome = 'created' | 'already-exists' | 'not-found';

/** Registers a store; `not-found` is an issuer that the caller may not act for. */
export function registerStore(tx: Tx, caller: Caller, store: Store): Promise<RegisterOutcome> {
  return register(tx, caller, store, () => insertStore(tx, store));
}

/** Registers a terminal; `not-found` is such an issuer, or a store that the issuer has not. */
export function registerTerminal(
  tx: Tx,
  caller: Caller,
  terminal: Terminal,
): Promise<RegisterOutcome> {
  return register(tx, caller, terminal, () => insertTerminal(tx, terminal));
}

async function register(
  tx: Tx,
  caller: Caller,
  { id, issuerId }: Store,
  insert: () => Promise<boolean>,
): Promise<RegisterOutcome> {
  if (!mayActFor(caller, issuerId)) return 'not-found';
  const inserted = await insert().catch((error: unknown) => {
    if (violatedConstraint(error) === null) throw error;
    return null;
  });
  if (inserted === null) return 'not-found';
  if (!inserted) return 'already-exists';
  const subject = `${issuerId}/${id}`;
  const entry = { action: 'terminal.register', subject, outcome: 'created' };
  await audit(tx, { actor: actorOf(caller), ...entry });
  return 'created';
}
