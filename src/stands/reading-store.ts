import { statement, type Tx } from '../platform/database.ts';
import type { StandState, StandTag } from './model.ts';
import type { PiccData } from './sun-rules.ts';

/** A stand as a touch finds it. */
export interface TouchedStand {
  readonly id: string;
  readonly issuerId: string;
  readonly terminalId: string | null;
  readonly storeId: string | null;
  readonly name: string;
  readonly tag: StandTag;
  readonly state: StandState;
  readonly keysSealed: string | null;
  readonly uid: string | null;
  readonly counter: number | null;
}

type Row = Omit<TouchedStand, 'counter'> & { readonly counter: string | null };

const byCode = statement<Row>(
  'stands.touched',
  `select s.id, s.issuer_id as "issuerId", s.terminal_id as "terminalId",
          t.store_id as "storeId", s.name, s.tag, s.state, s.keys_sealed as "keysSealed",
          s.uid, s.counter
     from stands s
     left join lateral (select store_id from terminals
                         where issuer_id = s.issuer_id and id = s.terminal_id offset 0) t on true
    where s.code = $1`,
);

export async function findTouched(tx: Tx, code: string): Promise<TouchedStand | null> {
  const [row] = await tx.run(byCode, [code]);
  if (row === undefined) return null;
  return { ...row, counter: row.counter === null ? null : Number(row.counter) };
}

// One statement looks and writes: of any number of uses of one address, one finds a lower counter.
const take = statement<{ id: string }>(
  'stands.take_reading',
  `update stands set counter = $3, uid = $2, forgeries = 0
    where id = $1 and state not in ('locked', 'retired')
      and coalesce(uid, $2) = $2 and (counter is null or counter < $3)
      and not exists (select 1 from stands other where other.uid = $2 and other.id <> $1)
   returning id`,
);

/** Uses up one reading of a stand's own tag; false when it was used, or is another stand's. */
export async function takeReading(
  tx: Tx,
  standId: string,
  { uid, counter }: PiccData,
): Promise<boolean> {
  return (await tx.run(take, [standId, uid, counter])).length === 1;
}

const forged = statement<{ state: StandState }>(
  'stands.count_forgery',
  `update stands set forgeries = forgeries + 1,
          state = case when forgeries + 1 >= $2 then 'locked' else state end
    where id = $1 and state not in ('locked', 'retired')
   returning state`,
);

/** Counts a wrong code; true when it was the one that locks the stand. */
export async function countForgery(tx: Tx, standId: string, most: number): Promise<boolean> {
  const [row] = await tx.run(forged, [standId, most]);
  return row?.state === 'locked';
}

const answered = statement<never>(
  'stands.answered',
  `update stands set state = 'written', written_at = clock_timestamp()
    where id = $1 and state = 'blank'`,
);

/** That the tag of a blank stand answers. */
export async function noteWritten(tx: Tx, standId: string): Promise<void> {
  await tx.run(answered, [standId]);
}

const verify = statement<{ issuerId: string; terminalId: string | null }>(
  'stands.verify',
  `update stands set state = 'verified', verified_at = clock_timestamp()
    where id = $1 and state = 'written'
   returning issuer_id as "issuerId", terminal_id as "terminalId"`,
);

/** Where a written stand stands that is verified by this; null for one in any other state. */
export async function verifyWritten(
  tx: Tx,
  standId: string,
): Promise<{ readonly issuerId: string; readonly terminalId: string | null } | null> {
  const [verified] = await tx.run(verify, [standId]);
  return verified ?? null;
}
