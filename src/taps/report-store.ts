import { at, atOrNull, type Db, only, statement, type Tx } from '../platform/database.ts';
import type { NewTap } from './store.ts';

/** A key that a collector had for some time under that version. */
export interface KeyOnceKnown {
  readonly id: number;
  readonly issuerId: string;
  readonly spki: string;
  readonly createdAt: Date;
  readonly retiredAt: Date | null;
}

interface KeyRow {
  id: number;
  issuer_id: string;
  spki: string;
  created_at: string;
  retired_at: string | null;
}

const keys = statement<KeyRow>(
  'taps.keys_once_known',
  `select k.id::int, k.issuer_id, k.spki, k.created_at, k.retired_at
     from issuers i join issuer_keys k on k.issuer_id = i.id
    where i.collector_id = $1 and k.version = $2 order by k.id`,
);

export async function keysOnceKnown(
  db: Db,
  collectorId: string,
  version: number,
): Promise<KeyOnceKnown[]> {
  const rows = await db.run(keys, [collectorId, version]);
  return rows.map(({ id, issuer_id, spki, created_at, retired_at }) => ({
    id,
    issuerId: issuer_id,
    spki,
    createdAt: at(created_at),
    retiredAt: atOrNull(retired_at),
  }));
}

export interface HeldObject {
  readonly objectId: string;
  readonly classId: string;
  readonly issuerId: string;
}

/** What a wallet holds at this moment. */
export interface Holding {
  readonly now: Date;
  readonly objects: readonly HeldObject[];
}

const holding = statement<{ now: string; objects: readonly HeldObject[] }>(
  'taps.holding',
  `select clock_timestamp() as now,
          array(
            select row_to_json(o) from wallet_passes h
             cross join lateral (
               select id as "objectId", class_id as "classId", issuer_id as "issuerId"
                 from pass_objects
                where id = any (array[h.object_id]) order by id offset 0) o
             where h.wallet_id = $1) as objects`,
);

export async function holdingOf(db: Db, walletId: string): Promise<Holding> {
  const { now, objects } = only(await db.run(holding, [walletId]));
  return { now: at(now), objects };
}

const insert = statement<{ id: string }>(
  'taps.insert_reported',
  `insert into taps (id, key_id, issuer_id, jti, kid, wallet_id, presentation_id, terminal_id,
                     outcome, verdicts, payload, tapped_at)
   values ($1, $2, $3, $4, $5, $6, null, $7, $8, $9::jsonb, $10, $11)
   on conflict (kid, jti) do nothing returning id`,
);

const recorded = statement<{ id: string; wallet_id: string | null }>(
  'taps.recorded',
  'select id, wallet_id from taps where kid = $1 and jti = $2',
);

/** A tap of that name that is recorded, whose id and wallet are told. */
export interface RecordedBefore {
  readonly id: string;
  readonly walletId: string | null;
}

/** Records a tap of the past; when one of its name is there, that one is told instead. */
export async function recordReported(
  tx: Tx,
  tap: NewTap,
  tappedAt: Date,
): Promise<RecordedBefore | null> {
  const { id, keyId, issuerId, jti, kid, walletId, terminalId, outcome, verdicts, payload } = tap;
  const inserted = await tx.run(insert, [
    id,
    keyId,
    issuerId,
    jti,
    kid,
    walletId,
    terminalId,
    outcome,
    JSON.stringify(verdicts),
    payload,
    tappedAt.toISOString(),
  ]);
  if (inserted.length === 1) return null;
  const [before] = await tx.run(recorded, [kid, jti]);
  if (before === undefined) throw new Error('a tap in the way of another is there');
  return { id: before.id, walletId: before.wallet_id };
}
