import { only, rareStatement, statement, type Tx } from '../platform/database.ts';
import type { TouchProof } from './model.ts';
import { SAME_TOUCH_SECONDS, type TouchTraffic } from './touch-rules.ts';

const lock = statement<{ id: string }>(
  'stands.lock_for_touch',
  'select id from stands where issuer_id = $1 and id = $2 for no key update',
);

/** Lets the touches of a stand through one by one, so that none slips past their count. */
export async function lockStand(tx: Tx, issuerId: string, standId: string): Promise<void> {
  await tx.run(lock, [issuerId, standId]);
}

/** A session that a device has since before. */
export interface EarlierTouch {
  readonly tapId: string;
  readonly sessionSha256: string;
}

const recent = statement<EarlierTouch>(
  'stands.recent_touch',
  `select s.tap_id as "tapId", s.session_sha256 as "sessionSha256"
     from stand_taps s
     join lateral (select wallet_id from taps where id = s.tap_id offset 0) t on true
    where s.device_id = $1 and s.stand_id = $2
      and s.at > clock_timestamp() - make_interval(secs => ${SAME_TOUCH_SECONDS})
      and (t.wallet_id is null or t.wallet_id = $3)
    order by s.at desc limit 1`,
);

/** A device's touch of a moment ago, as the same member or as nobody. */
export async function findRecentTouch(
  tx: Tx,
  deviceId: string,
  standId: string,
  walletId: string | null,
): Promise<EarlierTouch | null> {
  const [row] = await tx.run(recent, [deviceId, standId, walletId]);
  return row ?? null;
}

const byNonce = rareStatement<EarlierTouch>(
  `select s.tap_id as "tapId", s.session_sha256 as "sessionSha256"
     from stands d
     join taps t on t.kid = 'stand:' || d.id and t.jti = $2
     join stand_taps s on s.tap_id = t.id
    where d.code = $1 and s.device_id = $3`,
);

/** The touch that a device made with that very reading of a stand's tag. */
export async function findTouchByNonce(
  tx: Tx,
  code: string,
  nonce: string,
  deviceId: string,
): Promise<EarlierTouch | null> {
  const [row] = await tx.run(byNonce, [code, nonce, deviceId]);
  return row ?? null;
}

const move = rareStatement<never>(
  'update stand_taps set session_sha256 = $2 where tap_id = $1 and session_sha256 <> $2',
);

/** Gives a session another address. */
export async function moveSession(tx: Tx, tapId: string, sessionSha256: string): Promise<void> {
  await tx.run(move, [tapId, sessionSha256]);
}

interface TrafficRow {
  readonly at_stand: number;
  readonly strangers: number;
  readonly of_device: number;
}

const traffic = statement<TrafficRow>(
  'stands.touch_traffic',
  `select count(*)::int as at_stand,
          count(*) filter (where t.wallet_id is null)::int as strangers,
          (select count(*)::int from stand_taps
            where device_id = $2 and at > clock_timestamp() - interval '1 minute') as of_device
     from stand_taps s
     left join lateral (select wallet_id from taps where id = s.tap_id offset 0) t on true
    where s.stand_id = $1 and s.at > clock_timestamp() - interval '1 minute'`,
);

/** The sessions of the last minute at a locked stand. */
export async function countTouches(
  tx: Tx,
  standId: string,
  deviceId: string | null,
): Promise<TouchTraffic> {
  const row = only(await tx.run(traffic, [standId, deviceId]));
  return { atStand: row.at_stand, strangersAtStand: row.strangers, ofDevice: row.of_device };
}

/** What a touch opens. */
export interface NewSession {
  readonly tapId: string;
  readonly standId: string;
  readonly deviceId: string;
  readonly sessionSha256: string;
  readonly proof: TouchProof;
}

const insert = statement<never>(
  'stands.open_session',
  `insert into stand_taps (tap_id, stand_id, device_id, session_sha256, proof)
   values ($1, $2, $3, $4, $5)`,
);

export async function insertSession(tx: Tx, session: NewSession): Promise<void> {
  const { tapId, standId, deviceId, sessionSha256, proof } = session;
  await tx.run(insert, [tapId, standId, deviceId, sessionSha256, proof]);
}
