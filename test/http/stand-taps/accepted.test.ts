import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startTestService, type TestService } from '../../support/service.ts';
import {
  ageSession,
  joinWith,
  membersPhone,
  openStand,
  type StandStage,
  strangersPhone,
  visitorEventsAt,
} from '../../support/stand-phones.ts';
import { newStand, signingStand, tagOf } from '../../support/stands.ts';
import { expectStatus, World } from '../../support/world.ts';

let service: TestService;
let world: World;
let stage: StandStage;

beforeAll(async () => {
  service = await startTestService();
  world = new World(service);
});
beforeEach(async () => {
  stage = await openStand(world);
});
afterAll(() => service.stop());

const tapClass = (fields = {}) =>
  world.couponClass(stage.merchant, { issueType: 'tap_claim', ...fields });

const tapsOf = ({ merchant }: StandStage) =>
  service.sql<{ id: string; kid: string; wallet_id: string | null; outcome: string }>(
    'select id, kid, wallet_id, outcome from taps where issuer_id = $1 order by tapped_at',
    [merchant.issuerId],
  );

describe('a touch of a stand', () => {
  test('is one tap of the member, told to the till before the page is answered', async () => {
    const phone = await membersPhone(service, 'Ana');
    const page = await phone.touch(stage.stand);
    expect(page.status).toBe(200);
    expect(page.text).toContain('Hello, Ana');
    const taps = await tapsOf(stage);
    expect(taps).toMatchObject([
      { kid: `stand:${stage.stand.id}`, wallet_id: phone.walletId, outcome: 'recognised' },
    ]);
    expect(await visitorEventsAt(service, stage)).toEqual([
      { kind: 'tap', tap_id: taps[0]?.id, wallet_id: phone.walletId, detail: { proof: 'static' } },
    ]);
  });

  test('that is reloaded within a minute is the same session and no second tap', async () => {
    const phone = await membersPhone(service);
    const first = await phone.session(stage.stand);
    expect(await phone.session(stage.stand)).toBe(first);
    expect((await phone.get(first)).status).toBe(200);
    expect(await tapsOf(stage)).toHaveLength(1);
    expect(await visitorEventsAt(service, stage)).toHaveLength(1);
  });

  test('a minute later is another tap', async () => {
    const phone = await membersPhone(service);
    const first = await phone.session(stage.stand);
    await ageSession(service, first, 61);
    expect(await phone.session(stage.stand)).not.toBe(first);
    expect(await tapsOf(stage)).toHaveLength(2);
  });

  test('gives a phone that never was here a cookie, and the till an unknown visitor', async () => {
    const phone = strangersPhone(service);
    const page = await phone.touch(stage.stand);
    expect(page.headers.get('set-cookie')).toMatch(
      /tapline_device=.*HttpOnly; Secure; SameSite=Lax/,
    );
    expect(page.text).toContain('action="/join/code"');
    expect(page.text).toContain(`value="${page.session}"`);
    expect(await tapsOf(stage)).toMatchObject([{ wallet_id: null, outcome: 'unknown' }]);
    expect(await visitorEventsAt(service, stage)).toMatchObject([{ kind: 'tap', wallet_id: null }]);
  });

  test('by a printed code is told as such, and says nothing of the tag', async () => {
    await service.sql("update stands set state = 'written' where id = $1", [stage.stand.id]);
    const phone = await membersPhone(service);
    expect((await phone.touch(stage.stand, '?q=1')).status).toBe(200);
    expect((await tagOf(service, stage.stand.id)).state).toBe('written');
    expect(await visitorEventsAt(service, stage)).toMatchObject([{ detail: { proof: 'qr' } }]);
  });

  test('proves a tag that was written', async () => {
    await service.sql("update stands set state = 'written' where id = $1", [stage.stand.id]);
    await (await membersPhone(service)).touch(stage.stand);
    expect((await tagOf(service, stage.stand.id)).state).toBe('verified');
    const told = await service.sql(
      "select detail from terminal_events where issuer_id = $1 and kind = 'stand'",
      [stage.merchant.issuerId],
    );
    expect(told).toEqual([{ detail: { standId: stage.stand.id, state: 'verified' } }]);
  });

  test('of a tag that signs uses its reading up, and a reload is still the same touch', async () => {
    const { stand, tag } = await signingStand(stage.merchant, stage.terminalId);
    const { picc, mac } = tag.read();
    const phone = await membersPhone(service);
    const first = await phone.touch(stand, `?e=${picc}&c=${mac}`);
    const again = await phone.touch(stand, `?e=${picc.toLowerCase()}&c=${mac}`);
    expect([first.status, again.status]).toEqual([200, 200]);
    expect(again.session).toBe(first.session);
    expect(await visitorEventsAt(service, stage)).toMatchObject([{ detail: { proof: 'sun' } }]);
  });

  test('is explained to the issuer of the till', async () => {
    await (await membersPhone(service)).touch(stage.stand);
    const [tap] = await tapsOf(stage);
    const { client } = stage.merchant;
    const explained = await client.get(`/v1/taps/${tap?.id}/explanation`);
    expect(expectStatus(explained, 200)).toMatchObject({
      collectorKey: null,
      stand: stage.stand.id,
      terminal: stage.terminalId,
      outcome: 'recognised',
      passes: [],
      coupons: [],
    });
  });

  test.each([
    ['a browser that looks ahead', { 'Sec-Purpose': 'prefetch;prerender' }, 503],
    ['an old browser that looks ahead', { Purpose: 'prefetch' }, 503],
    ['a chat that draws a preview', { 'User-Agent': 'WhatsApp/2.23.20.0' }, 200],
    ['a search engine', { 'User-Agent': 'Mozilla/5.0 (compatible; Googlebot/2.1)' }, 200],
  ])('is none by %s', async (_who, headers, status) => {
    const phone = strangersPhone(service);
    const page = await phone.touch(stage.stand, '', headers);
    expect([page.status, page.session, phone.secret]).toEqual([status, null, null]);
    expect(await tapsOf(stage)).toEqual([]);
  });

  test('is none by HEAD', async () => {
    const page = await strangersPhone(service).send('HEAD', `/t/${stage.stand.code}`);
    expect(page.status).toBe(200);
    expect(await tapsOf(stage)).toEqual([]);
  });
});

