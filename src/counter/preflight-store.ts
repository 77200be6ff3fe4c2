import { type Db, only, statement } from '../platform/database.ts';
import type { TerminalName } from '../terminals/model.ts';
import type { PreflightCheck } from './model.ts';

type ChecksRow = Readonly<Record<PreflightCheck['name'], boolean>>;

const checks = statement<ChecksRow>(
  'counter.preflight',
  `select exists (select 1 from tills
                   where issuer_id = $1 and terminal_id = $2 and ended_at is null) as terminal,
          exists (select 1 from stands
                   where issuer_id = $1 and terminal_id = $2
                     and state in ('written', 'verified')) as stand,
          exists (select 1 from issuers
                   where id = $1 and collector_id is not null) as collector,
          exists (select 1 from issuer_keys
                   where issuer_id = $1 and retired_at is null) as key,
          exists (select 1 from membership_terms where issuer_id = $1) as membership`,
);

export async function readChecks(
  db: Db,
  { issuerId, terminalId }: TerminalName,
): Promise<PreflightCheck[]> {
  const row = only(await db.run(checks, [issuerId, terminalId]));
  const names = ['terminal', 'stand', 'collector', 'key', 'membership'] as const;
  return names.map((name) => ({ name, ok: row[name] }));
}

interface FaceRow {
  readonly issuer_name: string;
  readonly store_id: string;
  readonly store_name: string;
  readonly terminal_name: string;
  readonly collector_id: string | null;
  readonly listening: boolean;
  readonly currency: string | null;
}

const face = statement<FaceRow>(
  'counter.till_face',
  `select i.name as issuer_name, s.id as store_id, s.name as store_name, m.name as terminal_name,
          i.collector_id, t.listening,
          (select discount ->> 'currency' from coupon_classes
            where issuer_id = t.issuer_id and discount ? 'currency' order by id limit 1) as currency
     from tills t
     cross join lateral (select * from issuers where id = t.issuer_id offset 0) i
     cross join lateral (
       select * from terminals where issuer_id = t.issuer_id and id = t.terminal_id offset 0) m
     cross join lateral (
       select * from stores where issuer_id = t.issuer_id and id = m.store_id offset 0) s
    where t.id = $1`,
);

export interface FaceFacts {
  readonly issuerName: string;
  readonly storeId: string;
  readonly storeName: string;
  readonly terminalName: string;
  readonly collectorId: string | null;
  readonly listening: boolean;
  readonly currency: string | null;
}

export async function readFace(db: Db, tillId: string): Promise<FaceFacts> {
  const row = only(await db.run(face, [tillId]));
  return {
    issuerName: row.issuer_name,
    storeId: row.store_id,
    storeName: row.store_name,
    terminalName: row.terminal_name,
    collectorId: row.collector_id,
    listening: row.listening,
    currency: row.currency,
  };
}
