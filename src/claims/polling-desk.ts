import type { Database } from '../platform/database.ts';
import { pause } from '../platform/pause.ts';
import type { ClaimDesk, Handed } from './desk.ts';
import { handedClaim, handIn, isPending } from './hand-in.ts';

const POLL_MS = 75;

/**
 * The desk of a process that lives for one request and cannot listen: it hands the claim in, asks
 * the database again and again, and leaves it to the workers' sweep to find the claim.
 */
export function openPollingDesk(database: Database): ClaimDesk {
  return {
    submit: async (request, waitMilliseconds) => {
      const until = Date.now() + waitMilliseconds;
      return untilDecided(database, await handIn(database, request), until);
    },
    close: async () => {},
  };
}

async function untilDecided(database: Database, handed: Handed, until: number): Promise<Handed> {
  let current = handed;
  while (isPending(current) && Date.now() < until) {
    await pause(Math.min(POLL_MS, until - Date.now()));
    // The claim is in; a look that fails is only one look less.
    const before = current;
    current = await handedClaim(database, before.claim.id, before.replayed).catch(() => before);
  }
  return current;
}
