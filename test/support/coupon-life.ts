import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { type Answer, told } from './service-client.ts';
import { type Claim, claim, type Merchant, redeem } from './world.ts';

export const STOCK = 5;
export const LIMIT = 2;
export const MAX_CLONES = 2;

type Status = 'issued' | 'redeemed' | 'voided' | 'transferred';
type Standing = 'held' | 'confirmed' | 'released' | 'reversed';

interface ModelCoupon {
  readonly wallet: number;
  readonly lineage: number;
  readonly generation: number;
  status: Status;
  /** The redemption that holds it. */
  heldBy: ModelRedemption | null;
}

interface ModelRedemption {
  readonly coupon: ModelCoupon;
  clone: ModelCoupon | null;
  standing: Standing;
}

/** What the coupons of one class must be, by rules so simple that one reads them. */
export interface Model {
  /** How many commands have been done so far. */
  steps: number;
  voided: boolean;
  /** The wallet of each claim that was let through. */
  readonly claims: number[];
  readonly coupons: ModelCoupon[];
  readonly redemptions: ModelRedemption[];
  /** How many clones of each lineage count; a reversal gives a place back. */
  readonly clones: number[];
}

/** The same life in the service; places in the lists are those of the model. */
export interface Real {
  readonly shop: Merchant;
  /** Another merchant, who may redeem the shop's coupons. */
  readonly partner: Merchant;
  readonly classId: string;
  readonly wallets: readonly string[];
  readonly coupons: { readonly id: string; readonly code: string }[];
  /** Each with the till it was made at, which alone may settle it. */
  readonly redemptions: { readonly id: string; readonly till: Merchant }[];
}

export const newModel = (): Model => ({
  steps: 0,
  voided: false,
  claims: [],
  coupons: [],
  redemptions: [],
  clones: [],
});

type Command = fc.AsyncCommand<Model, Real>;

function expectTold(what: string, answer: Answer, expected: string): void {
  if (told(answer) !== expected) {
    throw new Error(`${what}: told ${told(answer)}, the model says ${expected}: ${answer.text}`);
  }
}

/** Picks a place in a list that is not empty; a negative pick counts from its end. */
const place = (pick: number, { length }: readonly unknown[]) => ((pick % length) + length) % length;

class Claims implements Command {
  readonly wallet: number;
  constructor(wallet: number) {
    this.wallet = wallet;
  }
  check = () => true;
  async run(model: Model, real: Real): Promise<void> {
    const own = model.claims.filter((wallet) => wallet === this.wallet).length;
    const walletId = real.wallets[this.wallet] ?? '';
    const answer = await claim(real.shop.client, real.classId, { walletId });
    if (model.voided) return expectTold(`${this}`, answer, '409 coupon-class-voided');
    if (own >= LIMIT) return expectTold(`${this}`, answer, '409 member-limit-reached');
    if (model.claims.length >= STOCK) return expectTold(`${this}`, answer, '409 sold-out');
    expectTold(`${this}`, answer, '201');
    model.claims.push(this.wallet);
    addCoupon(model, real, answer.body.coupon, {
      wallet: this.wallet,
      lineage: model.clones.push(0) - 1,
      generation: 0,
    });
  }
  toString = () => `claim for ${this.wallet}`;
}

function addCoupon(
  model: Model,
  real: Real,
  coupon: Claim['coupon'],
  place: Pick<ModelCoupon, 'wallet' | 'lineage' | 'generation'>,
): ModelCoupon {
  if (coupon === undefined) throw new Error('an answer without its coupon');
  const added: ModelCoupon = { ...place, status: 'issued', heldBy: null };
  model.coupons.push(added);
  real.coupons.push({ id: coupon.id, code: coupon.code });
  return added;
}

/** What a till is told of a coupon that it cannot use; null when it can. */
function unusable({ status, heldBy }: ModelCoupon): string | null {
  if (status === 'voided') return '409 coupon-voided';
  if (status !== 'issued') return '409 coupon-already-redeemed';
  return heldBy === null ? null : '409 coupon-held';
}

