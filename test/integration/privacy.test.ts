import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findDevice } from '../../src/members/device.ts';
import { columnsOf, DATA_MAP, wordsOf } from '../../src/privacy/data-model.ts';
import { eraseMember } from '../../src/privacy/erase.ts';
import { exportMember } from '../../src/privacy/export.ts';
import { brokenInvariants } from '../support/invariants.ts';
import { joinByPhone } from '../support/member-stage.ts';
import { SEALER } from '../support/sealer.ts';
import { startTestService, type TestService } from '../support/service.ts';
import { CANARY, type Life, wholeLife } from '../support/whole-life.ts';
import { World } from '../support/world.ts';

let service: TestService;
let world: World;
let life: Life;

beforeAll(async () => {
  service = await startTestService();
  world = new World(service);
  life = await wholeLife(service, world);
});
afterAll(() => service.stop());

/** The tables, of whatever schema, in which a text stands. */
async function tablesWith(text: string): Promise<string[]> {
  const tables = await service.sql<{ name: string }>(
    `select quote_ident(table_schema) || '.' || quote_ident(table_name) as name
       from information_schema.tables
      where table_type = 'BASE TABLE'
        and table_schema not in ('pg_catalog', 'information_schema') order by 1`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await service.sql(`select 1 from ${name} t where t::text like $1 limit 1`, [
      `%${text}%`,
    ]);
    if (rows.length > 0) found.push(name.replace('public.', ''));
  }
  return found;
}

test('every column of every table is told what it is', async () => {
  const columns = await service.sql<{ place: string }>(
    `select table_name || '.' || column_name as place from information_schema.columns
      where table_schema = 'public' and table_name not like 'bullmq%' order by 1`,
  );
  const mapped = Object.entries(DATA_MAP).flatMap(([table, data]) =>
    columnsOf(data).map((column) => `${table}.${column}`),
  );
  expect(new Set(mapped).size).toBe(mapped.length);
  expect(mapped.sort()).toEqual(columns.map(({ place }) => place).sort());
});

describe('an export', () => {
  test('holds rows of every table that knows members, with every column but secrets', async () => {
    const told = await exportMember(service.database.reads, SEALER, life.member.memberId);
    const missing: string[] = [];
    for (const [table, data] of Object.entries(DATA_MAP)) {
      if (data.rowsOf === null) continue;
      const [row] = told?.tables[table] ?? [];
      const sealed = Object.values(data.sealed ?? {});
      for (const column of [data.personal, data.links, data.facts]
        .flatMap(wordsOf)
        .concat(sealed)) {
        if (row === undefined || !(column in row)) missing.push(`${table}.${column}`);
      }
      const secrets = wordsOf(data.secret).concat(Object.keys(data.sealed ?? {}));
      for (const column of secrets) expect(row).not.toHaveProperty(column);
    }
    expect(missing).toEqual([]);
  });

  test('says in clear what was kept encrypted, and is JSON', async () => {
    const told = await exportMember(service.database.reads, SEALER, life.member.memberId);
    const again = JSON.parse(JSON.stringify(told));
    expect(again).toEqual(told);
    expect(again.tables.members[0]).toMatchObject({ phone: life.phone, language: 'zh-CN' });
    expect(again.tables.wallets[0]).toMatchObject({ display_name: `${CANARY} name` });
    expect(again.tables.coupons.length).toBe(4);
  });

  test('is of one member alone', async () => {
    const { member } = await joinByPhone(service.database, { displayName: 'other' });
    const told = await exportMember(service.database.reads, SEALER, member.memberId);
    expect(JSON.stringify(told)).not.toContain(CANARY);
    expect(told?.tables.coupons).toEqual([]);
    expect(await exportMember(service.database.reads, SEALER, 'mem_none')).toBeNull();
  });
});

describe('an erasure', () => {
  test('leaves nothing that says who the member was', async () => {
    const { member, phone } = life;
    const before = await tablesWith(CANARY);
    expect(before).toEqual([
      'idempotency_keys',
      'member_identities',
      'memberships',
      'pass_objects',
      'tap_sessions',
      'wallets',
    ]);
    const [{ secret_sha256: secret } = { secret_sha256: '' }] = await service.sql<{
      secret_sha256: string;
    }>('select secret_sha256 from member_devices where id = $1', [life.device.id]);
    const erased = await service.database.transact((tx) => eraseMember(tx, member.memberId));
    expect(erased).toBe(true);
    const left = await Promise.all([CANARY, phone.slice(-11), secret].map(tablesWith));
    expect(left).toEqual([[], [], []]);
    expect(await findDevice(service.database.reads, secret)).toBeNull();
    expect(await exportMember(service.database.reads, SEALER, member.memberId)).toBeNull();
  });

  test('voids coupons, empties passes and keeps the books', async () => {
    const { walletId } = life.member;
    const coupons = await service.sql<{ status: string }>(
      'select status from coupons where wallet_id = $1 order by status',
      [walletId],
    );
    expect(coupons.map(({ status }) => status)).toEqual([
      'redeemed',
      'transferred',
      'voided',
      'voided',
    ]);
    const [pass] = await service.sql(
      'select state, body, redemption_value from pass_objects where id = $1',
      [life.objectId],
    );
    expect(pass).toMatchObject({ state: 'INACTIVE', redemption_value: null });
    expect(
      await service.sql('select 1 from wallet_passes where wallet_id = $1', [walletId]),
    ).toEqual([]);
    expect(await brokenInvariants(service.sql)).toEqual({});
  });

  test('is done once, and the phone number is free again', async () => {
    const again = await service.database.transact((tx) => eraseMember(tx, life.member.memberId));
    expect(again).toBe(false);
    await service.sql('delete from join_codes');
    const { member } = await joinByPhone(service.database, { phone: life.phone });
    expect(member.memberId).not.toBe(life.member.memberId);
    expect(member.displayName).toBeNull();
  });

  test('of less than all would be found', async () => {
    const other = await joinByPhone(service.database, { displayName: `${CANARY} twin` });
    await service.sql(
      'update members set phone_mark = null, phone_sealed = null, erased_at = now() where id = $1',
      [other.member.memberId],
    );
    expect(await tablesWith(CANARY)).toEqual(['wallets']);
  });
});
