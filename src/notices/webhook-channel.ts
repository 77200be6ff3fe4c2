import type { Db } from '../platform/database.ts';
import type { PostOutward } from '../platform/outward.ts';
import type { Sealer } from '../platform/sealing.ts';
import { webhookOutcome } from './delivery-rules.ts';
import { signingSecrets } from './endpoint-secret.ts';
import { findEndpoint, type SealedEndpoint } from './endpoint-store.ts';
import {
  type Delivered,
  type Dispatch,
  type Failed,
  failed,
  type NoticeChannel,
  type NoticeKind,
} from './model.ts';
import { signedHeaders } from './signature.ts';

const TYPES: Readonly<Record<NoticeKind, string>> = { 'coupon-expiring': 'coupon.expiring' };

export interface WebhookParts {
  readonly reads: Db;
  readonly sealer: Sealer;
  readonly post: PostOutward;
}

/** A signed POST to an issuer's endpoint (Standard Webhooks 1.0). */
export function webhookChannel(parts: WebhookParts): NoticeChannel {
  return {
    send: async (notice, target) => {
      const endpoint = await findEndpoint(parts.reads, target);
      if (endpoint === null || endpoint.disabledAt !== null) {
        return failed('endpoint-gone', { final: true });
      }
      const { attemptedAt } = notice;
      const secrets = await signingSecrets(parts.sealer, endpoint, attemptedAt).catch(() => null);
      if (secrets === null) return failed('secret-unreadable');
      return post(parts.post, notice, endpoint, secrets);
    },
  };
}

async function post(
  send: PostOutward,
  notice: Dispatch,
  { url }: SealedEndpoint,
  secrets: readonly string[],
): Promise<Delivered | Failed> {
  const { id, attemptedAt } = notice;
  const body = webhookBody(notice);
  const timestamp = Math.floor(attemptedAt.getTime() / 1000);
  const headers = {
    'Content-Type': 'application/json',
    'User-Agent': 'Tapline-Webhooks/1.0',
    ...(await signedHeaders({ id, timestamp, body }, secrets)),
  };
  const answer = await send({ url, headers, body });
  if (!answer.answered) return failed(answer.reason);
  return webhookOutcome(answer.status, answer.retryAfter, attemptedAt);
}

/** The same bytes at every attempt. */
function webhookBody({ kind, createdAt, body }: Dispatch): string {
  return JSON.stringify({ type: TYPES[kind], timestamp: createdAt.toISOString(), data: body });
}
