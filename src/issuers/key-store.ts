import { type Db, statement } from '../platform/database.ts';

export interface TapKey {
  readonly collectorId: string;
  readonly version: number;
  readonly spki: string;
}

const list = statement<{ collector_id: string; version: number; spki: string }>(
  'issuers.tap_keys',
  `select i.collector_id, k.version, k.spki
     from issuer_keys k join issuers i on i.id = k.issuer_id
    where k.retired_at is null and i.collector_id is not null
      and ($1::text is null or i.collector_id = $1)
    order by i.collector_id, k.version limit 1000`,
);

/** The live keys of a collector, or of all. */
export async function listTapKeys(db: Db, collectorId: string | null): Promise<TapKey[]> {
  const rows = await db.run(list, [collectorId]);
  return rows.map(({ collector_id, version, spki }) => ({
    collectorId: collector_id,
    version,
    spki,
  }));
}