class Redeems implements Command {
  readonly pick: number;
  readonly hold: boolean;
  readonly abroad: boolean;
  constructor(pick: number, hold: boolean, abroad: boolean) {
    this.pick = pick;
    this.hold = hold;
    this.abroad = abroad;
  }
  check = ({ coupons }: Readonly<Model>) => coupons.length > 0;
  async run(model: Model, real: Real): Promise<void> {
    const at = place(this.pick, model.coupons);
    const coupon = model.coupons[at] as ModelCoupon;
    const fields = this.hold ? { hold: { seconds: 600 } } : {};
    const till = this.abroad ? real.partner : real.shop;
    const answer = await redeem(till, real.coupons[at]?.code ?? '', fields);
    expectTold(`${this}`, answer, unusable(coupon) ?? '201');
    if (answer.status !== 201) return;
    const redemption: ModelRedemption = { coupon, clone: null, standing: 'held' };
    coupon.heldBy = redemption;
    model.redemptions.push(redemption);
    real.redemptions.push({ id: answer.body.id, till });
    if (!this.hold) await useUp(model, real, redemption, answer.body.id);
  }
  toString = () =>
    `${this.hold ? 'hold' : 'redeem'} coupon ${this.pick}${this.abroad ? ' at the partner' : ''}`;
}

/** The coupon is used, and what it earned comes. */
async function useUp(
  model: Model,
  real: Real,
  redemption: ModelRedemption,
  id: string,
): Promise<void> {
  const { coupon } = redemption;
  coupon.status = 'redeemed';
  coupon.heldBy = null;
  redemption.standing = 'confirmed';
  const clones = model.clones[coupon.lineage] ?? 0;
  if (clones >= MAX_CLONES) return;
  model.clones[coupon.lineage] = clones + 1;
  const { wallet, lineage } = coupon;
  const made = await cloneOf(real, id, real.wallets[wallet] ?? '');
  redemption.clone = addCoupon(model, real, made, { wallet, lineage, generation: clones + 1 });
}

async function cloneOf(real: Real, id: string, walletId: string): Promise<Claim['coupon']> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const { body } = await real.shop.client.get<{ clone: { couponId: string } | null }>(
      `/v1/redemptions/${id}`,
    );
    if (body.clone !== null) {
      const path = `/v1/wallets/${walletId}/coupons?limit=200`;
      const list = await real.shop.client.get<{ items: NonNullable<Claim['coupon']>[] }>(path);
      return list.body.items.find((item) => item.id === body.clone?.couponId);
    }
    await pause(20);
  }
  throw new Error('no worker made the clone');
}

class Settles implements Command {
  readonly pick: number;
  readonly verb: 'confirmation' | 'release' | 'reversal';
  constructor(pick: number, verb: Settles['verb']) {
    this.pick = pick;
    this.verb = verb;
  }
  check = ({ redemptions }: Readonly<Model>) => redemptions.length > 0;
  async run(model: Model, real: Real): Promise<void> {
    const at = place(this.pick, model.redemptions);
    const redemption = model.redemptions[at] as ModelRedemption;
    const { id, till } = real.redemptions[at] as Real['redemptions'][number];
    const answer = await till.client.post(`/v1/redemptions/${id}/${this.verb}`);
    const expected = this.expected(redemption);
    if (expected.startsWith('2') ? answer.status >= 300 : told(answer) !== expected) {
      expectTold(`${this}`, answer, expected);
    }
    if (answer.status >= 300 || redemption.standing === 'released') return;
    if (this.verb === 'confirmation') return useUp(model, real, redemption, id);
    if (this.verb === 'release') letGo(redemption);
    else takeBack(model, redemption);
  }
  expected({ standing, coupon, clone }: ModelRedemption): string {
    if (this.verb === 'confirmation') {
      if (standing === 'released') return '409 hold-released';
      if (standing !== 'held') return '409 redemption-confirmed';
      return coupon.status === 'voided' ? '409 coupon-voided' : '2xx';
    }
    if (this.verb === 'release') {
      return standing === 'held' || standing === 'released' ? '2xx' : '409 redemption-confirmed';
    }
    if (standing === 'reversed') return '409 redemption-already-reversed';
    if (standing === 'held') return '409 redemption-held';
    if (standing === 'released') return '409 hold-released';
    const used = clone?.status === 'redeemed' || clone?.status === 'transferred';
    return used || clone?.heldBy ? '409 clone-already-redeemed' : '2xx';
  }
  toString = () => `${this.verb} of redemption ${this.pick}`;
}

