/** An answer as it goes out, kept so that a retry gets the same bytes. */
export interface StoredAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** What is kept in place of a body that holds a secret. */
  readonly keptBody?: string;
}

/** One request under its idempotency key. */
export interface KeyUse {
  /** Whose keys they are. */
  readonly scope: string;
  readonly key: string;
  /** SHA-256 of what the request asks. */
  readonly fingerprint: string;
}
