import { and, asc, eq, gt, sql } from 'drizzle-orm';
import { issuers } from '../issuers/tables.ts';
import type { Vertical } from '../passes/model.ts';
import { passClasses, passObjects } from '../passes/tables.ts';
import { type Db, statement, type Tx } from '../platform/database.ts';
import type { Page } from '../platform/page.ts';
import type { BundledIssuer, BundledPass, Wallet, WalletPass } from './model.ts';
import { walletPasses, wallets } from './tables.ts';

const columns = {
  id: wallets.id,
  issuerId: wallets.issuerId,
  displayName: wallets.displayName,
  externalId: wallets.externalId,
  email: wallets.email,
  plus: wallets.plus,
  createdAt: wallets.createdAt,
};

export interface NewWallet extends Omit<Wallet, 'createdAt'> {
  readonly pairwiseSecret: string;
}

/** Null when the issuer has a wallet with that external id already. */
export async function insertWallet(tx: Tx, wallet: NewWallet): Promise<Wallet | null> {
  const rows = await tx.query
    .insert(wallets)
    .values(wallet)
    .onConflictDoNothing()
    .returning(columns);
  return rows[0] ?? null;
}

export async function findWallet(db: Db, id: string): Promise<Wallet | null> {
  const [wallet] = await db.query.select(columns).from(wallets).where(eq(wallets.id, id));
  return wallet ?? null;
}

export async function updatePlus(tx: Tx, id: string, plus: boolean): Promise<void> {
  await tx.query.update(wallets).set({ plus }).where(eq(wallets.id, id));
}

export interface PassToAdd {
  readonly id: string;
  readonly issuerId: string;
  readonly severalHolders: boolean;
}

export async function findPassToAdd(db: Db, objectId: string): Promise<PassToAdd | null> {
  const [pass] = await db.query
    .select({
      id: passObjects.id,
      issuerId: passObjects.issuerId,
      severalHolders: passClasses.severalHolders,
    })
    .from(passObjects)
    .innerJoin(passClasses, eq(passClasses.id, passObjects.classId))
    .where(eq(passObjects.id, objectId));
  return pass ?? null;
}

const addPassStatement = statement<{ added_at: string }>(
  'wallets.add_pass',
  `insert into wallet_passes (wallet_id, object_id, sole_holder)
   select $1, $2, $3
    where not $3 or not exists
          (select 1 from wallet_passes where object_id = $2 and wallet_id <> $1)
   on conflict do nothing returning added_at`,
);

/** False when another wallet holds the pass and its class allows one holder. */
export async function addPass(
  tx: Tx,
  walletId: string,
  objectId: string,
  soleHolder: boolean,
): Promise<boolean> {
  const added = await tx.run(addPassStatement, [walletId, objectId, soleHolder]);
  if (added.length === 1) return true;
  const held = await tx.query
    .select({ objectId: walletPasses.objectId })
    .from(walletPasses)
    .where(and(eq(walletPasses.walletId, walletId), eq(walletPasses.objectId, objectId)));
  return held.length === 1;
}

/** Passes of a wallet in order of their ids; of one issuer only, unless null. */
export async function listPasses(
  db: Db,
  walletId: string,
  issuerId: string | null,
  page: Page,
): Promise<WalletPass[]> {
  const rows = await db.query
    .select({
      objectId: passObjects.id,
      classId: passObjects.classId,
      issuerId: passObjects.issuerId,
      type: passObjects.vertical,
      state: passObjects.state,
      addedAt: walletPasses.addedAt,
    })
    .from(walletPasses)
    .innerJoin(passObjects, eq(passObjects.id, walletPasses.objectId))
    .where(
      and(
        eq(walletPasses.walletId, walletId),
        issuerId === null ? undefined : eq(passObjects.issuerId, issuerId),
        page.after === null ? undefined : gt(walletPasses.objectId, page.after),
      ),
    )
    .orderBy(asc(walletPasses.objectId))
    .limit(page.limit);
  return rows.map((row) => ({ ...row, type: row.type as Vertical }));
}

export async function bundlePasses(db: Db, walletId: string): Promise<BundledPass[]> {
  const rows = await db.query
    .select({
      objectId: passObjects.id,
      classId: passObjects.classId,
      issuerId: passObjects.issuerId,
      type: passObjects.vertical,
      state: passObjects.state,
      redemptionValue: passObjects.redemptionValue,
      validFrom: passObjects.validFrom,
      validUntil: passObjects.validUntil,
      enableSmartTap: sql<boolean>`${passClasses.enableSmartTap} and ${passClasses.reviewStatus} = 'APPROVED'`,
      redemptionIssuers: sql<string[]>`to_json(${passClasses.redemptionIssuers})`,
    })
    .from(walletPasses)
    .innerJoin(passObjects, eq(passObjects.id, walletPasses.objectId))
    .innerJoin(passClasses, eq(passClasses.id, passObjects.classId))
    .where(eq(walletPasses.walletId, walletId))
    .orderBy(asc(passObjects.id));
  return rows.map((row) => ({ ...row, type: row.type as Vertical }));
}

/** The redemption issuers that have a collector ID, with their live keys. */
export async function bundleIssuers(
  db: Db,
  issuerIds: readonly string[],
): Promise<BundledIssuer[]> {
  const ids = JSON.stringify(issuerIds);
  return db.query
    .select({
      issuerId: issuers.id,
      collectorId: sql<string>`${issuers.collectorId}`,
      // Written out, because drizzle leaves the table off a column in the selection of one table.
      keys: sql<BundledIssuer['keys']>`coalesce(
        (select json_agg(json_build_object('version', k.version, 'spki', k.spki) order by k.version)
           from issuer_keys k
          where k.issuer_id = issuers.id and k.retired_at is null), '[]')`,
    })
    .from(issuers)
    .where(
      sql`${issuers.collectorId} is not null
          and ${issuers.id} in (select json_array_elements_text(${ids}::json))`,
    )
    .orderBy(asc(issuers.id));
}
