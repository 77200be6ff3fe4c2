import { randomUUID } from 'node:crypto';
import { type Answer, type Call, tap } from './client.ts';
import type { Merchant, Merchants } from './merchants.ts';
import type { Teller } from './teller.ts';

interface Stage {
  readonly service: { readonly url: string; readonly origin: string };
  readonly root: Call;
  readonly merchants: Merchants;
  readonly teller: Teller;
}

export interface Member {
  readonly walletId: string;
  readonly name: string;
}

/** Plays the coffee story of the source documents over HTTP; throws where it differs. */
export async function playStory(stage: Stage): Promise<Member> {
  const member = await newMember(stage);
  await tapAtEachMerchant(stage, member);
  await pickFromCarousel(stage, member);
  await goForCoupons(stage, member);
  return member;
}

async function newMember({ root, merchants, teller }: Stage): Promise<Member> {
  teller.chapter('A member');
  const { body: wallet, outcome } = await root('POST', '/v1/wallets', { displayName: 'Ana' });
  teller.step('Ana opens a wallet', '201', outcome, `her passes and coupons live in ${wallet.id}`);
  const card = await addCard(merchants.iLuvCoffee, root, wallet.id, '123.r-basic');
  teller.step(
    'ILuvCoffee gives her an R-Basic card',
    '201',
    card,
    'R-Basic lists 456 and 789, not 123 itself',
  );
  return { walletId: wallet.id, name: 'Ana' };
}

async function addCard(
  { call }: Merchant,
  root: Call,
  walletId: string,
  classId: string,
): Promise<string> {
  const id = `${classId}-${randomUUID()}`;
  const inserted = await call('POST', '/walletobjects/v1/loyaltyObject', {
    id,
    classId,
    state: 'ACTIVE',
    accountName: 'Ana',
    smartTapRedemptionValue: `card-${randomUUID()}`,
  });
  if (inserted.status !== 200) return inserted.outcome;
  return (await root('POST', `/v1/wallets/${walletId}/passes`, { objectId: id })).outcome;
}

async function tapAtEachMerchant(stage: Stage, member: Member): Promise<void> {
  const { merchants, teller } = stage;
  teller.chapter('The same card at three merchants');
  const home = await tapWith(stage, member, merchants.iLuvCoffee);
  teller.step(
    'Ana taps at ILuvCoffee',
    'nothing',
    told(home),
    'its own issuer id is never implied in redemptionIssuers',
  );
  const foo = await tapWith(stage, member, merchants.coffeeFoo);
  teller.step(
    'Ana taps at Coffee-Foo',
    'transferred 123.r-basic',
    told(foo),
    `456 is listed and its key 44444444.1 signed; the till gets ${foo.body.passes?.[0]?.redemptionValue}`,
  );
  const mocha = await tapWith(stage, member, merchants.mochaRU);
  teller.step(
    'Ana taps at Mocha-R-U',
    'tap-not-authenticated',
    told(mocha),
    '789 is listed, but has no public key, so nothing is sent',
  );
  const { body } = await merchants.iLuvCoffee.call('GET', `/v1/taps/${foo.body.id}/explanation`);
  teller.step(
    'ILuvCoffee asks why its card was sent at Coffee-Foo',
    'sent',
    String(body.passes?.[0]?.step),
    `collector key ${body.collectorKey}, outcome ${body.outcome}; other issuers' passes are not shown`,
  );
}

async function pickFromCarousel(stage: Stage, member: Member): Promise<void> {
  const { merchants, root, teller } = stage;
  teller.chapter('Two cards match: the carousel');
  const card = await addCard(merchants.coffeeFoo, root, member.walletId, '456.my-rewards');
  teller.step(
    'Coffee-Foo gives her My Rewards',
    '201',
    card,
    'now two of her passes redeem at Coffee-Foo',
  );
  const shown = await present(root, member);
  const first = await tap(stage.service, merchants.coffeeFoo.terminal, shown.token);
  teller.step(
    'Ana taps at Coffee-Foo',
    'choose',
    told(first),
    'the till learns of no pass until she picks one',
  );
  const { body: waiting } = await root('GET', `/v1/presentations/${shown.id}`);
  const rewards = waiting.choices.find((one) => one.classId === '456.my-rewards');
  teller.step(
    'her phone shows the choices',
    '2',
    String(waiting.choices.length),
    waiting.choices.map((one) => one.classId).join(', '),
  );
  await root('POST', `/v1/presentations/${shown.id}/selection`, {
    objectId: rewards?.objectId,
  });
  const second = await tap(stage.service, merchants.coffeeFoo.terminal, shown.token);
  teller.step(
    'she picks My Rewards and taps again',
    'transferred 456.my-rewards',
    told(second),
    'the pass she picked and no other',
  );
}

