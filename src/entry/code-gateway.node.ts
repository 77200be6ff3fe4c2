import type { CodeSender } from '../members/code-sender.ts';
import { signedHeaders } from '../notices/signature.ts';
import { newId } from '../platform/ids.ts';
import type { Log } from '../platform/log.ts';
import { openOutward, PUBLIC_INTERNET } from '../platform/outward.node.ts';
import type { PostOutward } from '../platform/outward.ts';

export interface GatewaySettings {
  readonly url: string;
  /** Signs what is sent, as Standard Webhooks do. */
  readonly secret: string;
}

/** Somebody waits for the code. */
const TIMEOUT_MS = 8000;

/** The operator named the gateway, so it may stand in the operator's own network. */
export function toGateway(): PostOutward {
  return openOutward({
    ...PUBLIC_INTERNET,
    flawOf: () => null,
    mayConnect: () => true,
    timeoutMs: TIMEOUT_MS,
  });
}

/** Hands codes to a gateway of the operator's, which sends them on as short messages. */
export function gatewayCodes(
  { url, secret }: GatewaySettings,
  post: PostOutward,
  log: Log,
): CodeSender {
  return {
    send: async ({ phone, code, locale }) => {
      const now = new Date();
      const data = { phone, code, locale };
      const body = JSON.stringify({ type: 'member.code', timestamp: now.toISOString(), data });
      const message = { id: newId('jcd'), timestamp: Math.floor(now.getTime() / 1000), body };
      const headers = {
        'Content-Type': 'application/json',
        'User-Agent': 'Tapline-Codes/1.0',
        ...(await signedHeaders(message, [secret])),
      };
      const answer = await post({ url, headers, body });
      if (answer.answered && answer.status >= 200 && answer.status < 300) return;
      const reason = answer.answered ? `status ${answer.status}` : answer.reason;
      log.warn('a code was not sent', { reason });
      throw new Error(`the gateway did not take the code: ${reason}`);
    },
  };
}
