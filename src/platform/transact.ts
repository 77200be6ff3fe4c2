import type { TransactOptions, Tx } from './database.ts';

/** One connection that a transaction owns alone from BEGIN to COMMIT. */
export interface Lease {
  readonly tx: Tx;
  begin(): Promise<void>;
  commit(): Promise<void>;
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

/** Runs `work` in a transaction on a connection of its own and tries again where that is safe. */
export async function transact<T>(
  lease: () => Promise<Lease>,
  work: (tx: Tx) => Promise<T>,
  { attempts = 5 }: TransactOptions = {},
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await attemptOnce(await lease(), work);
    } catch (error) {
      if (attempt >= attempts || !isSafeToRepeat(error)) throw error;
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
  try {
    await lease.commit();
  } catch (error) {
    lease.release(true);
    // An answer from the server, such as a deferred constraint's, says that nothing was committed.
    if (sqlState(error) !== null && !isConnectionLoss(error)) throw error;
    throw new CommitUnknownError('the answer to COMMIT was lost', { cause: error });
  }
  lease.release(false);
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

/** Serialization failure, deadlock, or a connection lost before COMMIT was sent. */
function isSafeToRepeat(error: unknown): boolean {
  if (error instanceof CommitUnknownError) return false;
  const state = sqlState(error);
  return state === '40001' || state === '40P01' || isConnectionLoss(error);
}

/** True when the error says that the connection or its backend is gone. */
export function isConnectionLoss(error: unknown): boolean {
  const state = sqlState(error);
  if (state !== null) return state.startsWith('08') || state.startsWith('57P');
  const { code, message } = rootCause(error) as { code?: unknown; message?: unknown };
  if (typeof code === 'string' && CONNECTION_CODES.has(code)) return true;
  return typeof message === 'string' && CONNECTION_MESSAGE.test(message);
}

const CONNECTION_CODES = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'EPIPE',
  'ETIMEDOUT',
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
]);
// node-postgres has no code for these.
const CONNECTION_MESSAGE =
  /^(Connection terminated|Client has encountered a connection error|Client was closed|timeout exceeded when trying to connect)/;

/** The SQLSTATE of a PostgreSQL error, also when drizzle has wrapped it; null for any other. */
export function sqlState(error: unknown): string | null {
  const { code } = rootCause(error) as { code?: unknown };
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && code !== 'EPIPE' ? code : null;
}

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

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
