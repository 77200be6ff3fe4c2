import { sealAfter } from '../../src/audit/chain.ts';
import { type ChainEnd, type ChainEntry, GENESIS } from '../../src/audit/model.ts';
import type { Damage } from '../../src/audit/verify.ts';
import type { SealRow } from '../../src/audit/verify-store.ts';
import type { Below } from './audit-tampers.ts';

/** The same tamperings as in the database, with a copy of its rows, where they cost little. */
export interface RowTamper {
  readonly does: string;
  readonly finds: readonly Damage[];
  readonly tamper: (rows: readonly SealRow[], below: Below) => SealRow[];
}

const TEXTS = ['actor', 'action', 'subject', 'outcome'] as const;

/** A character more, less or other in one of the texts, the time or the detail, or another number. */
function edited(entry: ChainEntry, below: Below): ChainEntry {
  const column = [...TEXTS, 'at', 'detail', 'seq'][below(7)];
  if (column === 'seq') return { ...entry, seq: entry.seq + 1 + below(1000) };
  if (column === 'at') {
    const time = Date.parse(entry.at) + (1 + below(1_000_000)) * (below(2) ? 1 : -1);
    return { ...entry, at: new Date(time).toISOString() };
  }
  if (column === 'detail')
    return { ...entry, detail: `{"z": ${below(1e6)}, "was": ${entry.detail}}` };
  const name = TEXTS[below(4)] ?? 'actor';
  return { ...entry, [name]: changedText(entry[name], below) };
}

function changedText(text: string, below: Below): string {
  const at = below(text.length + 1);
  const [before, after] = [text.slice(0, at), text.slice(at)];
  const other = `${before}~${after.slice(1)}`;
  return below(2) === 0 || other === text ? `${before}~${after}` : other;
}

function at(rows: readonly SealRow[], index: number): SealRow & { readonly sealed: ChainEntry } {
  const row = rows[index];
  if (row === undefined || row.sealed === null) throw new Error('there is no such row');
  return { ...row, sealed: row.sealed };
}

function edit(rows: readonly SealRow[], below: Below, index = below(rows.length)): SealRow[] {
  return rows.with(index, { ...at(rows, index), sealed: edited(at(rows, index).sealed, below) });
}

/** Numbers the positions from 1 without a hole. */
function inRanks(rows: readonly SealRow[]): SealRow[] {
  return rows.map((row, index) => ({ ...row, position: index + 1 }));
}

function inserted(rows: readonly SealRow[], below: Below): SealRow[] {
  const { sealed } = at(rows, below(rows.length));
  const intruder = { position: 0, entry: -5, sealed: { ...sealed, seq: -5 }, publishedHash: null };
  const { hash } = at(rows, below(rows.length));
  return inRanks(rows.toSpliced(below(rows.length), 0, { ...intruder, hash }));
}

function swapped(rows: readonly SealRow[], below: Below, withHashes: boolean): SealRow[] {
  const first = below(rows.length - 1);
  const second = first + 1 + below(rows.length - first - 1);
  const [one, other] = [at(rows, first), at(rows, second)];
  const put = (place: SealRow, from: SealRow): SealRow => ({
    ...place,
    entry: from.entry,
    sealed: from.sealed,
    hash: withHashes ? from.hash : place.hash,
  });
  return rows.with(first, put(one, other)).with(second, put(other, one));
}

/** As if it had always been so. */
function rehashed(rows: readonly SealRow[]): SealRow[] {
  let end: ChainEnd = GENESIS;
  return inRanks(rows).map((row) => {
    end = row.sealed === null ? end : sealAfter(end, row.sealed);
    return { ...row, ...end };
  });
}

export const ROW_TAMPERS: readonly RowTamper[] = [
  { does: 'edits an entry', finds: ['changed'], tamper: (rows, below) => edit(rows, below) },
  {
    does: 'edits a hash',
    finds: ['changed'],
    tamper: (rows, below) => {
      const index = below(rows.length);
      const hash = changedText(at(rows, index).hash, below);
      return rows.with(index, { ...at(rows, index), hash });
    },
  },
  {
    does: 'deletes an entry',
    finds: ['deleted'],
    tamper: (rows, below) => {
      const index = below(rows.length);
      return rows.with(index, { ...at(rows, index), sealed: null });
    },
  },
  {
    does: 'deletes a seal',
    finds: ['deleted', 'truncated'],
    tamper: (rows, below) => rows.toSpliced(below(rows.length), 1),
  },
  {
    does: 'deletes an entry and its seal and closes the ranks',
    finds: ['changed', 'truncated'],
    tamper: (rows, below) => inRanks(rows.toSpliced(below(rows.length), 1)),
  },
  { does: 'inserts an entry with a seal', finds: ['changed'], tamper: inserted },
  {
    does: 'swaps two entries',
    finds: ['changed'],
    tamper: (rows, below) => swapped(rows, below, false),
  },
  {
    does: 'swaps two entries and their hashes',
    finds: ['changed'],
    tamper: (rows, below) => swapped(rows, below, true),
  },
  {
    does: 'cuts off the end',
    finds: ['truncated'],
    tamper: (rows, below) => rows.slice(0, below(rows.length)),
  },
  {
    does: 'edits an entry and writes the rest of the chain anew',
    finds: ['rewritten'],
    tamper: (rows, below) => rehashed(edit(rows, below)),
  },
  {
    does: 'deletes an entry and writes the rest of the chain anew',
    finds: ['truncated'],
    tamper: (rows, below) => rehashed(rows.toSpliced(below(rows.length), 1)),
  },
  {
    does: 'inserts an entry and writes the rest of the chain anew',
    finds: ['rewritten'],
    tamper: (rows, below) => rehashed(inserted(rows, below)),
  },
];
