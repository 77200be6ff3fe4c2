import { randomUUID } from 'node:crypto';
import { tellTerminal } from '../../src/terminals/event-store.ts';
import type { NewTerminalEvent } from '../../src/terminals/model.ts';
import type { TestService } from './service.ts';
import { loyaltyClass, passObject } from './wallet-bodies.ts';
import { expectStatus, type Merchant, type World } from './world.ts';

export interface TestMember {
  readonly memberId: string;
  readonly walletId: string;
  readonly number: number;
  readonly passValue: string;
}

/** A member of the merchant with a card, straight into the tables. */
export async function joinedMember(
  service: TestService,
  world: World,
  shop: Merchant,
  { name, number, tier = 'Gold' }: { name: string; number: number; tier?: string },
): Promise<TestMember> {
  const classId = `${shop.issuerId}.card-${number}`;
  const fields = { enableSmartTap: true, redemptionIssuers: [shop.issuerId], rewardsTier: tier };
  const made = await shop.client.post(
    '/walletobjects/v1/loyaltyClass',
    loyaltyClass(classId, { ...fields, programName: '老地方 Club' }),
  );
  expectStatus(made, 200);
  const walletId = await world.wallet(service.root, { displayName: name });
  const objectId = `${shop.issuerId}.member-${number}`;
  const passValue = `M${shop.issuerId}-${number}`;
  const card = passObject(objectId, classId, {
    smartTapRedemptionValue: passValue,
    accountId: String(number),
    loyaltyPoints: { label: '积分', balance: { string: '71327.42' } },
  });
  expectStatus(await shop.client.post('/walletobjects/v1/loyaltyObject', card), 200);
  const held = await service.root.post(`/v1/wallets/${walletId}/passes`, { objectId });
  expectStatus(held, 201);
  const memberId = `mem_${randomUUID()}`;
  await service.sql('insert into members (id, wallet_id) values ($1, $2)', [memberId, walletId]);
  await service.sql(
    'insert into memberships (member_id, issuer_id, number, object_id) values ($1, $2, $3, $4)',
    [memberId, shop.issuerId, number, objectId],
  );
  return { memberId, walletId, number, passValue };
}

/** Tells a terminal something as a verb would. */
export function tell(
  { database }: Pick<TestService, 'database'>,
  shop: Pick<Merchant, 'issuerId'>,
  terminalId: string,
  event: Partial<NewTerminalEvent> = {},
): Promise<number> {
  const nothing = { kind: 'tap', tapId: null, walletId: null, detail: {} } as const;
  const terminal = { issuerId: shop.issuerId, terminalId };
  return database.transact((tx) => tellTerminal(tx, terminal, { ...nothing, ...event }));
}

/** A recorded tap at a stand, without the stand; gives its id. */
export async function stoodTap(
  service: TestService,
  shop: Pick<Merchant, 'issuerId'>,
  terminalId: string,
  walletId: string | null,
): Promise<string> {
  const id = `tap_${randomUUID()
    .replaceAll('-', '')
    .slice(0, 26)
    .replaceAll(/[ilou]/g, '0')}`;
  await service.sql(
    `insert into taps (id, issuer_id, jti, kid, wallet_id, terminal_id, outcome, verdicts, payload)
     values ($1, $2, $1, 'test', $3, $4, $5, '[]', '')`,
    [id, shop.issuerId, walletId, terminalId, walletId === null ? 'unknown' : 'recognised'],
  );
  await tell(service, shop, terminalId, { tapId: id, walletId });
  return id;
}
