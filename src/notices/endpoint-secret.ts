import type { Sealer } from '../platform/sealing.ts';
import { newWebhookSecret } from './signature.ts';

/** How long the secret before signs too, so that a receiver has time to exchange it. */
export const OVERLAP_HOURS = 24;

/** What an endpoint's messages are signed with. */
interface Secrets {
  readonly current: string;
  readonly previous: string | null;
  /** Until then the one before signs as well; RFC 3339. */
  readonly previousUntil: string | null;
}

export interface NewSecret {
  /** For the receiver; shown once. */
  readonly secret: string;
  /** For the endpoint's row. */
  readonly sealed: string;
}

// Bound to its row, so that the secret of one endpoint put in the row of another does not open.
const placeOf = (endpointId: string) => `webhook_endpoints.secret:${endpointId}`;

export async function firstSecret(sealer: Sealer, endpointId: string): Promise<NewSecret> {
  const secret = newWebhookSecret();
  const secrets: Secrets = { current: secret, previous: null, previousUntil: null };
  return { secret, sealed: await sealer.seal(JSON.stringify(secrets), placeOf(endpointId)) };
}

/** A new secret beside the one of now, which goes on signing for a while; an older one ends. */
export async function nextSecret(
  sealer: Sealer,
  { id, sealed }: { readonly id: string; readonly sealed: string },
  now: Date,
): Promise<NewSecret & { readonly previousUntil: Date | null }> {
  const secret = newWebhookSecret();
  // A secret that cannot be read any more, because the key is another, signs nothing either.
  const before = await open(sealer, id, sealed).catch(() => null);
  const until = new Date(now.getTime() + OVERLAP_HOURS * 3_600_000);
  const previousUntil = before === null ? null : until;
  const secrets: Secrets = {
    current: secret,
    previous: before?.current ?? null,
    previousUntil: previousUntil?.toISOString() ?? null,
  };
  return {
    secret,
    previousUntil,
    sealed: await sealer.seal(JSON.stringify(secrets), placeOf(id)),
  };
}

/** The secrets that sign at that time, the newest first. @throws SealBrokenError */
export async function signingSecrets(
  sealer: Sealer,
  { id, sealed }: { readonly id: string; readonly sealed: string },
  now: Date,
): Promise<string[]> {
  const { current, previous, previousUntil } = await open(sealer, id, sealed);
  const both = previous !== null && previousUntil !== null && now < new Date(previousUntil);
  return both ? [current, previous] : [current];
}

async function open(sealer: Sealer, id: string, sealed: string): Promise<Secrets> {
  return JSON.parse(await sealer.open(sealed, placeOf(id))) as Secrets;
}