function letGo(redemption: ModelRedemption): void {
  redemption.standing = 'released';
  redemption.coupon.heldBy = null;
}

function takeBack(model: Model, redemption: ModelRedemption): void {
  const { coupon, clone } = redemption;
  redemption.standing = 'reversed';
  coupon.status = model.voided ? 'voided' : 'issued';
  if (clone === null) return;
  if (clone.status === 'issued') {
    clone.status = 'voided';
    model.clones[clone.lineage] = (model.clones[clone.lineage] ?? 1) - 1;
  }
}

class GivesAway implements Command {
  readonly pick: number;
  readonly to: number;
  constructor(pick: number, to: number) {
    this.pick = pick;
    this.to = to;
  }
  check = ({ coupons }: Readonly<Model>) => coupons.length > 0;
  async run(model: Model, real: Real): Promise<void> {
    const at = place(this.pick, model.coupons);
    const coupon = model.coupons[at] as ModelCoupon;
    const path = `/v1/coupons/${real.coupons[at]?.id}/transfer`;
    const link = await real.shop.client.post<{ token: string }>(path, {});
    expectTold(`${this}`, link, unusable(coupon) ?? '201');
    if (link.status !== 201) return;
    const walletId = real.wallets[this.to] ?? '';
    const answer = await real.shop.client.post<{ coupon: Claim['coupon'] }>(
      `/v1/transfers/${link.body.token}/acceptance`,
      { walletId },
    );
    const isOwn = this.to === coupon.wallet;
    expectTold(`${this}`, answer, isOwn ? '409 transfer-to-self' : '201');
    if (isOwn) return;
    coupon.status = 'transferred';
    const { lineage, generation } = coupon;
    addCoupon(model, real, answer.body.coupon, { wallet: this.to, lineage, generation });
  }
  toString = () => `give coupon ${this.pick} to ${this.to}`;
}

class Withdraws implements Command {
  check = ({ voided, coupons }: Readonly<Model>) => !voided && coupons.length > 3;
  async run(model: Model, real: Real): Promise<void> {
    const path = `/v1/coupon-classes/${real.classId}/void`;
    expectTold(`${this}`, await real.shop.client.post(path, { issuedToo: true }), '200');
    model.voided = true;
    for (const coupon of model.coupons) if (coupon.status === 'issued') coupon.status = 'voided';
  }
  toString = () => 'withdraw the class';
}

/** Any, or one of the latest: what has just come about is what the next rule is about. */
const pick = fc.oneof(fc.integer({ min: -2, max: -1 }), fc.nat({ max: 30 }));

const counted = (command: Command): Command => ({
  check: (model) => command.check(model),
  run: async (model, real) => {
    await command.run(model, real);
    model.steps += 1;
  },
  toString: () => String(command),
});

/** Lives of the coupons of one class, of so many steps at most; to withdraw it is rare, as in life. */
export const lives = (maxCommands: number) =>
  fc.commands(
    [
      fc.nat({ max: 2 }).map((wallet) => new Claims(wallet)),
      fc.tuple(pick, fc.boolean()).map(([some, abroad]) => new Redeems(some, false, abroad)),
      fc.tuple(pick, fc.boolean()).map(([some, abroad]) => new Redeems(some, true, abroad)),
      pick.map((some) => new Settles(some, 'confirmation')),
      pick.map((some) => new Settles(some, 'release')),
      pick.map((some) => new Settles(some, 'reversal')),
      fc.tuple(pick, fc.nat({ max: 2 })).map(([some, to]) => new GivesAway(some, to)),
      fc.nat({ max: 4 }).map((luck) => (luck === 0 ? new Withdraws() : new Claims(luck % 3))),
    ].map((command: fc.Arbitrary<Command>) => command.map(counted)),
    { maxCommands, size: 'max' },
  );
