import { and, asc, eq, gt, sql } from 'drizzle-orm';
import { issuers } from '../issuers/tables.ts';
import { at, type Db, only, statement, type Tx } from '../platform/database.ts';
import type { Page } from '../platform/page.ts';
import type { WebhookEndpoint } from './model.ts';
import { webhookEndpoints } from './tables.ts';

const shown = {
  id: webhookEndpoints.id,
  issuerId: webhookEndpoints.issuerId,
  url: webhookEndpoints.url,
  createdAt: webhookEndpoints.createdAt,
  disabledAt: webhookEndpoints.disabledAt,
};

const count = statement<{ count: number }>(
  'notices.count_endpoints',
  'select count(*)::int as count from webhook_endpoints where issuer_id = $1',
);

/** How many endpoints an issuer has, with the issuer locked; null when there is no such issuer. */
export async function countEndpoints(tx: Tx, issuerId: string): Promise<number | null> {
  const locked = await tx.query
    .select({ id: issuers.id })
    .from(issuers)
    .where(eq(issuers.id, issuerId))
    .for('no key update');
  return locked.length === 0 ? null : only(await tx.run(count, [issuerId])).count;
}

export async function insertEndpoint(
  tx: Tx,
  endpoint: Pick<WebhookEndpoint, 'id' | 'issuerId' | 'url'> & { readonly sealed: string },
): Promise<WebhookEndpoint> {
  const { sealed: secret, ...rest } = endpoint;
  return only(
    await tx.query
      .insert(webhookEndpoints)
      .values({ ...rest, secret })
      .returning(shown),
  );
}

/** The endpoints of an issuer, or of all for null, in order of their making. */
export function listEndpoints(
  db: Db,
  issuerId: string | null,
  page: Page,
): Promise<WebhookEndpoint[]> {
  return db.query
    .select(shown)
    .from(webhookEndpoints)
    .where(
      and(
        issuerId === null ? undefined : eq(webhookEndpoints.issuerId, issuerId),
        page.after === null ? undefined : gt(webhookEndpoints.id, page.after),
      ),
    )
    .orderBy(asc(webhookEndpoints.id))
    .limit(page.limit);
}

export interface SealedEndpoint extends WebhookEndpoint {
  readonly sealed: string;
}

const sealed = { ...shown, sealed: webhookEndpoints.secret };

export async function findEndpoint(db: Db, id: string): Promise<SealedEndpoint | null> {
  const [found] = await db.query
    .select(sealed)
    .from(webhookEndpoints)
    .where(eq(webhookEndpoints.id, id));
  return found ?? null;
}

const clock = statement<{ now: string }>('notices.clock', 'select clock_timestamp() as now');

/** The endpoint, locked, and the time after the lock. */
export async function lockEndpoint(
  tx: Tx,
  id: string,
): Promise<{ readonly endpoint: SealedEndpoint; readonly now: Date } | null> {
  const [endpoint] = await tx.query
    .select(sealed)
    .from(webhookEndpoints)
    .where(eq(webhookEndpoints.id, id))
    .for('no key update');
  if (endpoint === undefined) return null;
  return { endpoint, now: at(only(await tx.run(clock, [])).now) };
}

export async function updateSecret(tx: Tx, id: string, sealedSecret: string): Promise<void> {
  await tx.query
    .update(webhookEndpoints)
    .set({ secret: sealedSecret })
    .where(eq(webhookEndpoints.id, id));
}

/** True when there was one of that issuer; null names any issuer. */
export async function deleteEndpoint(
  tx: Tx,
  id: string,
  issuerId: string | null,
): Promise<boolean> {
  const deleted = await tx.query
    .delete(webhookEndpoints)
    .where(
      and(
        eq(webhookEndpoints.id, id),
        issuerId === null ? undefined : eq(webhookEndpoints.issuerId, issuerId),
      ),
    )
    .returning({ id: webhookEndpoints.id });
  return deleted.length === 1;
}

/** False when it was disabled before, or is gone. */
export async function disableEndpoint(tx: Tx, id: string): Promise<boolean> {
  const disabled = await tx.query
    .update(webhookEndpoints)
    .set({ disabledAt: sql`clock_timestamp()` })
    .where(and(eq(webhookEndpoints.id, id), sql`${webhookEndpoints.disabledAt} is null`))
    .returning({ id: webhookEndpoints.id });
  return disabled.length === 1;
}
