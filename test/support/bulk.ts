import type { TestService } from './service.ts';
import type { Answer, Client } from './service-client.ts';
import { expectStatus, type Fields } from './world.ts';

export interface BulkIssue {
  readonly id: string;
  readonly classId: string;
  readonly status: 'running' | 'done' | 'cancelled';
  readonly total: number;
  readonly issued: number;
  readonly refused: number;
  readonly finishedAt: string | null;
}

export interface BulkRefusal {
  readonly walletId: string | null;
  readonly externalId: string | null;
  readonly claimId: string | null;
  readonly reason: string;
}

const CSV = { 'Content-Type': 'text/csv' };

/** Issues to the wallets of a file, sent as it is. */
export function issueToFile(
  client: Client,
  classId: string,
  body: BodyInit,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer<BulkIssue>> {
  const path = `/v1/coupon-classes/${classId}/bulk-issues`;
  const init = { headers: { ...CSV, ...headers }, body, duplex: 'half' } as RequestInit;
  return client.send<BulkIssue>('POST', path, init);
}

export function issueToQuery(
  client: Client,
  classId: string,
  query: Fields,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer<BulkIssue>> {
  return client.post<BulkIssue>(`/v1/coupon-classes/${classId}/bulk-issues`, { query }, headers);
}

export function csvOf(header: string, values: readonly string[]): string {
  return [header, ...values].map((line) => `${line}\n`).join('');
}

/** The job when nothing is left to do of it. */
export async function finished(client: Client, id: string): Promise<BulkIssue> {
  for (;;) {
    const read = await client.get<BulkIssue>(`/v1/bulk-issues/${id}`);
    const issue = expectStatus(read, 200);
    if (issue.finishedAt !== null) return issue;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** So many wallets of that issuer (null: of the platform), straight into the table. */
export async function seedWallets(
  { sql }: Pick<TestService, 'sql'>,
  issuerId: string | null,
  count: number,
): Promise<string[]> {
  const rows = await sql<{ id: string }>(
    `insert into wallets (id, issuer_id, external_id, pairwise_secret)
     select 'wal_' || translate(substr(md5(random()::text || n), 1, 26), 'iluo', 'wxyz'), $1,
            'member-' || n || '-' || md5(random()::text), 's'
       from generate_series(1, $2) as n returning id`,
    [issuerId, count],
  );
  return rows.map(({ id }) => id);
}
