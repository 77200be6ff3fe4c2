import type { Stats } from 'node:fs';
import { lstat, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { EmbeddedPostgresError, USE_A_SERVER } from './errors.node.ts';

/** The user that PostgreSQL runs as, when that is not ourselves. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL refuses to run as root; this is "nobody", which needs no entry in /etc/passwd. */
const NOBODY: Account = { uid: 65_534, gid: 65_534 };

/** Who runs PostgreSQL: null for ourselves, and for root the owner of the data, or nobody. */
export async function accountFor(existingData: string | null): Promise<Account | null> {
  const self = process.getuid?.();
  if (existingData === null) return self === 0 ? NOBODY : null;
  const { uid, gid } = await stat(existingData);
  if (self === 0 && uid !== 0) return { uid, gid };
  if (self !== 0 && uid === self) return null;
  throw ofAnotherUser(existingData, uid);
}

function ofAnotherUser(data: string, uid: number): EmbeddedPostgresError {
  const remedy = uid === 0 ? `chown -R ${NOBODY.uid}:${NOBODY.gid} ${data}` : 'start as that user';
  return new EmbeddedPostgresError(
    `the database in ${data} belongs to user ${uid}, which cannot run it from here: ` +
      `${remedy}, or as root, or ${USE_A_SERVER}`,
  );
}

/** True when the account may pass through `folder` and every folder above it. */
export async function canReach(folder: string, account: Account | null): Promise<boolean> {
  if (account === null) return true;
  for (let current = folder; ; current = dirname(current)) {
    if (!mayTraverse(await lstat(current), account)) return false;
    if (current === dirname(current)) return true;
  }
}

/** Judged by mode bits: Node cannot ask the system on behalf of another user. */
export function mayTraverse(folder: Pick<Stats, 'mode' | 'uid' | 'gid'>, account: Account) {
  if (folder.uid === account.uid) return (folder.mode & 0o100) !== 0;
  if (folder.gid === account.gid) return (folder.mode & 0o010) !== 0;
  return (folder.mode & 0o001) !== 0;
}
