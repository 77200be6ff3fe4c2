import { and, asc, eq, gt } from 'drizzle-orm';
import { issuers } from '../issuers/tables.ts';
import { type Db, only, statement, type Tx } from '../platform/database.ts';
import { wallets } from '../wallets/tables.ts';
import type { IssuersMembership, Membership, MembershipTerms } from './model.ts';
import { members, memberships, membershipTerms } from './tables.ts';

export async function findTerms(db: Db, issuerId: string): Promise<MembershipTerms | null> {
  const [row] = await db.query
    .select({ issuerId: membershipTerms.issuerId, classId: membershipTerms.classId })
    .from(membershipTerms)
    .where(eq(membershipTerms.issuerId, issuerId));
  return row ?? null;
}

/** The terms, by which nobody else gets a number until the transaction ends. */
export async function lockTerms(tx: Tx, issuerId: string): Promise<MembershipTerms | null> {
  const [row] = await tx.query
    .select({ issuerId: membershipTerms.issuerId, classId: membershipTerms.classId })
    .from(membershipTerms)
    .where(eq(membershipTerms.issuerId, issuerId))
    .for('no key update');
  return row ?? null;
}

/** Throws for an issuer or a class that is not there. */
export async function saveTerms(tx: Tx, { issuerId, classId }: MembershipTerms): Promise<void> {
  await tx.query
    .insert(membershipTerms)
    .values({ issuerId, classId })
    .onConflictDoUpdate({ target: membershipTerms.issuerId, set: { classId } });
}

// Numbers that were imported may be ahead; then the first free one after them is taken.
const takeNumber = statement<{ last_number: string }>(
  'members.take_number',
  `update membership_terms t set last_number = coalesce(
       (select t.last_number + 1
         where not exists (select from memberships
                            where issuer_id = t.issuer_id and number = t.last_number + 1)),
       (select m.number + 1 from memberships m
         where m.issuer_id = t.issuer_id and m.number > t.last_number
           and not exists (select from memberships
                            where issuer_id = t.issuer_id and number = m.number + 1)
         order by m.number limit 1))
    where t.issuer_id = $1 returning last_number`,
);

/** The next number of an issuer whose terms are locked. */
export async function takeNextNumber(tx: Tx, issuerId: string): Promise<number> {
  return Number(only(await tx.run(takeNumber, [issuerId])).last_number);
}

interface MembershipRow {
  readonly member_id: string;
  readonly issuer_id: string;
  readonly number: string;
  readonly object_id: string;
  readonly joined_at: string;
}

const insert = statement<MembershipRow>(
  'members.insert_membership',
  `insert into memberships (member_id, issuer_id, number, object_id) values ($1, $2, $3, $4)
   returning member_id, issuer_id, number, object_id, joined_at`,
);

/** Throws for a second one at the issuer, and for a number that is taken. */
export async function insertMembership(
  tx: Tx,
  { memberId, issuerId, number, objectId }: Omit<Membership, 'joinedAt'>,
): Promise<Membership> {
  return asMembership(only(await tx.run(insert, [memberId, issuerId, number, objectId])));
}

const find = statement<MembershipRow>(
  'members.membership',
  `select member_id, issuer_id, number, object_id, joined_at from memberships
    where member_id = $1 and issuer_id = $2`,
);

export async function findMembership(
  db: Db,
  memberId: string,
  issuerId: string,
): Promise<Membership | null> {
  const [row] = await db.run(find, [memberId, issuerId]);
  return row === undefined ? null : asMembership(row);
}

const findByNumber = statement<{ taken: boolean }>(
  'members.number_taken',
  `select exists (select from memberships where issuer_id = $1 and number = $2) as taken`,
);

export async function numberTaken(db: Db, issuerId: string, number: number): Promise<boolean> {
  return only(await db.run(findByNumber, [issuerId, number])).taken;
}

function asMembership(row: MembershipRow): Membership {
  return {
    memberId: row.member_id,
    issuerId: row.issuer_id,
    number: Number(row.number),
    objectId: row.object_id,
    joinedAt: new Date(row.joined_at),
  };
}

/** A membership with what makes its wallet's reference at the issuer. */
export type MembershipWithSecret = Omit<IssuersMembership, 'walletRef'> & {
  readonly pairwiseSecret: string;
  readonly collectorId: string | null;
};

function selectForIssuer(db: Db) {
  return db.query
    .select({
      issuerId: memberships.issuerId,
      number: memberships.number,
      objectId: memberships.objectId,
      joinedAt: memberships.joinedAt,
      externalId: memberships.externalId,
      pairwiseSecret: wallets.pairwiseSecret,
      collectorId: issuers.collectorId,
    })
    .from(memberships)
    .innerJoin(issuers, eq(issuers.id, memberships.issuerId))
    .innerJoin(members, eq(members.id, memberships.memberId))
    .innerJoin(wallets, eq(wallets.id, members.walletId));
}

/** The memberships of an issuer in order of their numbers. */
export async function listMemberships(
  db: Db,
  issuerId: string,
  after: number | null,
  limit: number,
): Promise<MembershipWithSecret[]> {
  const further = after === null ? undefined : gt(memberships.number, after);
  return selectForIssuer(db)
    .where(and(eq(memberships.issuerId, issuerId), further))
    .orderBy(asc(memberships.number))
    .limit(limit);
}

export async function findForIssuer(
  db: Db,
  memberId: string,
  issuerId: string,
): Promise<MembershipWithSecret | null> {
  const [row] = await selectForIssuer(db).where(
    and(eq(memberships.memberId, memberId), eq(memberships.issuerId, issuerId)),
  );
  return row ?? null;
}

const byExternalId = statement<{ member_id: string }>(
  'members.by_external_id',
  'select member_id from memberships where issuer_id = $1 and external_id = $2',
);

/** Whom the issuer's own system calls so. */
export async function findByExternalId(
  db: Db,
  issuerId: string,
  externalId: string,
): Promise<string | null> {
  const [row] = await db.run(byExternalId, [issuerId, externalId]);
  return row?.member_id ?? null;
}

const setExternalIdStatement = statement<{ number: string }>(
  'members.set_external_id',
  `update memberships set external_id = $3
    where member_id = $1 and issuer_id = $2 and external_id is null returning number`,
);

/** False where the membership has another external id already. */
export async function setExternalId(
  tx: Tx,
  memberId: string,
  issuerId: string,
  externalId: string,
): Promise<boolean> {
  return (await tx.run(setExternalIdStatement, [memberId, issuerId, externalId])).length === 1;
}

const setMark = statement<never>(
  'members.set_imported_mark',
  'update memberships set imported_mark = $2 where object_id = $1',
);

export async function setImportedMark(tx: Tx, objectId: string, mark: string): Promise<void> {
  await tx.run(setMark, [objectId, mark]);
}

const importedFor = statement<{ member_id: string; wallet_id: string }>(
  'members.imported_for',
  `select i.member_id, m.wallet_id
     from members own
     join memberships i on i.issuer_id = $2 and i.imported_mark = own.phone_mark
     join members m on m.id = i.member_id
    where own.id = $1 and i.member_id <> own.id and m.merged_into is null and m.erased_at is null
    order by i.number`,
);

/** Whom an issuer imported under a number that this member has proven. */
export async function findImportedFor(
  db: Db,
  memberId: string,
  issuerId: string,
): Promise<{ readonly memberId: string; readonly walletId: string }[]> {
  const rows = await db.run(importedFor, [memberId, issuerId]);
  return rows.map((row) => ({ memberId: row.member_id, walletId: row.wallet_id }));
}
