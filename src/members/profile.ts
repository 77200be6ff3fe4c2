import type { MemberCaller } from '../access/model.ts';
import { audit } from '../audit/store.ts';
import type { Db, Tx } from '../platform/database.ts';
import type { Locale } from '../problems/model.ts';
import type { Profile } from './profile-model.ts';
import { findProfile, saveLanguage, saveWords } from './profile-store.ts';

/** What a member has told of themselves. */
export function readProfile(db: Db, { memberId }: MemberCaller): Promise<Profile> {
  return findProfile(db, memberId);
}

/** Keeps the language in which the member wants to read, on every phone. */
export async function chooseLanguage(tx: Tx, caller: MemberCaller, locale: Locale): Promise<void> {
  await saveLanguage(tx, caller.memberId, locale);
}

/** Changes the name and where notices go; null takes one away. */
export async function changeProfile(
  tx: Tx,
  { memberId, walletId }: MemberCaller,
  words: Pick<Profile, 'displayName' | 'email'>,
): Promise<void> {
  await saveWords(tx, walletId, words);
  // The words themselves are personal and stay out of the audit.
  await audit(tx, {
    actor: `member:${memberId}`,
    action: 'member.change',
    subject: memberId,
    outcome: 'changed',
  });
}
