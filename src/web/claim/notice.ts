import { CLAIM_REFUSALS } from '../../claims/model.ts';
import type { Locale } from '../../problems/model.ts';
import type { SessionClaimRefusal } from '../../stands/session-model.ts';
import { claimTexts } from '../texts/claim.ts';
import type { Notice, Words } from './view.ts';

export type ToldRefusal = SessionClaimRefusal | 'too-many-claims' | 'overloaded';

const REFUSALS: readonly ToldRefusal[] = [
  ...CLAIM_REFUSALS,
  'not-found',
  'too-many-touches',
  'touch-over',
  'join-first',
  'membership-not-offered',
  'too-many-claims',
  'overloaded',
];

/** What `?told=` asks to tell of the step before; null where it asks for nothing that is known. */
export function noticeOf(
  told: string | undefined,
  locale: Locale,
  wordsOf: (code: ToldRefusal) => Words,
): Notice | null {
  if (told === 'claimed' || told === 'pending' || told === 'joined') {
    return { isGood: true, title: '', detail: claimTexts[locale].told[told] };
  }
  const refusal = REFUSALS.find((code) => code === told);
  return refusal === undefined ? null : { isGood: false, ...wordsOf(refusal) };
}
