import type { Tx } from '../platform/database.ts';
import { idPattern } from '../platform/ids.ts';
import { type CsvCell, CsvColumn, wrongLine } from './csv-column.ts';
import { type AddTarget, addNamed, NAMES_AT_ONCE } from './items-store.ts';
import { MAX_WALLETS, WALLET_NAMES, type WalletName } from './model.ts';

const NO_HEADER = `must be the header ${WALLET_NAMES.join(' or ')}`;
const WALLET_ID = idPattern('wal');
const LONGEST_EXTERNAL_ID = 200;

/**
 * Adds the wallets that a CSV names as it arrives; gives how many, each counted once.
 * @throws ProblemError `invalid-request` that names the first wrong line
 */
export async function addListed(
  tx: Tx,
  { bulkId, keeper, most = MAX_WALLETS }: AddTarget,
  csv: AsyncIterable<Uint8Array>,
): Promise<number> {
  let total = 0;
  for await (const { by, names, line } of batchesOf(csv)) {
    total += await addNamed(tx, { bulkId, from: total }, by, names, keeper);
    if (total > most) throw wrongLine(line, `comes after more than ${most} wallets`);
  }
  return total;
}

interface Batch {
  readonly by: WalletName;
  readonly names: readonly string[];
  /** The line of the last name. */
  readonly line: number;
}

async function* batchesOf(csv: AsyncIterable<Uint8Array>): AsyncGenerator<Batch> {
  let by: WalletName | null = null;
  for await (const [...cells] of cellsOf(csv)) {
    by ??= headerIn(cells.shift());
    while (cells.length > 0) {
      const some = cells.splice(0, NAMES_AT_ONCE);
      const names = namesIn(some, by);
      yield { by, names, line: some.at(-1)?.line ?? 0 };
    }
  }
  if (by === null) throw wrongLine(1, NO_HEADER);
}

async function* cellsOf(csv: AsyncIterable<Uint8Array>): AsyncGenerator<CsvCell[]> {
  const column = new CsvColumn();
  for await (const bytes of csv) {
    const cells = column.push(bytes);
    if (cells.length > 0) yield cells;
  }
  const last = column.end();
  if (last.length > 0) yield last;
}

function headerIn(cell: CsvCell | undefined): WalletName {
  const name = WALLET_NAMES.find((known) => known === cell?.value);
  if (name === undefined) throw wrongLine(cell?.line ?? 1, NO_HEADER);
  return name;
}

function namesIn(cells: readonly CsvCell[], by: WalletName): string[] {
  return cells.map(({ line, value }) => {
    const flaw = by === 'walletId' ? flawInWalletId(value) : flawInExternalId(value);
    if (flaw !== null) throw wrongLine(line, flaw);
    return value;
  });
}

function flawInWalletId(value: string): string | null {
  return WALLET_ID.test(value) ? null : 'must be an id wal_…';
}

function flawInExternalId(value: string): string | null {
  if (value === '') return 'is empty';
  if (value.length > LONGEST_EXTERNAL_ID) return 'is longer than 200 characters';
  return value.includes('\u0000') ? 'holds a NUL' : null;
}
