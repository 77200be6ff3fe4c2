import { at, rareStatement, statement, type Tx } from '../platform/database.ts';
import type { ChannelName, Dispatch, ExpiringCoupon, NoticeKind } from './model.ts';

/** A delivery that this worker alone attempts now. */
export interface TakenDelivery {
  readonly id: string;
  readonly channel: ChannelName;
  readonly target: string;
  /** How many attempts there were, this one included. */
  readonly attempts: number;
  readonly notice: Dispatch;
}

interface TakenRow {
  id: string;
  channel: ChannelName;
  target: string;
  attempts: number;
  notice_id: string;
  issuer_id: string;
  kind: NoticeKind;
  subject: string;
  body: ExpiringCoupon;
  created_at: string;
  now: string;
}

const take = rareStatement<TakenRow>(
  `with taken as (
     update notice_deliveries
        set attempts = attempts + 1, next_at = clock_timestamp() + make_interval(secs => $3)
      where id = any (array(
              select id from notice_deliveries
               where delivered_at is null and given_up_at is null
                 and next_at <= (select clock_timestamp())
                 and channel = any (array(select json_array_elements_text($1::json)))
               order by next_at limit $2 for no key update skip locked))
     returning id, channel, target, attempts, notice_id)
   select t.id, t.channel, t.target, t.attempts, n.id as notice_id, n.issuer_id, n.kind, n.subject,
          n.body, n.created_at, clock_timestamp() as now
     from taken t
     join lateral (select * from notices where id = t.notice_id offset 0) n on true`,
);

/**
 * Takes deliveries that are due, the longest due first, counts the attempt, and puts the next one
 * off for so long that this one is over by then: should the worker die in it, another sends again.
 */
export async function takeDeliveries(
  tx: Tx,
  channels: readonly ChannelName[],
  limit: number,
  leaseSeconds: number,
): Promise<TakenDelivery[]> {
  const rows = await tx.run(take, [JSON.stringify(channels), limit, leaseSeconds]);
  return rows.map(({ id, channel, target, attempts, ...row }) => ({
    id,
    channel,
    target,
    attempts,
    notice: {
      id: row.notice_id,
      issuerId: row.issuer_id,
      kind: row.kind,
      subject: row.subject,
      body: row.body,
      createdAt: at(row.created_at),
      attemptedAt: at(row.now),
    },
  }));
}

const delivered = statement<never>(
  'notices.delivered',
  `update notice_deliveries set delivered_at = clock_timestamp(), last_error = null
    where id = $1 and delivered_at is null`,
);

export async function markDelivered(tx: Tx, id: string): Promise<void> {
  await tx.run(delivered, [id]);
}

// An attempt that came back after its time was over changes nothing for the one after it.
const retry = statement<never>(
  'notices.retry',
  `update notice_deliveries
      set next_at = clock_timestamp() + make_interval(secs => $3), last_error = $4
    where id = $1 and attempts = $2 and delivered_at is null`,
);

export async function markFailed(
  tx: Tx,
  { id, attempts }: TakenDelivery,
  delaySeconds: number,
  reason: string,
): Promise<void> {
  await tx.run(retry, [id, attempts, delaySeconds, reason]);
}

const giveUp = statement<never>(
  'notices.give_up',
  `update notice_deliveries set given_up_at = clock_timestamp(), last_error = $3
    where id = $1 and attempts = $2 and delivered_at is null`,
);

export async function markGivenUp(
  tx: Tx,
  { id, attempts }: TakenDelivery,
  reason: string,
): Promise<void> {
  await tx.run(giveUp, [id, attempts, reason]);
}
