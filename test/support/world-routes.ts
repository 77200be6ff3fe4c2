import type { Scope } from '../../src/access/model.ts';
import { claim, type Merchant, redeem, redemption, tap, type World } from './world.ts';

/** A request that its owner may make, about things that are all the owner's. */
export interface OwnedRequest {
  readonly operationId: string;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: Readonly<Record<string, unknown>>;
  /** The body may be left out. */
  readonly bodyOptional?: true;
  /** What a key needs to make it. */
  readonly scope: Scope;
  /** What a stranger is told; null where the request names nothing of the owner's. */
  readonly toStrangers: 'not-found' | 'collector-not-found' | null;
}

/** Every call of the native face that a key makes, one request each. */
export async function everyRoute(world: World, owner: Merchant): Promise<OwnedRequest[]> {
  const things = await ownedThings(world, owner);
  return [
    ...accessRequests(owner, things),
    ...walletRequests(things),
    ...tapRequests(things),
    ...couponRequests(world, owner, things),
    ...redemptionRequests(owner, things),
    ...terminalRequests(owner),
  ];
}

type Things = Awaited<ReturnType<typeof ownedThings>>;

async function ownedThings(world: World, owner: Merchant) {
  const { client } = owner;
  const walletId = await world.wallet(client);
  const passClass = await world.passClass(owner);
  const objectId = await world.pass(owner, passClass, walletId);
  await world.pass(owner, passClass, walletId);
  const classId = await world.couponClass(owner, { perMemberLimit: 100 });
  const claimed = await claim(client, classId, { walletId });
  const { token } = await world.present(walletId);
  const tapped = await tap(client, owner.terminal, token);
  const used = await world.coupon(owner, classId, walletId);
  return {
    walletId,
    objectId,
    classId,
    presentationId: (await world.present(walletId)).id,
    tapId: tapped.body.id,
    claimId: claimed.body.id,
    code: claimed.body.coupon?.code ?? '',
    redemptionId: (await redeem(owner, used.code)).body.id,
    apiKeyId: (await world.keyFor(owner.issuerId)).split('_')[2] ?? '',
  };
}

function accessRequests({ issuerId }: Merchant, { apiKeyId }: Things): OwnedRequest[] {
  return [
    {
      operationId: 'createApiKey',
      method: 'POST',
      path: '/v1/api-keys',
      body: { issuerId, scopes: ['api-keys:write'], mode: 'live' },
      scope: 'api-keys:write',
      toStrangers: 'not-found',
    },
    read('listApiKeys', '/v1/api-keys', 'api-keys:read', null),
    {
      operationId: 'revokeApiKey',
      method: 'DELETE',
      path: `/v1/api-keys/${apiKeyId}`,
      scope: 'api-keys:write',
      toStrangers: 'not-found',
    },
  ];
}

function walletRequests({ walletId, objectId }: Things): OwnedRequest[] {
  const wallet = `/v1/wallets/${walletId}`;
  return [
    write('createWallet', '/v1/wallets', { displayName: 'Ana' }, 'wallets:write', null),
    read('getWallet', wallet, 'wallets:read'),
    read('listWalletPasses', `${wallet}/passes`, 'wallets:read'),
    read('listWalletCoupons', `${wallet}/coupons`, 'wallets:read'),
    read('syncWallet', `${wallet}/sync`, 'wallets:read'),
    write('addPassToWallet', `${wallet}/passes`, { objectId }, 'wallets:write'),
    write('present', `${wallet}/presentations`, { screen: 'home' }, 'wallets:write'),
  ];
}

function tapRequests({ presentationId, objectId, tapId }: Things): OwnedRequest[] {
  const presentation = `/v1/presentations/${presentationId}`;
  return [
    read('getPresentation', presentation, 'wallets:read'),
    write('selectPass', `${presentation}/selection`, { objectId }, 'wallets:write'),
    read('explainTap', `/v1/taps/${tapId}/explanation`, 'taps:read'),
  ];
}

function couponRequests(world: World, owner: Merchant, things: Things): OwnedRequest[] {
  const { walletId, classId, claimId } = things;
  const one = `/v1/coupon-classes/${classId}`;
  const all = '/v1/coupon-classes';
  const scope = 'coupon-classes:write';
  const reading = 'coupon-classes:read';
  return [
    write('createCouponClass', all, world.couponClassBody(owner), scope),
    read('listCouponClasses', `${all}?issuerId=${owner.issuerId}`, reading),
    read('getCouponClass', one, reading),
    { ...write('changeCouponClass', one, { name: 'New' }, scope), method: 'PATCH' },
    write('addStock', `${one}/stock`, { add: 1 }, scope),
    { ...write('voidCouponClass', `${one}/void`, { issuedToo: false }, scope), bodyOptional: true },
    write('claimCoupon', `${one}/claims`, { walletId }, 'claims:write'),
    read('getClaim', `/v1/claims/${claimId}`, 'claims:read'),
  ];
}

function redemptionRequests(owner: Merchant, { code, redemptionId }: Things): OwnedRequest[] {
  const one = `/v1/redemptions/${redemptionId}`;
  const body = redemption(owner, code);
  const scope = 'redemptions:write';
  const till = 'collector-not-found';
  return [
    write('quoteRedemption', '/v1/redemptions/quote', body, 'redemptions:read', till),
    write('redeemCoupon', '/v1/redemptions', body, scope, till),
    read('getRedemption', one, 'redemptions:read'),
    { ...write('reverseRedemption', `${one}/reversal`, {}, scope), bodyOptional: true },
  ];
}

function terminalRequests({ issuerId }: Merchant): OwnedRequest[] {
  const store = { id: 'main', issuerId, name: 'Main' };
  const terminal = { id: 'till', issuerId, storeId: 'main', name: 'Till' };
  const scope = 'terminals:write';
  return [
    write('createStore', '/v1/stores', store, scope),
    write('createTerminal', '/v1/terminals', terminal, scope),
    read('listStores', `/v1/stores?issuerId=${issuerId}`, 'terminals:read'),
    read('listTerminals', `/v1/terminals?issuerId=${issuerId}`, 'terminals:read'),
  ];
}

function read(
  operationId: string,
  path: string,
  scope: Scope,
  toStrangers: OwnedRequest['toStrangers'] = 'not-found',
): OwnedRequest {
  return { operationId, method: 'GET', path, scope, toStrangers };
}

function write(
  operationId: string,
  path: string,
  body: Readonly<Record<string, unknown>>,
  scope: Scope,
  toStrangers: OwnedRequest['toStrangers'] = 'not-found',
): OwnedRequest {
  return { operationId, method: 'POST', path, body, scope, toStrangers };
}
