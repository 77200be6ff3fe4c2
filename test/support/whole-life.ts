import { becomeMemberOf } from '../../src/members/become.ts';
import { newId } from '../../src/platform/ids.ts';
import { type Joined, joinByPhone, newPhone, sentCode } from './member-stage.ts';
import { ORIGIN, type TestService } from './service.ts';
import type { Client } from './service-client.ts';
import { expectStatus, type Merchant, redeem, signedTap, type World } from './world.ts';
import { accept, opened } from './world-transfers.ts';

/** What a member and the shops say of the member; none of it may be left after an erasure. */
export const CANARY = 'canary7f3a';

export interface Life extends Joined {
  readonly shop: Merchant;
  readonly objectId: string;
}

/** A member who joined, was imported, signed in, tapped, claimed, redeemed and gave away. */
export async function wholeLife(service: TestService, world: World): Promise<Life> {
  const { database } = service;
  const shop = await world.merchant();
  const joined = await joinByPhone(database, { displayName: `${CANARY} name` });
  const { member, phone, device } = joined;
  const { walletId, memberId } = member;
  const terms = { classId: await world.passClass(shop) };
  const put = await service.root.send('PUT', `/v1/issuers/${shop.issuerId}/membership`, {
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(terms),
  });
  expectStatus(put, 200);
  const membership = await database.transact((tx) => becomeMemberOf(tx, memberId, shop.issuerId));
  const old = { issuerId: shop.issuerId, externalId: `${CANARY} old card`, phone };
  expectStatus(
    await shop.client.post('/v1/memberships/import', old, { 'Idempotency-Key': 'once' }),
    200,
  );
  const accountName = `${CANARY} account`;
  const objectId = await world.pass(shop, terms.classId, walletId, { accountName });
  await useCoupons(service.root, world, shop, walletId);
  const { token } = await world.present(walletId, { screen: 'pass', objectId });
  const payload = await signedTap(shop.terminal, token, { aud: ORIGIN });
  expectStatus(await service.nobody.post('/v1/taps', { payload }), 200);
  await service.sql("update join_codes set created_at = created_at - interval '2 hours'");
  await sentCode(database, device, newPhone());
  await fillTheRest(service, { ...joined, shop, objectId });
  return { ...joined, shop, objectId: membership?.objectId ?? '' };
}

/** One redeemed and cloned, one given away, one unused. */
async function useCoupons(
  root: Client,
  world: World,
  shop: Merchant,
  walletId: string,
): Promise<void> {
  const classId = await world.couponClass(shop, {
    perMemberLimit: 5,
    perMemberDayLimit: 5,
    transferable: true,
    cloneOnRedeem: { maxClones: 2 },
    budgetMinor: 100_000,
  });
  const used = await world.coupon(shop, classId, walletId);
  expectStatus(await redeem(shop, used.code), 201);
  const given = await world.coupon(shop, classId, walletId);
  const { token } = await opened(root, given.id);
  expectStatus(await accept(root, token, await world.wallet()), 201);
  await world.coupon(shop, classId, walletId);
}

type Run = (statement: string, ...values: unknown[]) => Promise<unknown>;

/** Rows of parts that have tests of their own. */
async function fillTheRest(service: TestService, life: Life): Promise<void> {
  if (life.objectId === '') throw new Error('the life has no pass');
  const run: Run = (statement, ...values) => service.sql(statement, values);
  await tellAboutThePerson(run, life);
  const [coupon] = await service.sql<{ id: string; class_id: string }>(
    'select id, class_id from coupons where wallet_id = $1 order by id limit 1',
    [life.member.walletId],
  );
  await giveAndTell(run, life, coupon ?? { id: '', class_id: '' });
  await touchAStand(run, life);
}

async function tellAboutThePerson(run: Run, { member, device }: Life): Promise<void> {
  const { memberId, walletId } = member;
  await run(
    'update wallets set email = $2, external_id = $3 where id = $1',
    walletId,
    `${CANARY}@mail.example`,
    `${CANARY} wallet`,
  );
  await run("update members set language = 'zh-CN' where id = $1", memberId);
  const provider = 'https://id.example';
  await run(
    'insert into member_identities values ($1, $2, $3)',
    provider,
    `${CANARY} sub`,
    memberId,
  );
  await run(
    "insert into sign_ins values ('state', $1, 'sealed', '/me', now() + interval '1 minute')",
    device.id,
  );
  await run(
    "insert into tap_sessions values ('tok', $1, 'prs', $2, now() + interval '1 minute')",
    walletId,
    `${CANARY} state`,
  );
  await run(
    `insert into idempotency_keys (scope, key, fingerprint, status, headers, body)
     values ($1, 'k', 'f', 200, '{}', $2)`,
    `member:${memberId}`,
    `${CANARY} answer`,
  );
}

/** A bulk issue and a notice. */
async function giveAndTell(
  run: Run,
  { member, shop: { issuerId } }: Life,
  coupon: { readonly id: string; readonly class_id: string },
): Promise<void> {
  await run(
    `insert into bulk_issues
       (id, issuer_id, class_id, actor, request_id, status, total, position, finished_at)
     values ('blk_x', $1, $2, 'root', 'req', 'done', 1, 1, now())`,
    issuerId,
    coupon.class_id,
  );
  await run(
    "insert into bulk_issue_items (bulk_id, position, wallet_id) values ('blk_x', 1, $1)",
    member.walletId,
  );
  await run(
    `insert into notices (id, issuer_id, kind, subject, body)
     values ('ntc_x', $1, 'coupon-expiring', $2, '{}')`,
    issuerId,
    coupon.id,
  );
  await run("insert into notice_deliveries (notice_id, channel) values ('ntc_x', 'log')");
}

async function touchAStand(run: Run, { member, device, shop: { issuerId } }: Life): Promise<void> {
  await run("insert into stores (id, issuer_id, name) values ('life', $1, 'Life')", issuerId);
  await run(
    "insert into terminals (id, issuer_id, store_id, name) values ('life', $1, 'life', 'Life')",
    issuerId,
  );
  const tapId = newId('tap');
  await run(
    `insert into taps (id, issuer_id, jti, kid, wallet_id, outcome, verdicts, payload)
     values ($1, $2, 'jti', 'stand', $3, 'recognised', '[]', '')`,
    tapId,
    issuerId,
    member.walletId,
  );
  const standId = newId('std');
  await run(
    "insert into stands (id, issuer_id, code, name, tag) values ($1, $2, 'lifecode', 'S', 'static')",
    standId,
    issuerId,
  );
  await run(
    `insert into stand_taps (tap_id, stand_id, device_id, session_sha256, proof)
     values ($1, $2, $3, 's', 'qr')`,
    tapId,
    standId,
    device.id,
  );
  await run(
    `insert into terminal_events (issuer_id, terminal_id, number, kind, tap_id, wallet_id)
     values ($1, 'life', 1, 'tap', $2, $3)`,
    issuerId,
    tapId,
    member.walletId,
  );
}
