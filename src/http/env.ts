import type { Context } from 'hono';
import type { Caller } from '../access/model.ts';
import type { Locale } from '../problems/model.ts';

/** What each request carries through the handlers. */
export interface AppEnv {
  Bindings: {
    /** Told of an answer that is read on after it was given, where a request has its own database. */
    readonly answerLasts?: (ended: Promise<void>) => void;
    /** Gives the connection of such a request back; its next statement has another. */
    readonly letGo?: () => Promise<void>;
    /** The answer's own end of the connection, on Node. */
    readonly outgoing?: { destroy(): void };
  };
  Variables: {
    requestId: string;
    locale: Locale;
    origin: string;
    caller: Caller | undefined;
    /** The body as it came, for the idempotency fingerprint. */
    bodyText: string;
    /** The body of a route that takes octets. */
    octets: Uint8Array;
  };
}

export type AppContext = Context<AppEnv>;
