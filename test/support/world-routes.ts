import { type OwnedRequest, read, write } from './owned-request.ts';
import {
  claim,
  expectStatus,
  type Merchant,
  redeem,
  redemption,
  tap,
  type World,
} from './world.ts';
import { counterRequests } from './world-counter-routes.ts';
import { opened } from './world-transfers.ts';

export type { OwnedRequest } from './owned-request.ts';

/** Every call of the native face that a key makes, one request each. */
export async function everyRoute(world: World, owner: Merchant): Promise<OwnedRequest[]> {
  const things = await ownedThings(world, owner);
  return [
    ...accessRequests(owner, things),
    ...walletRequests(things),
    ...tapRequests(things),
    ...couponRequests(world, owner, things),
    ...transferRequests(things),
    ...redemptionRequests(owner, things),
    ...terminalRequests(owner),
    ...(await counterRequests(world, owner, things)),
    ...AUDIT_REQUESTS,
    ...(await bulkRequests(owner, things)),
    ...(await standRequests(owner)),
    ...(await webhookRequests(owner)),
    ...(await membershipRequests(world, owner)),
  ];
}

type Things = Awaited<ReturnType<typeof ownedThings>>;

async function ownedThings(world: World, owner: Merchant) {
  const { client } = owner;
  const walletId = await world.wallet(client);
  const passClass = await world.passClass(owner);
  const objectId = await world.pass(owner, passClass, walletId);
  await world.pass(owner, passClass, walletId);
  const classId = await world.couponClass(owner, { perMemberLimit: 100, transferable: true });
  const claimed = await claim(client, classId, { walletId });
  const { token } = await world.present(walletId);
  const tapped = await tap(client, owner.terminal, token);
  const used = await world.coupon(owner, classId, walletId);
  const gift = await world.coupon(owner, classId, walletId);
  const held = await world.coupon(owner, classId, walletId);
  return {
    walletId,
    objectId,
    classId,
    presentationId: (await world.present(walletId)).id,
    tapId: tapped.body.id,
    claimId: claimed.body.id,
    code: claimed.body.coupon?.code ?? '',
    couponId: (await world.coupon(owner, classId, walletId)).id,
    transferToken: (await opened(client, gift.id)).token,
    receiverId: await world.wallet(client),
    redemptionId: (await redeem(owner, used.code)).body.id,
    heldId: (await redeem(owner, held.code, { hold: { seconds: 900 } })).body.id,
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

/** In its form a tap, and signed by nobody. */
const OFFLINE_TAP = {
  evidence: 'smart-tap.AAAA.AAAA',
  keyVersion: 1,
  outcome: 'nothing',
  objectIds: [],
  tappedAt: '2026-11-22T00:00:00Z',
};

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
    write('reportTaps', `${wallet}/offline-taps`, { taps: [OFFLINE_TAP] }, 'wallets:write'),
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
    read('getCouponNumbers', `${one}/numbers`, reading),
    { ...write('changeCouponClass', one, { name: 'New' }, scope), method: 'PATCH' },
    write('addStock', `${one}/stock`, { add: 1 }, scope),
    { ...write('voidCouponClass', `${one}/void`, { issuedToo: false }, scope), bodyOptional: true },
    write('claimCoupon', `${one}/claims`, { walletId }, 'claims:write'),
    read('getClaim', `/v1/claims/${claimId}`, 'claims:read'),
  ];
}

async function bulkRequests({ client }: Merchant, { classId }: Things): Promise<OwnedRequest[]> {
  const ofClass = `/v1/coupon-classes/${classId}`;
  const issues = `${ofClass}/bulk-issues`;
  // Nobody is meant, so that no worker changes anything while the routes are tried.
  const nobody = { query: { createdBefore: '2001-01-01T00:00:00Z' } };
  const { body } = await client.post<{ id: string }>(issues, nobody);
  const one = `/v1/bulk-issues/${body.id}`;
  const [writing, reading] = ['bulk-issues:write', 'bulk-issues:read'] as const;
  return [
    write('issueInBulk', issues, nobody, writing),
    read('listBulkIssues', issues, reading),
    read('getBulkIssue', one, reading),
    { ...read('cancelBulkIssue', `${one}/cancellation`, writing), method: 'POST' },
    read('listBulkIssueRefusals', `${one}/refusals`, reading),
    read('exportCoupons', `${ofClass}/coupons.csv`, 'coupons:read'),
    read('exportClaims', `${ofClass}/claims.csv`, 'claims:read'),
  ];
}

