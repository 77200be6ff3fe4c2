import type { Authenticate } from '../access/authenticate.ts';
import type { ClaimDesk } from '../claims/desk.ts';
import type { CodeSender } from '../members/code-sender.ts';
import type { SignInProvider } from '../members/sign-in-provider.ts';
import type { Database } from '../platform/database.ts';
import type { Log } from '../platform/log.ts';
import type { Metrics } from '../platform/metrics.ts';
import type { Sealer } from '../platform/sealing.ts';
import type { Primitives } from '../smarttap/index.ts';
import type { TerminalBells } from '../terminals/bells.ts';

/** What the routes stand on; each root builds one for its runtime. */
export interface Service {
  readonly database: Database;
  /** The public origin: in `aud`, in links and in problem types. */
  readonly origin: string;
  readonly authenticate: Authenticate;
  /** Finds the paired till behind its cookie. */
  readonly authenticateTill: Authenticate;
  readonly claimDesk: ClaimDesk;
  /** Told after a commit that left work in the outbox. */
  readonly outboxRang: () => void;
  /** Keeps secrets that must be readable again; null where there is no key for them. */
  readonly sealer: Sealer | null;
  /** Brings one-time codes to phones; null where nobody does, and then nobody joins by phone. */
  readonly codeSender: CodeSender | null;
  /** Where members sign in by OpenID Connect; null where they do not. */
  readonly signInProvider: SignInProvider | null;
  /** Wakes the live lines of the tills. */
  readonly bells: TerminalBells;
  /** Aborts when the process ends, so that answers without an end find one; null at the edge. */
  readonly closing: AbortSignal | null;
  /** The cryptography of the binary protocol, the fastest of the runtime. */
  readonly smartTap: Primitives;
  readonly log: Log;
  readonly metrics: Metrics;
  /** What `/readyz` says: each part by name, true when it answers. */
  readonly readiness: () => Promise<Readonly<Record<string, boolean>>>;
  /** What `/metrics` says; null where a process keeps no numbers. */
  readonly metricsText: (() => Promise<string>) | null;
}
