import { eq } from 'drizzle-orm';
import { type Db, only, statement, type Tx } from '../platform/database.ts';
import type { Locale } from '../problems/model.ts';
import { wallets } from '../wallets/tables.ts';
import type { Profile } from './profile-model.ts';
import { members } from './tables.ts';

interface ProfileRow {
  readonly language: string | null;
  readonly display_name: string | null;
  readonly email: string | null;
}

const profile = statement<ProfileRow>(
  'members.profile',
  `select m.language, w.display_name, w.email
     from members m
     cross join lateral (select display_name, email from wallets
                          where id = m.wallet_id offset 0) w
    where m.id = $1`,
);

export async function findProfile(db: Db, memberId: string): Promise<Profile> {
  const row = only(await db.run(profile, [memberId]));
  const { language } = row;
  return {
    language: language === 'en' || language === 'zh-CN' ? language : null,
    displayName: row.display_name,
    email: row.email,
  };
}

export async function saveLanguage(tx: Tx, memberId: string, language: Locale): Promise<void> {
  await tx.query.update(members).set({ language }).where(eq(members.id, memberId));
}

export async function saveWords(
  tx: Tx,
  walletId: string,
  words: Pick<Profile, 'displayName' | 'email'>,
): Promise<void> {
  await tx.query.update(wallets).set(words).where(eq(wallets.id, walletId));
}
