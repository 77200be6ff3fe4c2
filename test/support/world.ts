import { randomUUID } from 'node:crypto';
import { CompactSign, type CryptoKey, exportSPKI, generateKeyPair } from 'jose';
import { N as ORDER } from './p256-math.ts';
import { ORIGIN, type TestService } from './service.ts';
import { type Answer, type Client, told } from './service-client.ts';
import { loyaltyClass, offerClass, passObject } from './wallet-bodies.ts';

/** A terminal: its collector ID, key version and private key are all its set-up. */
export interface Terminal {
  readonly collectorId: string;
  readonly keyVersion: number;
  readonly privateKey: CryptoKey;
}

export interface Merchant {
  readonly issuerId: string;
  readonly collectorId: string;
  /** An API key that may do everything for the issuer, and its caller. */
  readonly apiKey: string;
  readonly client: Client;
  /** Its terminals, with version 1 of its keys. */
  readonly terminal: Terminal;
}

export interface TapAnswer {
  readonly id: string;
  readonly outcome: 'transferred' | 'choose' | 'nothing';
  readonly passes: readonly {
    readonly objectId: string;
    readonly classId: string;
    readonly redemptionValue: string;
  }[];
  readonly coupons: readonly { readonly id: string; readonly redemptionValue: string }[];
  readonly walletRef: string;
}

export interface Presentation {
  readonly id: string;
  readonly token: string;
  readonly expiresAt: string;
}

export interface Coupon {
  readonly id: string;
  readonly classId: string;
  readonly walletId: string;
  readonly code: string;
  readonly status: string;
  readonly availableAt: string;
  readonly expiresAt: string;
  readonly generation: number;
  readonly clonedFrom: string | null;
}

export interface Claim {
  readonly id: string;
  readonly status: 'pending' | 'issued' | 'refused';
  readonly createdAt: string;
  readonly coupon?: Coupon;
  readonly refusal?: string;
}

export interface Redeemed {
  readonly id: string;
  readonly couponId: string;
  readonly orderTotalMinor: number;
  readonly discountMinor: number;
  readonly payableMinor: number;
  readonly redeemedAt: string;
}

export type Fields = Readonly<Record<string, unknown>>;

const HOUR_MS = 3_600_000;

/** Minutes from now as RFC 3339. */
export function minutesFromNow(minutes: number): string {
  return new Date(Date.now() + minutes * 60_000).toISOString();
}

/** Builds merchants, members and campaigns through the HTTP face. */
export class World {
  readonly #service: Pick<TestService, 'root' | 'as'>;
  #count = 0;

  constructor(service: Pick<TestService, 'root' | 'as'>) {
    this.#service = service;
  }

