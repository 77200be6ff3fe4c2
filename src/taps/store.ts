import { eq, sql } from 'drizzle-orm';
import { at, atOrNull, type Db, statement, type Tx } from '../platform/database.ts';
import type {
  HeldCoupon,
  HeldPass,
  PassChoice,
  PassVerdict,
  PresentationState,
  RecordedTap,
} from './model.ts';
import { presentations, taps } from './tables.ts';

/** What the database knows of a tap: who the terminal is, what the phone shows, what it holds. */
export interface TapRecordFacts {
  readonly now: Date;
  readonly key: {
    readonly id: number;
    readonly issuerId: string;
    readonly spki: string;
  } | null;
  readonly presentation: {
    readonly id: string;
    readonly walletId: string;
    readonly screen: 'home' | 'pass';
    readonly objectId: string | null;
    readonly live: boolean;
    readonly pairwiseSecret: string;
  } | null;
  readonly passes: readonly HeldPass[];
  readonly coupons: readonly HeldCoupon[];
}

interface FactsRow {
  now: string;
  key_id: number | null;
  issuer_id: string;
  spki: string;
  presentation_id: string | null;
  wallet_id: string;
  screen: 'home' | 'pass';
  object_id: string | null;
  live: boolean;
  pairwise_secret: string;
  passes: PassRow[] | null;
  coupons: CouponRow[] | null;
}

type PassRow = Omit<HeldPass, 'validFrom' | 'validUntil'> & {
  validFrom: string | null;
  validUntil: string | null;
};

type CouponRow = Omit<HeldCoupon, 'availableAt' | 'expiresAt'> & {
  availableAt: string;
  expiresAt: string;
};

// One round trip: a terminal waits for it.
const tapFacts = statement<FactsRow>(
  'taps.facts',
  `select clock_timestamp() as now,
          k.id::int as key_id, k.issuer_id, k.spki,
          p.id as presentation_id, p.wallet_id, p.screen, p.object_id, p.pairwise_secret, p.live,
          (select json_agg(json_build_object(
                    'objectId', o.id, 'classId', o.class_id, 'issuerId', o.issuer_id,
                    'type', o.vertical, 'state', o.state, 'redemptionValue', o.redemption_value,
                    'validFrom', o.valid_from, 'validUntil', o.valid_until,
                    'enableSmartTap', c.enable_smart_tap,
                    'classApproved', c.review_status = 'APPROVED',
                    'redemptionIssuers', c.redemption_issuers) order by o.id)
             from wallet_passes w
             join pass_objects o on o.id = w.object_id
             join pass_classes c on c.id = o.class_id
            where w.wallet_id = p.wallet_id) as passes,
          (select json_agg(json_build_object(
                    'id', q.id, 'classId', q.class_id, 'issuerId', q.issuer_id,
                    'redemptionValue', q.code, 'availableAt', q.available_at,
                    'expiresAt', q.expires_at, 'redemptionIssuers', c.redemption_issuers)
                    order by q.expires_at, q.id)
             from coupons q
             join coupon_classes c on c.id = q.class_id
            where q.wallet_id = p.wallet_id and q.status = 'issued'
              and c.redemption_issuers ? k.issuer_id) as coupons
     from (select 1) as always
     left join (select issuer_keys.* from issuer_keys
                  join issuers on issuers.id = issuer_keys.issuer_id
                 where issuers.collector_id = $1 and issuer_keys.version = $2
                   and issuer_keys.retired_at is null) k on true
     left join (select presentations.*, wallets.pairwise_secret,
                       status <> 'transferred' and expires_at > clock_timestamp() as live
                  from presentations join wallets on wallets.id = presentations.wallet_id
                 where token_sha256 = $3) p on true`,
);

export async function loadTapFacts(
  db: Db,
  collectorId: string,
  keyVersion: number,
  tokenSha256: string,
): Promise<TapRecordFacts> {
  const [row] = await db.run(tapFacts, [collectorId, keyVersion, tokenSha256]);
  if (row === undefined) throw new Error('the tap facts statement always gives one row');
  return {
    now: at(row.now),
    key: row.key_id === null ? null : { id: row.key_id, issuerId: row.issuer_id, spki: row.spki },
    presentation: presentationOf(row),
    passes: (row.passes ?? []).map(heldPass),
    coupons: (row.coupons ?? []).map(heldCoupon),
  };
}

function presentationOf(row: FactsRow): TapRecordFacts['presentation'] {
  if (row.presentation_id === null) return null;
  return {
    id: row.presentation_id,
    walletId: row.wallet_id,
    screen: row.screen,
    objectId: row.object_id,
    live: row.live,
    pairwiseSecret: row.pairwise_secret,
  };
}

function heldPass(row: PassRow): HeldPass {
  return { ...row, validFrom: atOrNull(row.validFrom), validUntil: atOrNull(row.validUntil) };
}

function heldCoupon(row: CouponRow): HeldCoupon {
  return { ...row, availableAt: at(row.availableAt), expiresAt: at(row.expiresAt) };
}

