import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Browser } from './browser.ts';
import type { Answer } from './client.ts';
import { LiveLine } from './live-line.ts';
import type { Merchant } from './merchants.ts';
import type { Teller } from './teller.ts';

const STORE = 'harbour-street';
const TERMINAL = 'till-1';
const CLASS = '456.regulars';
/** A number of nobody: an earlier demo's may have had its code of this minute. */
const PHONE = `138 0${String(randomInt(10_000_000)).padStart(7, '0')}`;

interface Stage {
  readonly url: string;
  readonly foo: Merchant;
  readonly teller: Teller;
  /** The code that was last sent to a phone. */
  readonly lastCode: () => string;
}

export interface Counter {
  /** Where its stand's tag leads. */
  readonly standUrl: string;
  /** Opened on a till, it pairs it. */
  newPairingUrl(): Promise<string>;
}

/** Coffee-Foo opens a counter; a stranger touches the stand, joins, claims, and pays less. */
export async function playCounter(stage: Stage): Promise<Counter> {
  const { url, foo, teller } = stage;
  teller.chapter('A stand at the till');
  const standUrl = await openCounter(stage);
  const till = await pairTill(stage);
  const line = await LiveLine.open(url, TERMINAL, till);
  try {
    const phone = await touch(stage, standUrl, line);
    await join(stage, phone, line);
    await claimAndRedeem(stage, { phone, till, line });
  } finally {
    line.close();
  }
  return { standUrl, newPairingUrl: async () => (await pairingCode(foo)).url };
}

async function openCounter({ foo, teller }: Stage): Promise<string> {
  const issuerId = foo.id;
  await made(foo.call('POST', '/v1/stores', { id: STORE, issuerId, name: 'Harbour Street' }));
  const terminal = { id: TERMINAL, issuerId, storeId: STORE, name: 'Till 1' };
  await made(foo.call('POST', '/v1/terminals', terminal));
  await made(foo.call('PUT', `/v1/issuers/${issuerId}/membership`, { classId: CLASS }));
  const stand = await foo.call('POST', '/v1/stands', {
    issuerId,
    name: 'By the till',
    tag: 'static',
    terminalId: TERMINAL,
  });
  const tag = await foo.call('GET', `/v1/stands/${stand.body.id}/tag`);
  const why = `its tag says ${tag.body.url}, ${tag.body.bytes} bytes`;
  teller.step('Coffee-Foo puts a stand at its till', '201', stand.outcome, why);
  return tag.body.url;
}

async function pairingCode(foo: Merchant): Promise<{ code: string; url: string }> {
  const { body } = await foo.call('POST', `/v1/terminals/${TERMINAL}/pairing-codes`, {});
  return { code: body.code ?? '', url: body.url };
}

async function pairTill({ url, foo, teller }: Stage): Promise<Browser> {
  const till = new Browser(url);
  const { code } = await pairingCode(foo);
  const paired = await till.submit('/counter/pair', { code });
  teller.step(
    'six digits pair the till',
    '303',
    String(paired.status),
    'good once, for 10 minutes',
  );
  return till;
}

async function touch({ url, teller }: Stage, standUrl: string, line: LiveLine): Promise<Browser> {
  const phone = new Browser(url);
  const begun = performance.now();
  const page = await phone.open(new URL(standUrl).pathname);
  const heard = await line.next('tap');
  const milliseconds = Math.round(heard.at - begun);
  const who = heard.event.visitor === null ? 'a stranger' : 'somebody known';
  const why = `the till heard of it after ${milliseconds} ms; the phone got its page (${page.status})`;
  teller.step('a phone touches the stand', 'a stranger', who, why);
  return phone;
}

async function join({ teller, lastCode }: Stage, phone: Browser, line: LiveLine): Promise<void> {
  const returnTo = phone.session;
  const asked = await phone.submit('/join/code', { phone: PHONE, returnTo });
  const codeId = new URL(asked.headers.get('location') ?? '/', phone.origin).searchParams.get(
    'code',
  );
  await phone.submit('/join', {
    codeId: codeId ?? '',
    code: lastCode(),
    phone: PHONE,
    displayName: 'Bo',
    returnTo,
  });
  await phone.open(returnTo);
  const { visitor } = (await line.next('joined')).event;
  const why = `member no. ${visitor?.number}; no second tap, and no app`;
  teller.step('its owner joins by phone number', 'Bo', String(visitor?.name), why);
}

async function claimAndRedeem(
  { foo, teller }: Stage,
  { phone, till, line }: { phone: Browser; till: Browser; line: LiveLine },
): Promise<void> {
  const classId = `${foo.id}.stand-treat-${Date.now()}`;
  await made(foo.call('POST', '/v1/coupon-classes', standTreat(classId)));
  const claimed = await phone.submit(`${phone.session}/claims`, { classId });
  const { visitor } = (await line.next('claimed')).event;
  const why = `the till counts ${visitor?.usableCoupons} usable`;
  teller.step('Bo claims with one touch', '303', String(claimed.status), why);
  const order = { id: `demo-${Date.now()}`, currency: 'CNY', totalMinor: 4200 };
  const offers = await till.json(`/v1/terminals/${TERMINAL}/offers`, {
    walletId: visitor?.walletId,
    order,
  });
  const best = offers.offers.find((offer) => offer.classId === classId);
  const redeemed = await till.json('/v1/redemptions', {
    couponCode: best?.code,
    collectorId: foo.collectorId,
    terminalId: TERMINAL,
    order,
  });
  const pays = String(redeemed.payableMinor);
  teller.step('the cashier redeems it', '3700', pays, '42.00 less 5.00; two keys on the till');
}

function standTreat(id: string) {
  const hour = 3_600_000;
  return {
    id,
    issuerId: '456',
    name: { en: 'Five off at the stand', 'zh-CN': '碰一碰立减五元' },
    issueType: 'tap_claim',
    claimWindow: {
      start: new Date(Date.now() - hour).toISOString(),
      end: new Date(Date.now() + 24 * hour).toISOString(),
    },
    stock: 500,
    perMemberLimit: 1,
    validity: { kind: 'relative', availableAfterHours: 0, validDays: 7 },
    discount: { kind: 'amount', amountMinor: 500, currency: 'CNY' },
    minSpendMinor: 3000,
    redemptionIssuers: ['456'],
  };
}

/** What an earlier demo made is there already. */
async function made(answer: Promise<Answer>): Promise<void> {
  const { status, outcome } = await answer;
  if (status >= 400 && status !== 409) throw new Error(`the counter is not set up: ${outcome}`);
  await pause(0);
}
