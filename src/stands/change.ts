import { actorOf, type Caller, mayActFor } from '../access/model.ts';
import { audit } from '../audit/store.ts';
import type { Tx } from '../platform/database.ts';
import type { Stand } from './model.ts';
import { type StandOutcome, unknownPlace } from './register.ts';
import { changedStand, type StandChange } from './stand-rules.ts';
import { lockStand, updateStand } from './stand-store.ts';
import { endOpenLinks } from './write-link-store.ts';

/**
 * Changes what a stand is called, at which till it stands and whether it is in use. A tag that is
 * being written for another till is written for nothing, so the links for it end.
 */
export async function changeStand(
  tx: Tx,
  caller: Caller,
  id: string,
  change: StandChange,
): Promise<StandOutcome> {
  const before = await lockStand(tx, id);
  if (before === null || !mayActFor(caller, before.issuerId)) {
    return { ok: false, refusal: 'not-found' };
  }
  const { stand, linksEnd } = changedStand(before, change);
  if ((await updateStand(tx, stand).catch(unknownPlace)) === 'unknown') {
    return { ok: false, refusal: 'not-found' };
  }
  if (linksEnd) await endOpenLinks(tx, id);
  await noteChange(tx, caller, before, stand);
  return { ok: true, stand };
}

function noteChange(tx: Tx, caller: Caller, before: Stand, after: Stand): Promise<void> {
  const told = ({ terminalId, state }: Stand) => ({ terminalId, state });
  const entry = { action: 'stand.change', subject: after.id, outcome: 'changed' };
  const detail = { issuerId: after.issuerId, before: told(before), after: told(after) };
  return audit(tx, { actor: actorOf(caller), ...entry, detail });
}
