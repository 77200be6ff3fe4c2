import { bulkIssuesLeftBehind } from '../src/bulk/bulk-store.ts';
import { lanesWithOldClaims } from '../src/claims/store.ts';
import { forgetOldKeys } from '../src/idempotency/store.ts';
import { forgetOldCodes } from '../src/members/join-code-store.ts';
import { forgetOldSignIns } from '../src/members/sign-in-store.ts';
import { errorFacts } from '../src/platform/log.ts';
import { bringLateCoupons } from '../src/privacy/bring-late-coupons.ts';
import { beat } from '../src/queue/beat-store.ts';
import { forgetDoneOutbox, overdueJobs, parkedJobs } from '../src/queue/outbox-store.ts';
import type { Queues } from '../src/queue/queue.node.ts';
import { relayOutbox } from '../src/queue/relay.ts';
import { forgetOldTaps } from '../src/taps/session-store.ts';
import { forgetOldEvents } from '../src/terminals/event-store.ts';
import { forgetOldPairing } from '../src/terminals/pairing-store.ts';
import { forgetOldLinks } from '../src/transfers/store.ts';
import { auditPublish } from './audit-publish.ts';
import { auditSeal } from './audit-seal.ts';
import { claimsDrain } from './claims-drain.ts';
import type { HandlerContext, WorkerContext } from './context.ts';
import { couponsExpire } from './coupons-expire.ts';
import { holdsRelease } from './holds-release.ts';
import { noticesDeliver } from './notices-deliver.ts';
import { noticesRaise } from './notices-raise.ts';
import { process } from './processors.ts';

/** Claims that wait longer than this have lost their bell. */
const OLD_CLAIM_SECONDS = 0.3;
/** A bulk issue that handed in nothing for longer than this is nobody's work. */
const LEFT_BEHIND_SECONDS = 2;
/** Jobs that are owed longer than this have not come through the queue. */
const OVERDUE_SECONDS = 5;

export interface Sweeper {
  /** Relays the outbox now instead of at the next turn. */
  relayNow(): void;
  stop(): Promise<void>;
}

/**
 * Does by the clock what the doorbell does by the ring: asks the database what is due. The queue
 * may be wiped or away; this alone finishes all work, only later.
 */
export function startSweeper(context: HandlerContext, queues: Queues, workerId: string): Sweeper {
  const { database } = context;
  const relay = repeat(context, 'relay', 250, async () => {
    await relayOutbox(database, queues.send);
  });
  const loops = [
    relay,
    repeat(context, 'old claims', 300, async () => {
      const lanes = await lanesWithOldClaims(database.reads, OLD_CLAIM_SECONDS);
      for (const lane of lanes) {
        await attempt(context, `lane ${lane}`, () => claimsDrain(context, { lane }));
      }
    }),
    repeat(context, 'overdue jobs', 1000, async () => {
      for (const { id, job, payload } of await overdueJobs(database.reads, OVERDUE_SECONDS)) {
        await attempt(context, job, () => process(context, job, { ...payload, outboxId: id }));
      }
    }),
    repeat(context, 'parked jobs', 5000, parkedAlarm(context)),
    repeat(context, 'audit', 1000, () => auditSeal(context)),
    repeat(context, 'audit head', 5000, () => auditPublish(context)),
    repeat(context, 'bulk issues', 1000, async () => {
      for (const bulkId of await bulkIssuesLeftBehind(database.reads, LEFT_BEHIND_SECONDS)) {
        await attempt(context, bulkId, () => process(context, 'bulk.issue', { bulkId }));
      }
    }),
    repeat(context, 'beat', 2000, () => beat(database.single, workerId)),
    repeat(context, 'holds', 1000, () => holdsRelease(context)),
    repeat(context, 'expiry', 5000, () => couponsExpire(context)),
    repeat(context, 'notices', 1000, async () => {
      if ((await noticesRaise(context)) > 0) await queues.ringDeliveries();
    }),
    repeat(context, 'deliveries', 1000, () => noticesDeliver(context)),
    repeat(context, 'late coupons', 30_000, async () => {
      await bringLateCoupons(database);
    }),
    repeat(context, 'old records', 60_000, async () => {
      await forgetOldKeys(database.single);
      await forgetDoneOutbox(database.single);
      await forgetOldLinks(database.single);
      await forgetOldTaps(database.single);
      await forgetOldEvents(database.single);
      await forgetOldPairing(database.single);
      await forgetOldCodes(database.single);
      await forgetOldSignIns(database.single);
    }),
  ];
  return {
    relayNow: relay.now,
    stop: async () => void (await Promise.all(loops.map(({ stop }) => stop()))),
  };
}

/** Says which jobs are parked, at the start and whenever others are. */
function parkedAlarm({ database, log }: WorkerContext): () => Promise<void> {
  let told = '';
  return async () => {
    const jobs = (await parkedJobs(database.reads)).map(({ id, job }) => `${job} ${id}`);
    if (jobs.length > 0 && jobs.join() !== told) {
      log.error('parked jobs wait for an operator', { jobs });
    }
    told = jobs.join();
  };
}

interface Loop {
  now(): void;
  stop(): Promise<void>;
}

/** Runs a task over and over with a pause in between; a failure is logged and tried again. */
function repeat(
  context: WorkerContext,
  task: string,
  pauseMilliseconds: number,
  run: () => Promise<void>,
): Loop {
  let stopped = false;
  let asked = false;
  let wake = () => {};
  const pause = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, pauseMilliseconds);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const ended = (async () => {
    while (!stopped) {
      asked = false;
      await attempt(context, task, run);
      if (!stopped && !asked) await pause();
    }
  })();
  return {
    now: () => {
      // What is asked for during a run may have come too late for it.
      asked = true;
      wake();
    },
    stop: () => {
      stopped = true;
      wake();
      return ended;
    },
  };
}

async function attempt(
  { log }: WorkerContext,
  task: string,
  run: () => Promise<void>,
): Promise<void> {
  await run().catch((error: unknown) => log.warn('sweep failed', { task, ...errorFacts(error) }));
}
