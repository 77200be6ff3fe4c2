import { membershipAt } from '../members/become.ts';
import type { Device } from '../members/model.ts';
import type { Database } from '../platform/database.ts';
import { joinIssuer } from '../privacy/join-issuer.ts';
import { tellTerminal } from '../terminals/event-store.ts';
import { visitSession } from './session.ts';
import type { SessionRefusal } from './session-model.ts';

/** Makes the member of other merchants one of this stand's; null when that is done. */
export async function joinInSession(
  database: Database,
  token: string,
  device: Device | null,
): Promise<SessionRefusal | null> {
  const visit = await visitSession(database, token, device);
  if (visit === null) return 'touch-unknown';
  if (visit.standing !== 'own') return 'touch-over';
  const member = device?.member ?? null;
  if (member === null) return 'join-first';
  const { tapId, issuerId, terminalId } = visit.session;
  const { memberId, walletId } = member;
  return database.transact(async (tx) => {
    if ((await membershipAt(tx, memberId, issuerId)) !== null) return null;
    if ((await joinIssuer(tx, memberId, issuerId)) === null) return 'membership-not-offered';
    const terminal = { issuerId, terminalId };
    await tellTerminal(tx, terminal, { kind: 'joined', tapId, walletId, detail: {} });
    return null;
  });
}
