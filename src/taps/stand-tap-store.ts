import { statement, type Tx } from '../platform/database.ts';

/** How the `kid` of a tap at a stand begins; after it comes the stand. */
const KID = 'stand:';

/** A tap that no terminal signed: a phone touched the stand of one. */
export interface NewStandTap {
  readonly id: string;
  readonly standId: string;
  readonly issuerId: string;
  readonly terminalId: string;
  /** Null for a phone that is nobody's yet. */
  readonly walletId: string | null;
  /** A used one is refused by the constraint `taps_nonce`. */
  readonly nonce: string;
  /** What the tag signed; empty where it signs nothing. */
  readonly evidence: string;
}

const insert = statement<never>(
  'taps.insert_stand_tap',
  `insert into taps (id, issuer_id, jti, kid, wallet_id, terminal_id, outcome, verdicts, payload)
   values ($1, $2, $3, '${KID}' || $4, $5, $6,
           case when $5::text is null then 'unknown' else 'recognised' end, '[]', $7)`,
);

export async function recordStandTap(tx: Tx, tap: NewStandTap): Promise<void> {
  const { id, issuerId, nonce, standId, walletId, terminalId, evidence } = tap;
  await tx.run(insert, [id, issuerId, nonce, standId, walletId, terminalId, evidence]);
}

const recognise = statement<{ id: string }>(
  'taps.recognise',
  `update taps set wallet_id = $2, outcome = 'recognised'
    where id = $1 and wallet_id is null and outcome = 'unknown' returning id`,
);

/** Says whose an unknown phone's tap was, once; false when that was said before. */
export async function recogniseTap(tx: Tx, tapId: string, walletId: string): Promise<boolean> {
  return (await tx.run(recognise, [tapId, walletId])).length === 1;
}

/** The stand that such a tap was made at; null for a tap that a terminal signed. */
export function standOf(kid: string): string | null {
  return kid.startsWith(KID) ? kid.slice(KID.length) : null;
}
