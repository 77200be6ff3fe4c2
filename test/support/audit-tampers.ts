import { sealAfter } from '../../src/audit/chain.ts';
import { type ChainEnd, GENESIS } from '../../src/audit/model.ts';
import type { Damage } from '../../src/audit/verify.ts';
import { sealPage } from '../../src/audit/verify-store.ts';
import type { Tx } from '../../src/platform/database.ts';
import type { AuditStage } from './audit-chain.ts';

/** Chooses among so many; a seed makes it choose the same again. */
export type Below = (end: number) => number;

/** What somebody has who may do everything in the database. */
export interface Hands {
  readonly ask: AuditStage['ask'];
  readonly tx: Tx;
  readonly below: Below;
  /** How long the chain is. */
  readonly length: number;
}

export interface Tamper {
  readonly does: string;
  readonly finds: readonly Damage[];
  readonly tamper: (hands: Hands) => Promise<unknown>;
}

const position = ({ below, length }: Hands) => 1 + below(length);

/** Two positions, the lower one first. */
function twoPositions({ below, length }: Hands): [number, number] {
  const first = 1 + below(length - 1);
  return [first, first + 1 + below(length - first)];
}

const AT = '(select entry from audit_seals where position = $1)';

const EDITS = [
  `actor = actor || 'x'`,
  `action = action || 'e'`,
  `subject = subject || ' '`,
  `outcome = 'issued!'`,
  // What one column loses the next one gets.
  `actor = actor || left(subject, 1), subject = right(subject, -1)`,
  `at = at + interval '1 millisecond'`,
  `at = at - interval '1 year'`,
  // The same day of the same year before Christ.
  `at = (to_char(at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.MS') || 'Z BC')::timestamptz`,
  `at = 'infinity'`,
  `detail = detail || '{"more": 1}'`,
  `detail = '[]'`,
  `detail = jsonb_build_object('detail', detail)`,
  `detail = detail || '{"version": 9007199254740993}'`,
  `detail = jsonb_set(detail, '{count}', '7.0')`,
  `detail = jsonb_set(detail, '{count}', '"7"')`,
];

async function edit(hands: Hands): Promise<number> {
  const place = position(hands);
  const change = EDITS[hands.below(EDITS.length)];
  await hands.ask(`update audit_entries set ${change} where seq = ${AT}`, [place]);
  return place;
}

async function removeBoth({ ask }: Hands, place: number): Promise<void> {
  await ask(`delete from audit_entries where seq = ${AT}`, [place]);
  await ask('delete from audit_seals where position = $1', [place]);
}

/** Moves what follows by so much, so that the positions have no hole. */
async function moveRest({ ask }: Hands, after: number, by: number): Promise<void> {
  const rest = await ask<{ position: string; entry: string; hash: string }>(
    'delete from audit_seals where position > $1 returning position, entry, hash',
    [after],
  );
  const moved = rest.map((seal) => ({ ...seal, position: Number(seal.position) + by }));
  await insertSeals(ask, moved);
}

function insertSeals(ask: Hands['ask'], seals: readonly object[]): Promise<unknown> {
  return ask(
    `insert into audit_seals (position, entry, hash) select * from json_to_recordset($1)
       as s(position bigint, entry bigint, hash text)`,
    [JSON.stringify(seals)],
  );
}

/** A number that no entry has below the last sealed one, also one that no sequence gives. */
async function insertEntry({ ask, below }: Hands): Promise<number> {
  const wasted = await ask<{ seq: number }>(
    `select n as seq from generate_series(1, (select max(entry) from audit_seals)::int) n
      where not exists (select from audit_entries where seq = n)`,
  );
  const free = [...wasted.map(({ seq }) => seq), 0, -5];
  const seq = free[below(free.length)] ?? 0;
  await ask(
    `insert into audit_entries (seq, actor, action, subject, outcome, detail)
     overriding system value values ($1, 'root', 'redeem', 'cpn_1', 'redeemed', '{}')`,
    [seq],
  );
  return seq;
}

async function insertWithSeal(hands: Hands): Promise<number> {
  const before = hands.below(hands.length);
  const entry = await insertEntry(hands);
  await moveRest(hands, before, 1);
  await insertSeals(hands.ask, [{ position: before + 1, entry, hash: '0'.repeat(64) }]);
  return before + 1;
}

/** Two entries say what the other one said. */
async function swapContents(hands: Hands): Promise<void> {
  const columns = ['actor', 'action', 'subject', 'outcome', 'detail', 'at'];
  const [first, second] = twoPositions(hands);
  const seqs = await hands.ask<{ seq: string }>(
    'select entry as seq from audit_seals where position in ($1, $2)',
    [first, second],
  );
  const [one, other] = seqs.map(({ seq }) => seq);
  await hands.ask(
    `update audit_entries e set (${columns}) =
       (select ${columns.map((column) => `o.${column}`)} from audit_entries o
         where o.seq = case e.seq when $1 then $2::bigint else $1 end)
      where seq in ($1, $2)`,
    [one, other],
  );
}