export interface NewTap {
  readonly id: string;
  readonly keyId: number;
  readonly issuerId: string;
  readonly jti: string;
  readonly kid: string;
  readonly walletId: string | null;
  readonly presentationId: string | null;
  readonly terminalId: string | null;
  readonly outcome: string;
  readonly verdicts: readonly PassVerdict[];
  readonly payload: string;
}

const INSERT_TAP = `insert into taps (id, key_id, issuer_id, jti, kid, wallet_id, presentation_id,
    terminal_id, outcome, verdicts, payload)`;

const insertTap = statement<{ id: string }>(
  'taps.insert',
  `${INSERT_TAP} values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb, $11) returning id`,
);

// The guard on the presentation and the nonce's unique constraint decide together: a used nonce
// fails the whole statement, so it cannot use up the presentation.
const insertTransfer = statement<{ id: string }>(
  'taps.insert_transfer',
  `with handed_over as (
     update presentations set status = 'transferred'
      where id = $7 and status <> 'transferred' and expires_at > clock_timestamp()
      returning id)
   ${INSERT_TAP}
   select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb, $11 from handed_over returning id`,
);

const insertChoice = statement<{ id: string }>(
  'taps.insert_choice',
  `with offered as (
     update presentations set status = 'choose', choices = $12::jsonb
      where id = $7 and status <> 'transferred' and expires_at > clock_timestamp()
      returning id)
   ${INSERT_TAP}
   select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb, $11 from offered returning id`,
);

/** Records a tap that changes no presentation. Throws on a used nonce (constraint taps_nonce). */
export async function recordTap(tx: Tx, tap: NewTap): Promise<void> {
  await tx.run(insertTap, values(tap));
}

/** Records a tap and hands the presentation over; false when it was over by now. */
export async function recordTransfer(tx: Tx, tap: NewTap): Promise<boolean> {
  return (await tx.run(insertTransfer, values(tap))).length === 1;
}

/** Records a tap and offers the choices to the wallet; false when the presentation was over. */
export async function recordChoice(
  tx: Tx,
  tap: NewTap,
  choices: readonly PassChoice[],
): Promise<boolean> {
  return (await tx.run(insertChoice, [...values(tap), JSON.stringify(choices)])).length === 1;
}

function values(tap: NewTap): unknown[] {
  return [
    tap.id,
    tap.keyId,
    tap.issuerId,
    tap.jti,
    tap.kid,
    tap.walletId,
    tap.presentationId,
    tap.terminalId,
    tap.outcome,
    JSON.stringify(tap.verdicts),
    tap.payload,
  ];
}

export async function findTap(db: Db, id: string): Promise<RecordedTap | null> {
  const [tap] = await db.query
    .select({
      id: taps.id,
      issuerId: taps.issuerId,
      kid: taps.kid,
      terminalId: taps.terminalId,
      outcome: taps.outcome,
      verdicts: taps.verdicts,
      tappedAt: taps.tappedAt,
    })
    .from(taps)
    .where(eq(taps.id, id));
  return tap ?? null;
}

export interface NewPresentation {
  readonly id: string;
  readonly walletId: string;
  readonly tokenSha256: string;
  readonly screen: 'home' | 'pass';
  readonly objectId: string | null;
}

const inSixtySeconds = sql`clock_timestamp() + interval '60 seconds'`;

export async function insertPresentation(tx: Tx, presentation: NewPresentation): Promise<Date> {
  const [row] = await tx.query
    .insert(presentations)
    .values({ ...presentation, expiresAt: inSixtySeconds })
    .returning({ expiresAt: presentations.expiresAt });
  if (row === undefined) throw new Error('the insert gave no row');
  return row.expiresAt;
}

export async function findPresentation(
  db: Db,
  id: string,
  { lock }: { readonly lock: boolean },
): Promise<PresentationState | null> {
  const query = db.query
    .select({
      id: presentations.id,
      walletId: presentations.walletId,
      status: presentations.status,
      choices: presentations.choices,
      expiresAt: presentations.expiresAt,
      expired: sql<boolean>`${presentations.expiresAt} <= clock_timestamp()`,
    })
    .from(presentations)
    .where(eq(presentations.id, id));
  const [row] = await (lock ? query.for('update') : query);
  return row ? { ...row, status: row.status as PresentationState['status'] } : null;
}

/** Turns the presentation into one of the picked pass, for another 60 seconds. */
export async function selectPass(tx: Tx, id: string, objectId: string): Promise<Date> {
  const [row] = await tx.query
    .update(presentations)
    .set({ screen: 'pass', objectId, status: 'open', choices: [], expiresAt: inSixtySeconds })
    .where(eq(presentations.id, id))
    .returning({ expiresAt: presentations.expiresAt });
  if (row === undefined) throw new Error('the update gave no row');
  return row.expiresAt;
}

const holds = statement<{ held: boolean }>(
  'taps.wallet_holds',
  'select exists (select 1 from wallet_passes where wallet_id = $1 and object_id = $2) as held',
);

export async function walletHolds(db: Db, walletId: string, objectId: string): Promise<boolean> {
  const [row] = await db.run(holds, [walletId, objectId]);
  return row?.held === true;
}