describe('the claim page', () => {
  test('claims with one form, shows it, and tells the till', async () => {
    const classId = await tapClass({ minSpendMinor: 3000 });
    const phone = await membersPhone(service);
    const session = await phone.session(stage.stand);
    expect(await phone.claim(session, classId)).toBe('claimed');
    const page = await phone.get(`${session}?told=claimed`);
    expect(page.text).toContain('Claimed ✓');
    expect(page.text).toContain('¥5 off');
    expect(page.text).toContain('On orders of ¥30 or more.');
    const [coupon] = await service.sql<{ id: string; wallet_id: string }>(
      'select id, wallet_id from coupons where class_id = $1',
      [classId],
    );
    expect(coupon?.wallet_id).toBe(phone.walletId);
    expect((await visitorEventsAt(service, stage)).at(-1)).toMatchObject({
      kind: 'claimed',
      wallet_id: phone.walletId,
      detail: { couponId: coupon?.id },
    });
  });

  test('answers its script in JSON', async () => {
    const classId = await tapClass();
    const phone = await membersPhone(service);
    const session = await phone.session(stage.stand);
    const json = { Accept: 'application/json', 'Accept-Language': 'zh-CN' };
    const claimed = await phone.post(`${session}/claims`, { classId }, json);
    expect(claimed.status).toBe(200);
    expect(JSON.parse(claimed.text)).toMatchObject({
      status: 'issued',
      label: '已领取 ✓ 现在可用',
    });
  });

  test('gives one coupon to a double click, and tells the till once', async () => {
    const classId = await tapClass({ perMemberLimit: 5 });
    const phone = await membersPhone(service);
    const session = await phone.session(stage.stand);
    const told = await Promise.all([1, 2, 3].map(() => phone.claim(session, classId)));
    expect(told).toEqual(['claimed', 'claimed', 'claimed']);
    const coupons = await service.sql('select id from coupons where class_id = $1', [classId]);
    expect(coupons).toHaveLength(1);
    const kinds = (await visitorEventsAt(service, stage)).map(({ kind }) => kind);
    expect(kinds).toEqual(['tap', 'claimed']);
  });

  test('claims all at once', async () => {
    const classes = await Promise.all([tapClass(), tapClass(), tapClass()]);
    const phone = await membersPhone(service);
    const session = await phone.session(stage.stand);
    expect((await phone.get(session)).text).toContain('Claim all');
    const answer = await phone.post(`${session}/claims`, { all: '1' });
    expect(answer.headers.get('location')).toBe(`${session}?told=claimed#told`);
    const coupons = await service.sql('select id from coupons where class_id = any ($1)', [
      classes,
    ]);
    expect(coupons).toHaveLength(3);
    expect((await phone.get(session)).text).toContain('You have them all.');
  });

  test('shows what is claimable elsewhere to nobody', async () => {
    const here = await tapClass({ stores: [stage.storeId], name: 'Here' });
    await world.store(stage.merchant, 'elsewhere');
    await tapClass({ stores: ['elsewhere'], name: 'Elsewhere' });
    await world.couponClass(stage.merchant, { name: 'By hand' });
    await tapClass({ memberClasses: [stage.passClassId], name: 'For members of ours' });
    await tapClass({ claimWindow: { start: '2099-01-01T00:00:00Z', end: '2099-02-01T00:00:00Z' } });
    const phone = await membersPhone(service);
    const { text } = await phone.touch(stage.stand);
    expect(text).toContain(`value="${here}"`);
    for (const hidden of ['Elsewhere', 'By hand', 'For members of ours']) {
      expect(text).not.toContain(hidden);
    }
    expect(text).toContain('Claim from Jan 1, 2099');
  });

  test('shows what the member holds and can use here', async () => {
    const classId = await world.couponClass(stage.merchant, { name: 'From before' });
    const phone = await membersPhone(service);
    await world.coupon(stage.merchant, classId, phone.walletId);
    const { text } = await phone.touch(stage.stand);
    expect(text).toContain('Yours to use here');
    expect(text).toContain('From before');
    expect(text).toContain('You have them all.');
  });

  test('asks a member of others to join with one touch, and tells the till', async () => {
    const phone = await membersPhone(service);
    const session = await phone.session(stage.stand);
    const answer = await phone.post(`${session}/membership`);
    expect(answer.headers.get('location')).toBe(`${session}?told=joined#told`);
    const page = await phone.get(session);
    expect(page.text).toContain('No. 1');
    expect(page.text).not.toContain('/membership');
    await phone.post(`${session}/membership`);
    const kinds = (await visitorEventsAt(service, stage)).map(({ kind }) => kind);
    expect(kinds).toEqual(['tap', 'joined']);
  });

  test('turns an unknown tap into the member who has joined with it, once', async () => {
    const classId = await tapClass({ name: 'A teaser' });
    const stranger = strangersPhone(service);
    const session = await stranger.session(stage.stand);
    const before = await stranger.get(session);
    expect(before.text).toContain('A teaser');
    expect(before.text).not.toContain('data-claim');
    const phone = await joinWith(service, stranger, 'Bo');
    const pages = await Promise.all([phone.get(session), phone.get(session), phone.get(session)]);
    for (const { text } of pages) expect(text).toContain('Hello, Bo');
    const [tap] = await tapsOf(stage);
    expect(tap).toMatchObject({ outcome: 'recognised', wallet_id: phone.walletId });
    const joined = { kind: 'joined', tap_id: tap?.id, wallet_id: phone.walletId };
    expect((await visitorEventsAt(service, stage)).slice(1)).toMatchObject([joined]);
    const joins = await service.sql('select from memberships where issuer_id = $1', [
      stage.merchant.issuerId,
    ]);
    expect(joins).toHaveLength(1);
    expect(await phone.claim(session, classId)).toBe('claimed');
  });

  test('is the same session for a phone that joins and touches again at once', async () => {
    const stranger = strangersPhone(service);
    const session = await stranger.session(stage.stand);
    const phone = await joinWith(service, stranger, 'Bo');
    const again = await phone.session(stage.stand);
    // Joining gave the phone another secret, of which the address is made.
    expect(again).not.toBe(session);
    expect((await phone.get(again)).text).toContain('Hello, Bo');
    expect((await phone.get(session)).status).toBe(404);
    expect(await tapsOf(stage)).toHaveLength(1);
    const kinds = (await visitorEventsAt(service, stage)).map(({ kind }) => kind);
    expect(kinds).toEqual(['tap', 'joined']);
  });

  test('shows the card with tier and points as the issuer wrote them', async () => {
    const { merchant } = stage;
    const classId = await world.passClass(merchant, {
      localizedRewardsTier: {
        defaultValue: { language: 'zh-CN', value: '金卡' },
        translatedValues: [{ language: 'en', value: 'Gold' }],
      },
    });
    const phone = await membersPhone(service);
    await world.pass(merchant, classId, phone.walletId, {
      loyaltyPoints: { label: 'Beans', balance: { int: 71327 } },
    });
    const english = await phone.touch(stage.stand);
    for (const text of ['Gold', 'Beans', '71,327']) expect(english.text).toContain(text);
    const chinese = await phone.get(`${english.session}?lang=zh-CN`);
    expect(chinese.text).toContain('<html lang="zh-CN">');
    for (const text of ['金卡', 'Ana，您好']) expect(chinese.text).toContain(text);
  });

  test('shows the member code where no till listens', async () => {
    const phone = await membersPhone(service);
    const session = await phone.session(stage.stand);
    await phone.post(`${session}/membership`);
    expect((await phone.get(session)).text).toContain('Show this code');
    await service.sql(
      `insert into tills (id, issuer_id, terminal_id, secret_sha256, listening)
       values ($1, $2, $3, $1, true)`,
      [`till_${stage.merchant.issuerId}`, stage.merchant.issuerId, stage.terminalId],
    );
    const heard = await phone.get(session);
    expect(heard.text).toContain('The till knows you are here.');
    expect(heard.text).not.toContain('Show this code');
  });

  test('of another stand is another session', async () => {
    const other = await newStand(stage.merchant, { terminalId: stage.terminalId });
    const phone = await membersPhone(service);
    expect(await phone.session(other)).not.toBe(await phone.session(stage.stand));
  });
});
