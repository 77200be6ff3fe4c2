import type { Stand, StandState, WritingRefusal } from './model.ts';

/** Whether a stand may be touched and its tag written. */
export function isInUse(state: StandState): boolean {
  return state !== 'locked' && state !== 'retired';
}

/** The state of a stand that an operator puts back into use: what is known of its tag. */
export function stateInUse({
  writtenAt,
  verifiedAt,
}: Pick<Stand, 'writtenAt' | 'verifiedAt'>): StandState {
  if (verifiedAt !== null) return 'verified';
  return writtenAt === null ? 'blank' : 'written';
}

/** Why a phone may not write the stand's tag, or null. */
export function decideWriting({
  state,
  terminalId,
  tag,
}: Pick<Stand, 'state' | 'terminalId' | 'tag'>): WritingRefusal | null {
  if (!isInUse(state)) return 'stand-not-in-use';
  if (terminalId === null) return 'stand-at-no-till';
  // Its keys are set by authenticated commands, which no browser sends.
  return tag === 'ntag424' ? 'tag-needs-encoder' : null;
}

export interface StandChange {
  readonly name?: string | undefined;
  readonly terminalId?: string | null | undefined;
  readonly state?: 'in-use' | 'retired' | undefined;
}

/** A stand after a change, and whether links with which its tag could be written are void now. */
export function changedStand(
  stand: Stand,
  { name = stand.name, terminalId = stand.terminalId, state }: StandChange,
): { readonly stand: Stand; readonly linksEnd: boolean } {
  const asked = state === 'retired' ? 'retired' : stateInUse(stand);
  const changed = { ...stand, name, terminalId, state: state === undefined ? stand.state : asked };
  const linksEnd = terminalId !== stand.terminalId || !isInUse(changed.state);
  return { stand: changed, linksEnd };
}
