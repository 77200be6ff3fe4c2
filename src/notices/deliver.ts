import { audit } from '../audit/store.ts';
import type { Database } from '../platform/database.ts';
import { afterAttempt, MAX_ATTEMPTS } from './delivery-rules.ts';
import {
  markDelivered,
  markFailed,
  markGivenUp,
  type TakenDelivery,
  takeDeliveries,
} from './delivery-store.ts';
import { disableEndpoint } from './endpoint-store.ts';
import {
  type ChannelName,
  type Delivered,
  type Failed,
  failed,
  type NoticeChannels,
} from './model.ts';

/** How many are under way at once in one run; a receiver that is slow holds up no other. */
export const DELIVERY_BATCH = 50;
/** Longer than any channel takes for an attempt. */
const LEASE_SECONDS = 60;

/**
 * Attempts some deliveries that are due and records what came of each; gives how many, and fewer
 * than `DELIVERY_BATCH` means that no more are due. An attempt is counted and put off before it is
 * made: no two workers make the same one, and one whose worker died is made again, with the same id.
 */
export async function deliverDue(
  database: Database,
  channels: NoticeChannels,
  chance: () => number = Math.random,
): Promise<number> {
  const names = Object.keys(channels) as ChannelName[];
  const taken = await takeDeliveries(database.single, names, DELIVERY_BATCH, LEASE_SECONDS);
  const ends = await Promise.allSettled(
    taken.map((delivery) => deliverOne(database, channels, delivery, chance())),
  );
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return taken.length;
}

async function deliverOne(
  database: Database,
  channels: NoticeChannels,
  delivery: TakenDelivery,
  chance: number,
): Promise<void> {
  const outcome = await attempt(channels, delivery);
  const { id, attempts, notice, target } = delivery;
  const next = afterAttempt(outcome, attempts, notice.attemptedAt, chance);
  if (next.kind === 'delivered') return markDelivered(database.single, id);
  if (next.kind === 'retry') {
    return markFailed(database.single, delivery, next.delaySeconds, next.reason);
  }
  await database.transact(async (tx) => {
    await markGivenUp(tx, delivery, next.reason);
    if (outcome.delivered || !outcome.endsTarget || !(await disableEndpoint(tx, target))) return;
    const entry = { actor: 'worker', action: 'webhook.disable', subject: target };
    const detail = { issuerId: notice.issuerId, rule: next.reason };
    await audit(tx, { ...entry, outcome: 'disabled', detail });
  });
}

async function attempt(
  channels: NoticeChannels,
  { channel, attempts, notice, target }: TakenDelivery,
): Promise<Delivered | Failed> {
  // The last attempt was made by a worker that died in it.
  if (attempts > MAX_ATTEMPTS) return failed('outcome-unknown', { final: true });
  const way = channels[channel];
  if (way === undefined) return failed('no-such-channel');
  return way.send(notice, target).catch(() => failed('channel-failed'));
}
