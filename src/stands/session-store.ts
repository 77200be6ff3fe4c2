import { TAP_COUNTS_MS } from '../claims/model.ts';
import { at, type Db, only, statement, type Tx } from '../platform/database.ts';
import type { TouchProof } from './model.ts';
import type { StandSession } from './session-model.ts';

type SessionRow = Omit<StandSession, 'tappedAt' | 'proof'> & {
  readonly proof: TouchProof;
  readonly tappedAt: string;
};

const COUNTS_SECONDS = TAP_COUNTS_MS / 1000;

const bySha256 = statement<SessionRow>(
  'stands.session',
  `select s.tap_id as "tapId", s.stand_id as "standId", s.device_id as "deviceId", s.proof, s.at as "tappedAt",
          t.wallet_id as "walletId", t.issuer_id as "issuerId", t.terminal_id as "terminalId",
          i.name as "issuerName", r.name as "terminalName", r.store_id as "storeId",
          o.name as "storeName",
          s.at > clock_timestamp() - make_interval(secs => ${COUNTS_SECONDS}) as "isLive",
          exists (select from tills where issuer_id = t.issuer_id and terminal_id = t.terminal_id
                    and listening and ended_at is null) as "isHeard",
          exists (select from membership_terms where issuer_id = t.issuer_id) as "isJoinable"
     from stand_taps s
     join lateral (select wallet_id, issuer_id, terminal_id from taps
                    where id = s.tap_id offset 0) t on true
     join lateral (select name from issuers where id = t.issuer_id offset 0) i on true
     join lateral (select name, store_id from terminals
                    where issuer_id = t.issuer_id and id = t.terminal_id offset 0) r on true
     join lateral (select name from stores
                    where issuer_id = t.issuer_id and id = r.store_id offset 0) o on true
    where s.session_sha256 = $1`,
);

export async function findSession(db: Db, sessionSha256: string): Promise<StandSession | null> {
  const [row] = await db.run(bySha256, [sessionSha256]);
  return row === undefined ? null : { ...row, tappedAt: at(row.tappedAt) };
}

const wasTold = statement<{ told: boolean }>(
  'stands.claim_was_told',
  `select exists (select from terminal_events
                   where tap_id = $1 and kind = 'claimed' and detail ->> 'couponId' = $2) as told`,
);

/** Whether the till was told of that coupon of the tap. */
export async function wasClaimTold(tx: Tx, tapId: string, couponId: string): Promise<boolean> {
  return only(await tx.run(wasTold, [tapId, couponId])).told;
}

const permit = statement<{ proof: TouchProof; is_claiming: boolean; claiming: number }>(
  'stands.claiming',
  `select s.proof, s.claimed_at is not null as is_claiming,
          (select count(*)::int from stand_taps
            where stand_id = s.stand_id and claimed_at > clock_timestamp() - interval '1 minute'
              and at > clock_timestamp() - make_interval(secs => ${COUNTS_SECONDS + 60}))
            as claiming
     from stand_taps s
    where s.tap_id = $1`,
);

/** How many sessions of its stand began to claim in the last minute. */
export interface ClaimTraffic {
  readonly proof: TouchProof;
  /** The session itself has begun before. */
  readonly isClaiming: boolean;
  readonly claiming: number;
}

/** To be asked under the lock of the stand. */
export async function countClaiming(tx: Tx, tapId: string): Promise<ClaimTraffic> {
  const row = only(await tx.run(permit, [tapId]));
  return { proof: row.proof, isClaiming: row.is_claiming, claiming: row.claiming };
}

const begin = statement<never>(
  'stands.begin_claiming',
  `update stand_taps set claimed_at = clock_timestamp()
    where tap_id = $1 and claimed_at is null`,
);

export async function beginClaiming(tx: Tx, tapId: string): Promise<void> {
  await tx.run(begin, [tapId]);
}
