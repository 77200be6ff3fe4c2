import type { TransactOptions, Tx } from './database.ts';
import { pause } from './pause.ts';

/** One connection that a transaction owns alone from BEGIN to COMMIT. */
export interface Lease {
  readonly tx: Tx;
  begin(): Promise<void>;
  /**
   * The server's word for what it did: `COMMIT`, or `ROLLBACK` when a statement had failed.
   * @throws NotSentError when the connection was gone before
   */
  commit(): Promise<string>;
  rollback(): Promise<void>;
  /** Gives the connection back, or ends it when `broken`. */
  release(broken: boolean): void;
}

/**
 * The connection died after COMMIT was sent and before the answer came: the transaction may have
 * happened or not. It is never tried again here; the caller asks again under its idempotency key.
 */
export class CommitUnknownError extends Error {
  override readonly name = 'CommitUnknownError';
}

/** The connection was gone before the statement was sent, so it cannot have happened. */
export class NotSentError extends Error {
  override readonly name = 'NotSentError';
  readonly code = 'CONNECTION_CLOSED';
}

/** After this long a caller has waited enough for another try. */
const REPEAT_WITHIN_MS = 5000;

/** Runs `work` in a transaction on a connection of its own and tries again where that is safe. */
export async function transact<T>(
  lease: () => Promise<Lease>,
  work: (tx: Tx) => Promise<T>,
  { attempts = 5 }: TransactOptions = {},
): Promise<T> {
  const begun = performance.now();
  for (let attempt = 1; ; attempt++) {
    try {
      return await attemptOnce(await lease(), work);
    } catch (error) {
      const isLast = attempt >= attempts || performance.now() - begun > REPEAT_WITHIN_MS;
      if (isLast || !isSafeToRepeat(error)) throw error;
      await pause(Math.random() * 10 * 2 ** attempt);
    }
  }
}

async function attemptOnce<T>(lease: Lease, work: (tx: Tx) => Promise<T>): Promise<T> {
  let result: T;
  try {
    await lease.begin();
    result = await work(lease.tx);
  } catch (error) {
    await abandon(lease, error);
    throw error;
  }
  await commit(lease);
  return result;
}

async function commit(lease: Lease): Promise<void> {
  let done: string;
  try {
    done = await lease.commit();
  } catch (error) {
    const isLost = isConnectionLoss(error);
    lease.release(isLost || sqlState(error) === null);
    throw asOutcome(error);
  }
  lease.release(false);
  // PostgreSQL answers COMMIT without an error when a failed statement was passed over.
  if (done !== 'COMMIT') throw new Error(`the transaction ended in ${done}`);
}

async function abandon(lease: Lease, error: unknown): Promise<void> {
  if (isConnectionLoss(error)) return lease.release(true);
  try {
    await lease.rollback();
    lease.release(false);
  } catch {
    lease.release(true);
  }
}

/**
 * What the failure of a statement that commits comes to. An answer from the server, such as a
 * deferred constraint's, says that nothing was committed; a lost connection says nothing.
 */
export function asOutcome(error: unknown): unknown {
  if (error instanceof NotSentError) return error;
  if (sqlState(error) !== null && !isConnectionLoss(error)) return error;
  return new CommitUnknownError('the answer to COMMIT was lost', { cause: error });
}

/** Serialization failure, deadlock, or a connection lost before COMMIT was sent. */
function isSafeToRepeat(error: unknown): boolean {
  if (error instanceof CommitUnknownError) return false;
  const state = sqlState(error);
  return state === '40001' || state === '40P01' || isConnectionLoss(error);
}

/** True when the error says that the connection or its backend is gone. */
export function isConnectionLoss(error: unknown): boolean {
  const state = sqlState(error);
  if (state !== null) return /^(08|57P|25P0[34])/.test(state);
  const { code, message } = rootCause(error) as { code?: unknown; message?: unknown };
  if (typeof code === 'string' && CONNECTION_CODES.has(code)) return true;
  const told = typeof message === 'string' ? message : '';
  return CONNECTION_MESSAGES.some((beginning) => told.startsWith(beginning));
}

const CONNECTION_CODES = new Set([
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
  'ETIMEDOUT',
  'CONNECTION_CLOSED',
  'CONNECTION_DESTROYED',
  'CONNECTION_ENDED',
  'CONNECT_TIMEOUT',
]);
/** How errors begin for which node-postgres has no code. */
const CONNECTION_MESSAGES = [
  'Connection terminated',
  'Client has encountered a connection error',
  'Client was closed',
  'Query read timeout',
  'timeout exceeded when trying to connect',
];

/** The SQLSTATE of a PostgreSQL error, also when drizzle has wrapped it; null for any other. */
export function sqlState(error: unknown): string | null {
  const { code } = rootCause(error) as { code?: unknown };
  return typeof code === 'string' && SQLSTATE.test(code) ? code : null;
}

// PostgreSQL's classes; so EPIPE and EPERM, which Node has in `code`, are none.
const SQLSTATE = /^(?:\d[0-9A-Z]|F0|HV|P0|XX)[0-9A-Z]{3}$/;

/** The name of the violated constraint, or null when the error is no violation. */
export function violatedConstraint(error: unknown): string | null {
  if (!sqlState(error)?.startsWith('23')) return null;
  const cause = rootCause(error) as { constraint?: string; constraint_name?: string };
  return cause.constraint ?? cause.constraint_name ?? null;
}

function rootCause(error: unknown): object {
  let current: unknown = error;
  while (current instanceof Error && current.cause instanceof Error) current = current.cause;
  return typeof current === 'object' && current !== null ? current : {};
}