  /** An issuer with one key and an API key; its ids can be stated. */
  async merchant(stated: { issuerId?: string; collectorId?: string } = {}): Promise<Merchant> {
    const n = this.#next();
    const { issuerId = String(1000 + n), collectorId = String(10_000_000 + n) } = stated;
    const { publicKey, privateKey } = await newKeyPair();
    const smartTapMerchantData = {
      smartTapMerchantId: collectorId,
      authenticationKeys: [{ id: 1, publicKeyPem: publicKey }],
    };
    const body = { issuerId, name: `Merchant ${issuerId}`, smartTapMerchantData };
    expectStatus(await this.#service.root.post('/walletobjects/v1/issuer', body), 200);
    const apiKey = await this.keyFor(issuerId);
    const terminal = { collectorId, keyVersion: 1, privateKey };
    return { issuerId, collectorId, apiKey, client: this.#service.as(apiKey), terminal };
  }

  async keyFor(issuerId: string, scopes: readonly string[] = ['*']): Promise<string> {
    const body = { issuerId, scopes, mode: 'live' };
    const made = await this.#service.root.post<{ key: string }>('/v1/api-keys', body);
    return expectStatus(made, 201).key;
  }

  /** A wallet of the caller's: of the platform when the caller is root. */
  async wallet(owner: Client = this.#service.root, fields: Fields = {}): Promise<string> {
    return expectStatus(await owner.post<{ id: string }>('/v1/wallets', fields), 201).id;
  }

  async passClass(owner: Merchant, { vertical = 'loyalty', ...fields }: Fields = {}) {
    const id = `${owner.issuerId}.class-${this.#next()}`;
    const redemption = { enableSmartTap: true, redemptionIssuers: [owner.issuerId] };
    const make = vertical === 'offer' ? offerClass : loyaltyClass;
    const body = make(id, { ...redemption, ...fields });
    expectStatus(await owner.client.post(`/walletobjects/v1/${vertical}Class`, body), 200);
    return id;
  }

  /** A pass in a wallet; gives its object id. */
  async pass(
    owner: Merchant,
    classId: string,
    walletId: string,
    { vertical = 'loyalty', ...fields }: Fields = {},
  ): Promise<string> {
    const id = `${owner.issuerId}.object-${this.#next()}`;
    const body = passObject(id, classId, { smartTapRedemptionValue: `value of ${id}`, ...fields });
    expectStatus(await owner.client.post(`/walletobjects/v1/${vertical}Object`, body), 200);
    const path = `/v1/wallets/${walletId}/passes`;
    expectStatus(await this.#service.root.post(path, { objectId: id }), 201);
    return id;
  }

  async present(walletId: string, screen: Fields = { screen: 'home' }): Promise<Presentation> {
    const path = `/v1/wallets/${walletId}/presentations`;
    return expectStatus(await this.#service.root.post<Presentation>(path, screen), 201);
  }

  /** The body of a coupon class that anyone may claim from, for an hour around now. */
  couponClassBody(owner: Pick<Merchant, 'issuerId'>, fields: Fields = {}) {
    return {
      id: `${owner.issuerId}.coupon-${this.#next()}`,
      issuerId: owner.issuerId,
      name: { en: 'Five off', 'zh-CN': '立减五元' },
      issueType: 'manual',
      claimWindow: window(-HOUR_MS, HOUR_MS),
      stock: 1000,
      validity: { kind: 'relative', availableAfterHours: 0, validDays: 7 },
      discount: { kind: 'amount', amountMinor: 500, currency: 'CNY' },
      redemptionIssuers: [owner.issuerId],
      ...fields,
    };
  }

  async couponClass(owner: Merchant, fields: Fields = {}): Promise<string> {
    const body = this.couponClassBody(owner, fields);
    expectStatus(await owner.client.post('/v1/coupon-classes', body), 201);
    return body.id;
  }

  /** A claimed coupon. */
  async coupon(owner: Merchant, classId: string, walletId: string): Promise<Coupon> {
    const claimed = expectStatus(await claim(owner.client, classId, { walletId }), 201);
    if (claimed.coupon === undefined) throw new Error('an issued claim without its coupon');
    return claimed.coupon;
  }

  /** A coupon of a class of its own, claimed into a wallet of its own. */
  async newCoupon(owner: Merchant, fields: Fields = {}): Promise<Coupon> {
    return this.coupon(owner, await this.couponClass(owner, fields), await this.wallet());
  }

  /** A store with a terminal in it, `till-<store>`. */
  async store({ issuerId, client }: Merchant, id: string): Promise<void> {
    expectStatus(await client.post('/v1/stores', { id, issuerId, name: id }), 201);
    const terminal = { id: `till-${id}`, issuerId, storeId: id, name: id };
    expectStatus(await client.post('/v1/terminals', terminal), 201);
  }

  #next(): number {
    this.#count += 1;
    return this.#count;
  }
}

export function claim(
  client: Client,
  classId: string,
  body: Fields,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer<Claim>> {
  return client.post<Claim>(`/v1/coupon-classes/${classId}/claims`, body, headers);
}

/** Claims and, should the wait run out on a busy machine, asks until a worker has decided. */
export async function claimOutcome(
  client: Client,
  classId: string,
  body: Fields,
  headers: Readonly<Record<string, string>> = {},
): Promise<string> {
  const answer = await claim(client, classId, body, headers);
  if (answer.status !== 202) return told(answer);
  for (;;) {
    const path = `/v1/claims/${answer.body.id}`;
    const { status, refusal } = expectStatus(await client.get<Claim>(path), 200);
    if (status === 'issued') return '201';
    if (status === 'refused') return `409 ${refusal}`;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** A redemption at the merchant's own till, of an order of 48.00 unless one is given. */
export function redemption(
  till: Pick<Merchant, 'collectorId'>,
  couponCode: string,
  fields: Fields = {},
) {
  const order = { id: randomUUID(), currency: 'CNY', totalMinor: 4800 };
  return { couponCode, collectorId: till.collectorId, order, ...fields };
}

export function redeem(
  till: Merchant,
  couponCode: string,
  fields: Fields = {},
): Promise<Answer<Redeemed>> {
  return till.client.post<Redeemed>('/v1/redemptions', redemption(till, couponCode, fields));
}

/** What a terminal signs, each part of it changed as a test wants; null takes a claim away. */
export async function signedTap(
  { collectorId, keyVersion, privateKey }: Terminal,
  presentation: string,
  claims: Fields = {},
): Promise<string> {
  const iat = Math.floor(Date.now() / 1000);
  const payload = { jti: randomUUID(), iat, aud: ORIGIN, presentation, ...claims };
  const kept = Object.entries(payload).filter(([, value]) => value !== null);
  return new CompactSign(new TextEncoder().encode(JSON.stringify(Object.fromEntries(kept))))
    .setProtectedHeader({ alg: 'ES256', kid: `${collectorId}.${keyVersion}`, typ: 'tap+jwt' })
    .sign(privateKey);
}

/** The same JWS with the other signature that verifies as well: (r, n − s). */
export function malleated(compact: string): string {
  const dot = compact.lastIndexOf('.') + 1;
  const signature = Buffer.from(compact.slice(dot), 'base64url');
  const s = BigInt(`0x${signature.subarray(32).toString('hex')}`);
  signature.set(Buffer.from((ORDER - s).toString(16).padStart(64, '0'), 'hex'), 32);
  return compact.slice(0, dot) + signature.toString('base64url');
}

/** Sends a tap; a terminal has no bearer key. */
export async function tap(
  client: Client,
  terminal: Terminal,
  presentation: string,
  claims: Fields = {},
): Promise<Answer<TapAnswer>> {
  const payload = await signedTap(terminal, presentation, claims);
  return client.post<TapAnswer>('/v1/taps', { payload });
}

/** A P-256 pair: the public key as PEM, the private one as terminals hold it. */
export async function newKeyPair(): Promise<{ publicKey: string; privateKey: CryptoKey }> {
  const pair = await generateKeyPair('ES256', { extractable: true });
  return { publicKey: await exportSPKI(pair.publicKey), privateKey: pair.privateKey as CryptoKey };
}

export function window(fromMs: number, untilMs: number): { start: string; end: string } {
  const at = (milliseconds: number) => new Date(Date.now() + milliseconds).toISOString();
  return { start: at(fromMs), end: at(untilMs) };
}

/** The body of an answer that must have that status. */
export function expectStatus<Body>(answer: Answer<Body>, status: number): Body {
  if (answer.status === status) return answer.body;
  throw new Error(`the answer was ${answer.status}, not ${status}: ${answer.text}`);
}
