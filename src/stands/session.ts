import type { Device } from '../members/model.ts';
import type { Database } from '../platform/database.ts';
import { sha256Hex } from '../platform/hashes.ts';
import { joinIssuer } from '../privacy/join-issuer.ts';
import { recogniseTap } from '../taps/stand-tap-store.ts';
import { tellTerminal } from '../terminals/event-store.ts';
import { type SessionStanding, type StandSession, standingOf } from './session-model.ts';
import { findSession } from './session-store.ts';
import { SESSION_TOKEN } from './session-token.ts';

/** A session as the device that asks may see it. */
export interface SessionVisit {
  readonly session: StandSession;
  readonly standing: SessionStanding;
}

/**
 * The session at an address; null where there is none. When the phone has joined since its touch,
 * the tap becomes its member's and the till is told, once.
 */
export async function visitSession(
  database: Database,
  token: string,
  device: Device | null,
): Promise<SessionVisit | null> {
  if (!SESSION_TOKEN.test(token)) return null;
  const session = await findSession(database.reads, sha256Hex(token));
  if (session === null) return null;
  const standing = standingOf(session, device);
  const member = device?.member ?? null;
  if (standing !== 'own' || session.walletId !== null || member === null) {
    return { session, standing };
  }
  await joinWithTap(database, session, member);
  return { session: { ...session, walletId: member.walletId }, standing };
}

function joinWithTap(
  database: Database,
  { tapId, issuerId, terminalId }: StandSession,
  { memberId, walletId }: NonNullable<Device['member']>,
): Promise<void> {
  return database.transact(async (tx) => {
    if (!(await recogniseTap(tx, tapId, walletId))) return;
    await joinIssuer(tx, memberId, issuerId);
    const terminal = { issuerId, terminalId };
    await tellTerminal(tx, terminal, { kind: 'joined', tapId, walletId, detail: {} });
  });
}