function transferRequests({ couponId, transferToken, receiverId }: Things): OwnedRequest[] {
  const coupon = `/v1/coupons/${couponId}`;
  const link = `${coupon}/transfer`;
  const offer = `/v1/transfers/${transferToken}`;
  const scope = 'transfers:write';
  const given = write('giveCoupon', link, { expiresAfterHours: 24 }, scope);
  const receiver = { walletId: receiverId };
  return [
    read('getCoupon', coupon, 'coupons:read'),
    { ...given, bodyOptional: true },
    {
      operationId: 'revokeTransfer',
      method: 'DELETE',
      path: link,
      scope,
      toStrangers: 'not-found',
    },
    // Whoever has the token may see what it offers.
    read('getTransferOffer', offer, 'transfers:read', null),
    write('acceptTransfer', `${offer}/acceptance`, receiver, scope, 'wallet-not-found'),
    { ...write('voidCoupon', `${coupon}/void`, {}, 'coupons:write'), bodyOptional: true },
  ];
}

function redemptionRequests(owner: Merchant, things: Things): OwnedRequest[] {
  const { code, redemptionId, heldId } = things;
  const one = `/v1/redemptions/${redemptionId}`;
  const held = `/v1/redemptions/${heldId}`;
  const body = redemption(owner, code);
  const scope = 'redemptions:write';
  const till = 'collector-not-found';
  return [
    write('quoteRedemption', '/v1/redemptions/quote', body, 'redemptions:read', till),
    write('redeemCoupon', '/v1/redemptions', body, scope, till),
    read('getRedemption', one, 'redemptions:read'),
    { ...write('reverseRedemption', `${one}/reversal`, {}, scope), bodyOptional: true },
    { ...write('confirmRedemption', `${held}/confirmation`, {}, scope), bodyOptional: true },
    { ...write('releaseRedemption', `${held}/release`, {}, scope), bodyOptional: true },
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

async function standRequests({ client, issuerId }: Merchant): Promise<OwnedRequest[]> {
  const store = { id: 'stands', issuerId, name: 'Stands' };
  expectStatus(await client.post('/v1/stores', store), 201);
  const terminal = { id: 'stands', issuerId, storeId: store.id, name: 'Till' };
  expectStatus(await client.post('/v1/terminals', terminal), 201);
  const body = { issuerId, name: 'Stand', tag: 'static', terminalId: terminal.id };
  const { id } = expectStatus(await client.post<{ id: string }>('/v1/stands', body), 201);
  const one = `/v1/stands/${id}`;
  const [writing, reading] = ['terminals:write', 'terminals:read'] as const;
  return [
    write('createStand', '/v1/stands', body, writing),
    read('listStands', `/v1/stands?issuerId=${issuerId}`, reading),
    read('getStand', one, reading),
    { ...write('changeStand', one, { name: 'New' }, writing), method: 'PATCH' },
    read('getStandTag', `${one}/tag`, reading),
    { ...write('openStandWriteLink', `${one}/write-links`, {}, writing), bodyOptional: true },
  ];
}

async function webhookRequests({ client, issuerId }: Merchant): Promise<OwnedRequest[]> {
  const body = { issuerId, url: 'https://hooks.example.com/tapline' };
  const { id } = (await client.post<{ id: string }>('/v1/webhooks', body)).body;
  const one = `/v1/webhooks/${id}`;
  const scope = 'webhooks:write';
  return [
    write('createWebhook', '/v1/webhooks', body, scope),
    read('listWebhooks', '/v1/webhooks', 'webhooks:read', null),
    { ...write('rotateWebhookSecret', `${one}/secret`, {}, scope), bodyOptional: true },
    { operationId: 'deleteWebhook', method: 'DELETE', path: one, scope, toStrangers: 'not-found' },
  ];
}

async function membershipRequests(world: World, owner: Merchant): Promise<OwnedRequest[]> {
  const { issuerId } = owner;
  const terms = `/v1/issuers/${issuerId}/membership`;
  const body = { classId: await world.passClass(owner) };
  const member = { issuerId, externalId: 'a-member', number: 11 };
  return [
    { ...write('setMembershipTerms', terms, body, 'passes:write'), method: 'PUT' },
    read('getMembershipTerms', terms, 'passes:read'),
    write('importMembership', '/v1/memberships/import', member, 'passes:write'),
    read('listMemberships', `/v1/memberships?issuerId=${issuerId}`, 'passes:read'),
  ];
}

const AUDIT_REQUESTS: readonly OwnedRequest[] = [
  read('getAuditHead', '/v1/audit/head', 'audit:read', null),
  read('listAuditEntries', '/v1/audit/entries', 'audit:read', null),
];
