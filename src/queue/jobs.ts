import { z } from 'zod';

/**
 * Every job: its name and what it carries. BullMQ is only the doorbell, so each job may come late,
 * twice or never, and its handler asks the database what is still to do.
 */
export const jobPayloads = {
  /** Decide the pending claims of a lane. */
  'claims.drain': z.object({ lane: z.number().int() }),
  /** Take a bulk issue further; what was left of it is in the database. */
  'bulk.issue': z.object({ bulkId: z.string(), outboxId: z.number().int().optional() }),
  /** Make the clone that a redemption earned. */
  'clones.make': z.object({ outboxId: z.number().int(), redemptionId: z.string() }),
  /** Attempt the deliveries of notices that are due. */
  'notices.deliver': z.object({}),
  /** Give coupons of a class the time of notice that its rules now say, after that coupon. */
  'notices.reschedule': z.object({
    outboxId: z.number().int(),
    classId: z.string(),
    after: z.string(),
  }),
} as const;

export type JobName = keyof typeof jobPayloads;
export type JobPayload<Name extends JobName> = z.infer<(typeof jobPayloads)[Name]>;

export const JOB_NAMES = Object.keys(jobPayloads) as JobName[];

/** One queue a job, so that a slow kind never holds up another. */
export const queueName: Readonly<Record<JobName, string>> = {
  'claims.drain': 'tapline-claims',
  'bulk.issue': 'tapline-bulk',
  'clones.make': 'tapline-clones',
  'notices.deliver': 'tapline-notices',
  'notices.reschedule': 'tapline-notice-times',
};

/** How many of a kind one worker process runs at once. */
export const concurrency: Readonly<Record<JobName, number>> = {
  'claims.drain': 4,
  'bulk.issue': 2,
  'clones.make': 4,
  'notices.deliver': 2,
  'notices.reschedule': 1,
};
