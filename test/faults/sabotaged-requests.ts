import { randomUUID } from 'node:crypto';
import { newApiKey } from '../../src/access/key-format.ts';
import { newId } from '../../src/platform/ids.ts';
import { redeemHopefully } from '../support/naive/failing-open.ts';
import { type Client, told } from '../support/service-client.ts';
import {
  type Coupon,
  expectStatus,
  type Fields,
  type Merchant,
  newKeyPair,
  redeem,
  redemption,
  signedTap,
  type Terminal,
  tap,
  type World,
} from '../support/world.ts';
import type { SabotagedService } from './sabotaged-service.ts';

/** A request under one key, which can be sent again and again. */
export interface Asked {
  /** Gives its status, with the code of a problem. */
  send(): Promise<string>;
  /** How often what it asks for has been done. */
  effects(): Promise<number>;
}

/** A kind of request; each is another. */
export interface Kind {
  readonly name: string;
  /** What it is told where nothing goes wrong: a grant or a refusal. */
  readonly truth: string;
  ask(): Promise<Asked>;
}

/** Where they are asked, and what they are about. */
interface Scene {
  readonly service: SabotagedService;
  readonly world: World;
  readonly shop: Merchant;
  readonly stranger: Merchant;
  readonly passClass: string;
}

/** Requests on every way to a grant: of those that are granted, and of those that must not be. */
export async function kindsOfRequests(service: SabotagedService): Promise<Kind[]> {
  const scene = await sceneOf(service);
  return [...(await claims(scene)), ...(await redemptions(scene)), ...(await taps(scene))];
}

async function sceneOf(service: SabotagedService): Promise<Scene> {
  const { world } = service;
  const shop = await world.merchant();
  const stranger = await world.merchant();
  return { service, world, shop, stranger, passClass: await world.passClass(shop) };
}

function asked(client: Client, path: string, body: unknown, effects: Asked['effects']): Asked {
  const headers = { 'Idempotency-Key': randomUUID() };
  return { send: async () => told(await client.post(path, body, headers)), effects };
}

async function claims({ service, world, shop, stranger, passClass }: Scene): Promise<Kind[]> {
  const open = await world.couponClass(shop);
  const soldOut = await world.couponClass(shop, { stock: 1 });
  await world.coupon(shop, soldOut, await world.wallet());
  const forMembers = await world.couponClass(shop, { memberClasses: [passClass] });
  const spent = await world.couponClass(shop, { budgetMinor: 100 });
  const readOnly = service.as(await world.keyFor(shop.issuerId, ['claims:read']));

  const claim = (classId: string, client: Client) => async () => {
    const walletId = newId('wal');
    await service.sql(`insert into wallets (id, pairwise_secret) values ($1, 's')`, [walletId]);
    return asked(client, `/v1/coupon-classes/${classId}/claims`, { walletId }, async () => {
      return (await service.sql('select from coupons where wallet_id = $1', [walletId])).length;
    });
  };
  const unissued = service.as(newApiKey('live').key);
  return [
    { name: 'claim', truth: '201', ask: claim(open, shop.client) },
    { name: 'claim too many', truth: '409 sold-out', ask: claim(soldOut, shop.client) },
    {
      name: 'claim by no member',
      truth: '409 member-not-eligible',
      ask: claim(forMembers, shop.client),
    },
    {
      name: 'claim beyond the budget',
      truth: '409 budget-exhausted',
      ask: claim(spent, shop.client),
    },
    { name: 'claim of another’s class', truth: '404 not-found', ask: claim(open, stranger.client) },
    { name: 'claim with a key for reading', truth: '403 forbidden', ask: claim(open, readOnly) },
    {
      name: 'claim with a key nobody has',
      truth: '401 unauthenticated',
      ask: claim(open, unissued),
    },
    {
      name: 'claim with a revoked key',
      truth: '401 unauthenticated',
      ask: claim(open, await revoked(service, shop)),
    },
  ];
}

async function revoked(service: SabotagedService, { issuerId }: Merchant): Promise<Client> {
  const body = { issuerId, scopes: ['*'], mode: 'live' };
  const made = await service.root.post<{ id: string; key: string }>('/v1/api-keys', body);
  const { id, key } = expectStatus(made, 201);
  expectStatus(await service.root.delete(`/v1/api-keys/${id}`), 204);
  return service.as(key);
}

