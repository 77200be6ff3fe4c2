import pg from 'pg';
import { Histogram } from './histogram.ts';
import type { LoadResult } from './load.ts';

/** Runs `work` on that many connections for that long: what PostgreSQL alone can do. */
export async function runStatements(
  connectionString: string,
  connections: number,
  seconds: number,
  work: (client: pg.Client) => Promise<void>,
): Promise<LoadResult> {
  const clients = Array.from({ length: connections }, () => new pg.Client({ connectionString }));
  await Promise.all(clients.map((client) => client.connect()));
  const latency = new Histogram();
  const begun = performance.now();
  const until = begun + seconds * 1000;
  await Promise.all(
    clients.map(async (client) => {
      while (performance.now() < until) {
        const sent = performance.now();
        await work(client);
        latency.add(performance.now() - sent);
      }
    }),
  );
  const took = (performance.now() - begun) / 1000;
  await Promise.all(clients.map((client) => client.end()));
  return { requests: latency.count, seconds: took, latency, statuses: new Map() };
}