/** Two entries change places; with their hashes or without. */
async function swapPlaces(hands: Hands, withHashes: boolean): Promise<void> {
  const seals = await hands.ask<{ position: string; entry: string; hash: string }>(
    'delete from audit_seals where position in ($1, $2) returning position, entry, hash',
    twoPositions(hands),
  );
  const [one, other] = seals;
  if (one === undefined || other === undefined) throw new Error('there are no two');
  await insertSeals(hands.ask, [
    { ...one, entry: other.entry, hash: withHashes ? other.hash : one.hash },
    { ...other, entry: one.entry, hash: withHashes ? one.hash : other.hash },
  ]);
}

/** Makes the chain hold again from a position on. */
async function rehash({ ask, tx }: Hands, from: number): Promise<void> {
  const seals = await sealPage(tx, { position: 0, entry: 0 }, 10_000);
  let end = GENESIS;
  const rewritten: ChainEnd[] = [];
  for (const { sealed } of seals) {
    if (sealed === null) throw new Error('a seal without its entry');
    end = sealAfter(end, sealed);
    if (end.position >= from) rewritten.push(end);
  }
  await ask(
    `update audit_seals s set hash = r.hash
       from json_to_recordset($1) as r(position bigint, hash text) where r.position = s.position`,
    [JSON.stringify(rewritten)],
  );
}

/** The database's own record of its heads goes too. */
async function forgetHeads({ ask }: Hands): Promise<void> {
  await ask('delete from audit_heads');
}

/** What leaves a chain that does not hold by itself. */
export const CLUMSY: readonly Tamper[] = [
  { does: 'edits an entry', finds: ['changed'], tamper: edit },
  {
    does: 'edits a hash',
    finds: ['changed'],
    tamper: (hands) =>
      hands.ask(`update audit_seals set hash = reverse(hash) where position = $1`, [
        position(hands),
      ]),
  },
  {
    does: 'deletes an entry',
    finds: ['deleted'],
    tamper: (hands) => hands.ask(`delete from audit_entries where seq = ${AT}`, [position(hands)]),
  },
  {
    does: 'deletes a seal',
    finds: ['deleted', 'truncated'],
    tamper: (hands) => hands.ask('delete from audit_seals where position = $1', [position(hands)]),
  },
  {
    does: 'deletes an entry and its seal',
    finds: ['deleted', 'truncated'],
    tamper: (hands) => removeBoth(hands, position(hands)),
  },
  {
    does: 'deletes an entry and its seal and closes the ranks',
    finds: ['changed', 'truncated'],
    tamper: async (hands) => {
      const place = position(hands);
      await removeBoth(hands, place);
      await moveRest(hands, place, -1);
    },
  },
  { does: 'inserts an entry', finds: ['inserted'], tamper: insertEntry },
  { does: 'inserts an entry with a seal', finds: ['changed'], tamper: insertWithSeal },
  { does: 'swaps what two entries say', finds: ['changed'], tamper: swapContents },
  {
    does: 'swaps two entries',
    finds: ['changed'],
    tamper: (hands) => swapPlaces(hands, false),
  },
  {
    does: 'swaps two entries and their hashes',
    finds: ['changed'],
    tamper: (hands) => swapPlaces(hands, true),
  },
];

/** What leaves a chain that holds, and no head beside it: only a head kept elsewhere tells. */
export const SKILLED: readonly Tamper[] = [
  {
    does: 'cuts off the end',
    finds: ['truncated'],
    tamper: async (hands) => {
      const left = hands.below(hands.length);
      await hands.ask(
        'delete from audit_entries where seq in (select entry from audit_seals where position > $1)',
        [left],
      );
      await hands.ask('delete from audit_seals where position > $1', [left]);
      await forgetHeads(hands);
    },
  },
  {
    does: 'edits an entry and writes the rest of the chain anew',
    finds: ['rewritten'],
    tamper: async (hands) => {
      await rehash(hands, await edit(hands));
      await forgetHeads(hands);
    },
  },
  {
    does: 'deletes an entry and writes the rest of the chain anew',
    finds: ['truncated'],
    tamper: async (hands) => {
      const place = position(hands);
      await removeBoth(hands, place);
      await moveRest(hands, place, -1);
      await rehash(hands, place);
      await forgetHeads(hands);
    },
  },
  {
    does: 'inserts an entry and writes the rest of the chain anew',
    finds: ['rewritten'],
    tamper: async (hands) => {
      await rehash(hands, await insertWithSeal(hands));
      await forgetHeads(hands);
    },
  },
];
