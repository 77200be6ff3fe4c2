import { eq, sql } from 'drizzle-orm';
import { type Db, statement, type Tx } from '../platform/database.ts';
import type { PassChoice, PresentationState, RecordedTap, Verdict } from './model.ts';
import { standOf } from './stand-tap-store.ts';
import { presentations, taps } from './tables.ts';

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
  readonly verdicts: readonly Verdict[];
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
  return tap === undefined ? null : { ...tap, stand: standOf(tap.kid) };
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
