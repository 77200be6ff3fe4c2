import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Log } from './log.ts';

/** Told what a notification says; null: whatever it was, look. */
export type Woken = (payload: string | null) => void;

/**
 * Listens on a NOTIFY channel over a connection of its own and connects again when that dies. A
 * notification is a hint: what comes while it is away is missed, so listeners also look by
 * themselves, and are called with null once after every new connection.
 */
export async function listen(
  connectionString: string,
  channel: string,
  callback: Woken,
  log: Log,
): Promise<() => Promise<void>> {
  const stopping = new AbortController();
  const { signal } = stopping;
  let current = await subscribe(connectionString, channel, callback);

  async function keepListening(): Promise<void> {
    while (!signal.aborted) {
      callback(null);
      await current.ended;
      if (signal.aborted) return;
      log.warn('listening connection lost', { channel });
      current = await subscribeAgain();
    }
    await current.end();
  }

  async function subscribeAgain(): Promise<Subscription> {
    for (let attempt = 0; !signal.aborted; attempt++) {
      await pause(Math.min(100 * 2 ** attempt, 2000), null, { signal }).catch(() => {});
      const again = await subscribe(connectionString, channel, callback).catch(() => null);
      if (again !== null) return again;
    }
    return current;
  }

  const kept = keepListening();
  return async () => {
    stopping.abort();
    await current.end();
    await kept;
  };
}

/** The life of one connection. */
interface Subscription {
  readonly ended: Promise<void>;
  end(): Promise<void>;
}

async function subscribe(
  connectionString: string,
  channel: string,
  callback: Woken,
): Promise<Subscription> {
  const client = new pg.Client({
    connectionString,
    application_name: 'tapline-listen',
    connectionTimeoutMillis: 10_000,
    query_timeout: 10_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  });
  client.on('error', () => {});
  client.on('notification', ({ payload }) => callback(payload ?? null));
  const ended = new Promise<void>((resolve) => client.once('end', resolve));
  try {
    await client.connect();
    await client.query(`listen ${pg.escapeIdentifier(channel)}`);
  } catch (error) {
    client.end().catch(() => {});
    throw error;
  }
  return { ended, end: () => client.end() };
}
