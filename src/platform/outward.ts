/** A POST to a place that an issuer named. */
export interface OutwardRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What came of it: an answer of whatever status, or why there is none. */
export type OutwardAnswer =
  | { readonly answered: true; readonly status: number; readonly retryAfter: string | null }
  | { readonly answered: false; readonly reason: OutwardFailure };

/** `url-refused` and `address-refused`: it would not have left for the public internet. */
export type OutwardFailure =
  | 'url-refused'
  | 'address-refused'
  | 'name-not-found'
  | 'timeout'
  | 'unreachable';

/** Sends to the public internet and nowhere else; never throws. */
export type PostOutward = (request: OutwardRequest) => Promise<OutwardAnswer>;
