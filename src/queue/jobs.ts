import { z } from 'zod';

/**
 * Every job: its name and what it carries. BullMQ is only the doorbell, so each job may come late,
 * twice or never, and its handler asks the database what is still to do.
 */
export const jobPayloads = {
  /** Decide the pending claims of a lane. */
  'claims.drain': z.object({ lane: z.number().int() }),
  /** Make the clone that a redemption earned. */
  'clones.make': z.object({ outboxId: z.number().int(), redemptionId: z.string() }),
} as const;

export type JobName = keyof typeof jobPayloads;
export type JobPayload<Name extends JobName> = z.infer<(typeof jobPayloads)[Name]>;

export const JOB_NAMES = Object.keys(jobPayloads) as JobName[];

/** One queue a job, so that a slow kind never holds up another. */
export const queueName: Readonly<Record<JobName, string>> = {
  'claims.drain': 'tapline-claims',
  'clones.make': 'tapline-clones',
};

/** How many of a kind one worker process runs at once. */
export const concurrency: Readonly<Record<JobName, number>> = {
  'claims.drain': 4,
  'clones.make': 4,
};
