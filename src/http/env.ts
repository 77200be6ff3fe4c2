import type { Context } from 'hono';
import type { Caller } from '../access/model.ts';
import type { Locale } from '../problems/model.ts';

/** What each request carries through the handlers. */
export interface AppEnv {
  Variables: {
    requestId: string;
    locale: Locale;
    origin: string;
    caller: Caller | undefined;
    /** The body as it came, for the idempotency fingerprint. */
    bodyText: string;
  };
}

export type AppContext = Context<AppEnv>;
