import { at, type Db, only, statement, type Tx } from '../platform/database.ts';
import type { StandState } from './model.ts';

// Links that ended long ago go when the next is made, so that nobody need clear them away.
const insert = statement<{ expires_at: string }>(
  'stands.open_write_link',
  `with forgotten as (
     delete from stand_writes where stand_id = $2
        and expires_at < clock_timestamp() - interval '1 day')
   insert into stand_writes (token_sha256, stand_id, expires_at)
   values ($1, $2, clock_timestamp() + make_interval(mins => $3)) returning expires_at`,
);

export async function insertWriteLink(
  tx: Tx,
  tokenSha256: string,
  standId: string,
  minutes: number,
): Promise<Date> {
  return at(only(await tx.run(insert, [tokenSha256, standId, minutes])).expires_at);
}

const end = statement<never>(
  'stands.end_write_links',
  'delete from stand_writes where stand_id = $1 and used_at is null',
);

/** Takes back the links of a stand that were not used. */
export async function endOpenLinks(tx: Tx, standId: string): Promise<void> {
  await tx.run(end, [standId]);
}

/** A link with which a tag is written, the stand it is for and where that stands. */
export interface WriteLink {
  readonly standId: string;
  readonly issuerId: string;
  readonly code: string;
  readonly standName: string;
  readonly state: StandState;
  readonly serial: string | null;
  readonly terminalId: string | null;
  readonly tillName: string | null;
  readonly issuerName: string;
  readonly used: boolean;
  /** For how many seconds more it is good; negative when it is over. */
  readonly secondsLeft: number;
}

const find = statement<WriteLink>(
  'stands.write_link',
  `select s.id as "standId", s.issuer_id as "issuerId", s.code, s.name as "standName",
          s.state, s.serial, s.terminal_id as "terminalId",
          (select name from terminals
            where issuer_id = s.issuer_id and id = s.terminal_id) as "tillName",
          (select name from issuers where id = s.issuer_id) as "issuerName",
          w.used_at is not null as used,
          extract(epoch from w.expires_at - clock_timestamp())::float8 as "secondsLeft"
     from stand_writes w join stands s on s.id = w.stand_id
    where w.token_sha256 = $1`,
);

export async function findWriteLink(db: Db, tokenSha256: string): Promise<WriteLink | null> {
  return (await db.run(find, [tokenSha256]))[0] ?? null;
}

const use = statement<{ id: string }>(
  'stands.use_write_link',
  `with used as (
     update stand_writes set used_at = clock_timestamp() where token_sha256 = $1
     returning stand_id)
   update stands s set state = 'written', serial = $2, written_at = clock_timestamp(),
          verified_at = null
     from used where s.id = used.stand_id
   returning s.id`,
);

/** Uses up a locked link: the tag of its stand was written. */
export async function saveWritten(
  tx: Tx,
  tokenSha256: string,
  serial: string | null,
): Promise<void> {
  only(await tx.run(use, [tokenSha256, serial]));
}