async function goForCoupons(stage: Stage, member: Member): Promise<void> {
  const { merchants, teller } = stage;
  const { coffeeFoo } = merchants;
  teller.chapter('A tap-to-claim coupon');
  const classId = `456.tap-treat-${Date.now()}`;
  const made = await coffeeFoo.call('POST', '/v1/coupon-classes', tapTreat(classId));
  teller.step(
    'Coffee-Foo defines 5.00 off over 30.00',
    '201',
    made.outcome,
    'claimed by a tap, one a member, redeemable at Mocha-R-U too, comes back twice',
  );
  const claim = (body: unknown) =>
    coffeeFoo.call('POST', `/v1/coupon-classes/${classId}/claims`, body);
  const { walletId } = member;
  const untapped = await claim({ walletId });
  teller.step('Ana claims without a tap', 'tap-required', untapped.outcome, untapped.body.detail);
  const tapped = await tapWith(stage, member, coffeeFoo);
  const issued = await claim({ walletId, tapId: tapped.body.id });
  teller.step(
    'she taps at Coffee-Foo and claims',
    '201',
    issued.outcome,
    `a worker decided; her coupon is ${issued.body.coupon?.code}`,
  );
  const again = await claim({ walletId, tapId: tapped.body.id });
  teller.step('she claims a second one', 'member-limit-reached', again.outcome, again.body.detail);
  teller.chapter('Redeemed at the partner, and back as a clone');
  await redeemToTheEnd(stage, member, issued.body.coupon.code);
  const { body: counted } = await coffeeFoo.call('GET', `/v1/coupon-classes/${classId}`);
  const { claimed, redeemed, cloned } = counted.stats;
  teller.step(
    'the counters add up',
    '1 claimed, 3 redeemed, 2 cloned',
    `${claimed} claimed, ${redeemed} redeemed, ${cloned} cloned`,
    `orders of ${counted.stats.orderTotalMinor / 100} in all`,
  );
}

async function redeemToTheEnd(stage: Stage, member: Member, code: string): Promise<void> {
  const { teller } = stage;
  const till = stage.merchants.mochaRU;
  const { body: quote } = await till.call('POST', '/v1/redemptions/quote', redemption(till, code));
  const payable = `${(quote.payableMinor / 100).toFixed(2)} to pay`;
  teller.step(
    'Mocha-R-U quotes an order of 48.00',
    '43.00 to pay',
    payable,
    'nothing has changed yet',
  );
  const first = await redeem(stage, member, code);
  const listed = `789 is in the coupon's redemptionIssuers; clone 1 of 2 is ${first.cloneCode}`;
  teller.step('and redeems it', '201, cloned', first.came, listed);
  const twice = await till.call('POST', '/v1/redemptions', redemption(till, code));
  teller.step(
    'the same coupon once more',
    'coupon-already-redeemed',
    twice.outcome,
    twice.body.detail,
  );
  const second = await redeem(stage, member, first.cloneCode);
  teller.step(
    'the clone is redeemed',
    '201, cloned',
    second.came,
    `clone 2 of 2 is ${second.cloneCode}`,
  );
  const last = await redeem(stage, member, second.cloneCode);
  teller.step(
    'and the second clone',
    '201, no clone',
    last.came,
    'the lineage holds maxClones clones: it ends here',
  );
}

interface Redeemed {
  readonly came: string;
  readonly cloneCode: string;
}

async function redeem({ merchants, root }: Stage, member: Member, code: string): Promise<Redeemed> {
  const till = merchants.mochaRU;
  const made = await till.call('POST', '/v1/redemptions', redemption(till, code));
  if (made.status !== 201) return { came: made.outcome, cloneCode: '' };
  const cloneId = await cloneOf(till, made.body.id);
  if (cloneId === null) return { came: '201, no clone', cloneCode: '' };
  const { body } = await root('GET', `/v1/wallets/${member.walletId}/coupons?status=issued`);
  const clone = body.items.find((coupon) => coupon.id === cloneId);
  return { came: '201, cloned', cloneCode: clone?.code ?? '' };
}

/** Waits for the worker; a lineage that has ended makes none. */
async function cloneOf(till: Merchant, redemptionId: string): Promise<string | null> {
  for (let attempt = 0; attempt < 30; attempt++) {
    const { body } = await till.call('GET', `/v1/redemptions/${redemptionId}`);
    if (body.clone !== null) return body.clone.couponId;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return null;
}

async function tapWith(stage: Stage, member: Member, merchant: Merchant): Promise<Answer> {
  const { token } = await present(stage.root, member);
  return tap(stage.service, merchant.terminal, token);
}

async function present(root: Call, { walletId }: Member): Promise<{ id: string; token: string }> {
  return (await root('POST', `/v1/wallets/${walletId}/presentations`, { screen: 'home' })).body;
}

/** The outcome of a tap with the class of the pass that was sent. */
function told({ outcome, body, status }: Answer): string {
  if (status !== 200) return outcome;
  const [pass] = body.passes;
  return pass ? `${body.outcome} ${pass.classId}` : body.outcome;
}

function redemption(till: Merchant, couponCode: string) {
  const lines = [{ sku: 'beans-250g', quantity: 2, unitPriceMinor: 2400 }];
  const order = { id: randomUUID(), currency: 'CNY', lines };
  return { couponCode, collectorId: till.collectorId, scene: 'in_store', order };
}

function tapTreat(id: string) {
  const hour = 3_600_000;
  return {
    id,
    issuerId: '456',
    name: { en: 'Tap treat: 5 off', 'zh-CN': '碰一碰立减5元' },
    issueType: 'tap_claim',
    scene: 'in_store',
    claimWindow: {
      start: new Date(Date.now() - hour).toISOString(),
      end: new Date(Date.now() + 24 * hour).toISOString(),
    },
    perMemberLimit: 1,
    stock: 500,
    validity: { kind: 'relative', availableAfterHours: 0, validDays: 7 },
    discount: { kind: 'amount', amountMinor: 500, currency: 'CNY' },
    minSpendMinor: 3000,
    scope: { kind: 'all' },
    redemptionIssuers: ['456', '789'],
    cloneOnRedeem: { maxClones: 2 },
  };
}
