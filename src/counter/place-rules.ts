import { type Caller, mayActFor } from '../access/model.ts';
import type { TerminalName } from '../terminals/model.ts';

/** A till stands at its own terminal; others look on from their issuer's. */
export function mayLookOn(caller: Caller, { issuerId, terminalId }: TerminalName): boolean {
  if (!mayActFor(caller, issuerId)) return false;
  return caller.kind !== 'till' || caller.terminalId === terminalId;
}
