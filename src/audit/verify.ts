import type { Db } from '../platform/database.ts';
import { sealAfter } from './chain.ts';
import { type ChainEnd, GENESIS } from './model.ts';
import { findIntruder, publishedHead, type SealRow, sealPage } from './verify-store.ts';

/**
 * What is wrong with a chain. `changed`: the entry at a position is not the one that was sealed
 * there, be it edited or swapped with another. `deleted`: an entry or its seal is gone. `inserted`:
 * an entry stands where none was sealed. `truncated`: the chain ends before a published head.
 * `rewritten`: it holds together but is not the one whose head was published.
 */
export type Damage = 'changed' | 'deleted' | 'inserted' | 'truncated' | 'rewritten';

/** The first thing that is wrong. */
export interface Finding {
  readonly ok: false;
  readonly damage: Damage;
  /** Null for an entry that has no place in the chain. */
  readonly position: number | null;
  /** The entry's number, where there is one. */
  readonly entry: number | null;
}

export type Verdict = Finding | ({ readonly ok: true } & ChainEnd);

const PAGE = 5000;
/** Below every number, negative ones too: somebody could have stated them. */
const FIRST = Number.MIN_SAFE_INTEGER;

/**
 * Goes through the chain from its beginning, in a bounded memory. `heads` were published and kept
 * outside of the database: without one a cut or rewritten end is found only if the database's own
 * record of its heads was left alone.
 */
export async function verifyChain(db: Db, heads: readonly ChainEnd[] = []): Promise<Verdict> {
  const own = await publishedHead(db);
  const known = own === null ? heads : [...heads, own];
  let end = GENESIS;
  for (let after = { position: FIRST, entry: FIRST }; ; ) {
    const page = await sealPage(db, after, PAGE);
    const verdict = verifySeals(end, page, known);
    if (!verdict.ok) return verdict;
    end = verdict;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) break;
    after = last;
  }
  return cutOff(end, known) ?? (await intruder(db)) ?? { ok: true, ...end };
}

/** Goes on through the seals that come next; gives the end or the first thing that is wrong. */
export function verifySeals(
  from: ChainEnd,
  seals: readonly SealRow[],
  heads: readonly ChainEnd[] = [],
): Verdict {
  let end: ChainEnd = { position: from.position, hash: from.hash };
  for (const seal of seals) {
    const damage = damageAt(end, seal, heads);
    if (damage !== null) {
      const position = damage === 'deleted' ? end.position + 1 : seal.position;
      return { ok: false, damage, position, entry: seal.entry };
    }
    end = { position: seal.position, hash: seal.hash };
  }
  return { ok: true, ...end };
}

function damageAt(end: ChainEnd, seal: SealRow, heads: readonly ChainEnd[]): Damage | null {
  const { position, hash, sealed, publishedHash } = seal;
  if (position <= end.position) return 'inserted';
  if (position > end.position + 1 || sealed === null) return 'deleted';
  if (sealAfter(end, sealed).hash !== hash) return 'changed';
  const published = heads.filter((head) => head.position === position).map((head) => head.hash);
  if (publishedHash !== null) published.push(publishedHash);
  return published.every((one) => one === hash) ? null : 'rewritten';
}

/** Of a chain that is whole by itself. */
export function cutOff(end: ChainEnd, heads: readonly ChainEnd[]): Finding | null {
  const isCut = heads.some(({ position }) => position > end.position);
  return isCut ? { ok: false, damage: 'truncated', position: end.position + 1, entry: null } : null;
}

async function intruder(db: Db): Promise<Finding | null> {
  for (let after = FIRST; ; ) {
    const found = await findIntruder(db, after, PAGE);
    if (found.intruder !== null) {
      return { ok: false, damage: 'inserted', position: null, entry: found.intruder };
    }
    if (found.reached === null) return null;
    after = found.reached;
  }
}
