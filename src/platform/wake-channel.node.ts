import pg from 'pg';
import type { Log } from './log.ts';

/**
 * Listens on a NOTIFY channel over a connection of its own and connects again when that dies. A
 * notification is a hint: what comes while it is away is missed, so listeners also look by
 * themselves, and are called once after every new connection.
 */
export async function listen(
  connectionString: string,
  channel: string,
  callback: () => void,
  log: Log,
): Promise<() => Promise<void>> {
  let stopped = false;
  let current: pg.Client | null = null;

  async function connect(): Promise<void> {
    const client = new pg.Client({
      connectionString,
      keepAlive: true,
      application_name: 'tapline-listen',
    });
    client.on('error', () => {});
    client.on('notification', callback);
    client.on('end', () => void (stopped || reconnect()));
    await client.connect();
    await client.query(`listen ${pg.escapeIdentifier(channel)}`);
    current = client;
    if (stopped) await client.end();
    callback();
  }

  async function reconnect(): Promise<void> {
    current = null;
    log.warn('listening connection lost', { channel });
    for (let attempt = 0; !stopped && current === null; attempt++) {
      await new Promise((resolve) => setTimeout(resolve, Math.min(100 * 2 ** attempt, 2000)));
      await connect().catch(() => {});
    }
  }

  await connect();
  return async () => {
    stopped = true;
    await current?.end();
  };
}