async function redemptions(scene: Scene): Promise<Kind[]> {
  const { shop, stranger } = scene;
  const { fresh, used, dear } = await couponsOf(scene);
  const redeemAs =
    (client: Client, fields: Fields = {}) =>
    (coupon: Coupon) => {
      const headers = { 'Idempotency-Key': randomUUID() };
      const body = redemption(shop, coupon.code, fields);
      return async () => told(await client.post('/v1/redemptions', body, headers));
    };
  const ours = redeemAs(shop.client);
  const hold = redeemAs(shop.client, { hold: { seconds: 600 } });
  const foreign = redeemAs(stranger.client);
  const again = '409 coupon-already-redeemed';
  const notFound = '404 collector-not-found';
  return [
    { name: 'redeem', truth: '201', ask: useOf(scene, fresh, ours) },
    { name: 'hold', truth: '201', ask: useOf(scene, fresh, hold) },
    { name: 'redeem again', truth: again, ask: useOf(scene, used, ours) },
    {
      name: 'redeem for too little',
      truth: '409 min-spend-not-met',
      ask: useOf(scene, dear, ours),
    },
    { name: 'redeem at a foreign till', truth: notFound, ask: useOf(scene, dear, foreign) },
  ];
}

/** The same of a till that hopes for the best. */
export async function kindsOfHope(service: SabotagedService): Promise<Kind[]> {
  const scene = await sceneOf(service);
  const { fresh, used } = await couponsOf(scene);
  const hope =
    ({ id }: Coupon) =>
    () =>
      redeemHopefully(service.database, id);
  return [
    { name: 'redeem', truth: '201', ask: useOf(scene, fresh, hope) },
    {
      name: 'redeem again',
      truth: '409 coupon-already-redeemed',
      ask: useOf(scene, used, hope),
    },
  ];
}

type CouponFor = () => Promise<Coupon>;

async function couponsOf({ world, shop }: Scene) {
  const fields = { perMemberLimit: 100_000, cloneOnRedeem: { maxClones: 1 } };
  const classId = await world.couponClass(shop, fields);
  const dearClass = await world.couponClass(shop, { minSpendMinor: 99_900 });
  const walletId = await world.wallet();
  const fresh: CouponFor = () => world.coupon(shop, classId, walletId);
  const usedOne = await fresh();
  expectStatus(await redeem(shop, usedOne.code), 201);
  const dearOne = await world.coupon(shop, dearClass, walletId);
  return { fresh, used: async () => usedOne, dear: async () => dearOne };
}

function useOf(
  { service }: Scene,
  couponFor: CouponFor,
  sendFor: (coupon: Coupon) => Asked['send'],
): Kind['ask'] {
  return async () => {
    const coupon = await couponFor();
    const count = async () =>
      (await service.sql('select from redemptions where coupon_id = $1', [coupon.id])).length;
    const before = await count();
    return { send: sendFor(coupon), effects: async () => (await count()) - before };
  };
}

async function taps(scene: Scene): Promise<Kind[]> {
  const { service, shop } = scene;
  const { terminal } = shop;
  const walletId = await memberOf(scene);
  const handedOver = (await scene.world.present(walletId)).token;
  expectStatus(await tap(service.nobody, terminal, handedOver), 200);
  const show = (by: Terminal, fields?: Fields) => () => tapOf(scene, walletId, by, fields);
  const { privateKey } = await newKeyPair();
  const stale = Math.floor(Date.now() / 1000) - 3600;
  const elsewhere = { aud: 'https://elsewhere.test' };
  const unbelieved = '401 tap-not-authenticated';
  const [forger, unknown] = [
    { ...terminal, privateKey },
    { ...terminal, keyVersion: 9 },
  ];
  return [
    { name: 'tap', truth: '200', ask: show(terminal) },
    { name: 'tap with a forged signature', truth: unbelieved, ask: show(forger) },
    { name: 'tap with an unknown key', truth: unbelieved, ask: show(unknown) },
    { name: 'tap for another service', truth: unbelieved, ask: show(terminal, elsewhere) },
    { name: 'tap of an hour ago', truth: '401 clock-skew', ask: show(terminal, { iat: stale }) },
    {
      name: 'tap of what was handed over',
      truth: '410 presentation-expired',
      ask: show(terminal, { presentation: handedOver }),
    },
  ];
}

/** A tap at a terminal whose key this process has not seen. */
export async function tapOfAStranger(service: SabotagedService): Promise<Asked> {
  const scene = await sceneOf(service);
  return tapOf(scene, await memberOf(scene), scene.stranger.terminal);
}

async function memberOf({ world, shop, passClass }: Scene): Promise<string> {
  const walletId = await world.wallet();
  await world.pass(shop, passClass, walletId);
  return walletId;
}

/** Taps a phone that shows itself anew. */
async function tapOf(
  { service, world }: Scene,
  walletId: string,
  terminal: Terminal,
  fields: Fields = {},
): Promise<Asked> {
  const { id, token } = await world.present(walletId);
  const payload = await signedTap(terminal, token, fields);
  const rows = `select from presentations where id = $1 and status = 'transferred'`;
  const effects = async () => (await service.sql(rows, [id])).length;
  return asked(service.nobody, '/v1/taps', { payload }, effects);
}
