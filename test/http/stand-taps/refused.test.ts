import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startTestService, type TestService } from '../../support/service.ts';
import type { Problem } from '../../support/service-client.ts';
import {
  ageSession,
  membersPhone,
  openStand,
  type PhonePage,
  type StandStage,
  strangersPhone,
  visitorEventsAt,
} from '../../support/stand-phones.ts';
import { newStand, signingStand } from '../../support/stands.ts';
import { minutesFromNow, World } from '../../support/world.ts';

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

async function tapsAndCoupons() {
  const [row] = await service.sql<{ taps: number; coupons: number }>(
    `select (select count(*)::int from taps where issuer_id = $1) as taps,
            (select count(*)::int from coupons where issuer_id = $1) as coupons`,
    [stage.merchant.issuerId],
  );
  return row;
}

/** The status, and the heading of the page. */
function heading({ status, text }: PhonePage): string {
  return `${status} ${/<h1>([^<]*)<\/h1>/.exec(text)?.[1]}`;
}

const JSON_ONLY = { Accept: 'application/json' };

describe('no tap comes of', () => {
  test('a stand that nobody knows', async () => {
    const phone = strangersPhone(service);
    const page = await phone.get('/t/NOBODYKNOWS');
    expect(heading(page)).toBe('404 This stand is not set up');
    expect(phone.secret).toBeNull();
    const chinese = await phone.get('/t/NOBODYKNOWS', { 'Accept-Language': 'zh-CN' });
    expect(heading(chinese)).toBe('404 此立牌尚未设置');
    expect(heading(await phone.get('/t/%00'))).toBe('404 This stand is not set up');
  });

  test('a stand at no till, or one that was taken out of use', async () => {
    const loose = await newStand(stage.merchant);
    const { client } = stage.merchant;
    await client.patch(`/v1/stands/${stage.stand.id}`, { state: 'retired' });
    const phone = await membersPhone(service);
    for (const stand of [loose, stage.stand]) {
      expect(heading(await phone.touch(stand))).toBe('404 This stand is not set up yet');
    }
    expect(await tapsAndCoupons()).toEqual({ taps: 0, coupons: 0 });
    expect(await visitorEventsAt(service, stage)).toEqual([]);
  });

  test('an address that the tag did not sign', async () => {
    const { stand, tag } = await signingStand(stage.merchant, stage.terminalId);
    const { picc, mac } = tag.read();
    const phone = await membersPhone(service);
    for (const reading of ['', `?e=${picc}`, `?e=${picc}&c=${'0'.repeat(16)}`, '?e=x&c=y']) {
      const page = await phone.touch(stand, reading);
      expect(heading(page)).toBe('403 This did not come from the stand');
    }
    expect(heading(await phone.touch(stand, `?e=${picc}&c=${mac}`))).toMatch(/^200/);
    expect(await tapsAndCoupons()).toEqual({ taps: 1, coupons: 0 });
  });

  test('a signed address that another phone used, or that is older', async () => {
    const { stand, tag } = await signingStand(stage.merchant, stage.terminalId);
    const older = tag.read();
    const { picc, mac } = tag.read();
    const [first, second] = [await membersPhone(service), await membersPhone(service)];
    expect((await first.touch(stand, `?e=${picc}&c=${mac}`)).status).toBe(200);
    for (const reading of [{ picc, mac }, older]) {
      const page = await second.touch(stand, `?e=${reading.picc}&c=${reading.mac}`);
      expect(heading(page)).toBe('409 This touch was used before');
    }
    expect(await tapsAndCoupons()).toEqual({ taps: 1, coupons: 0 });
    expect(await visitorEventsAt(service, stage)).toHaveLength(1);
  });
});

describe('a session', () => {
  test('lets another phone look and claim nothing', async () => {
    const classId = await tapClass({ name: 'To look at' });
    const owner = await membersPhone(service, 'Ana');
    const session = await owner.session(stage.stand);
    for (const other of [await membersPhone(service, 'Bo'), strangersPhone(service)]) {
      const page = await other.get(session);
      expect(page.status).toBe(200);
      expect(page.text).toContain('For looking only');
      expect(page.text).toContain('To look at');
      for (const hidden of ['Ana', 'Bo', 'data-claim', '/join']) {
        expect(page.text).not.toContain(hidden);
      }
      expect(await other.claim(session, classId)).toBe('touch-over');
      const joined = await other.post(`${session}/membership`);
      expect(joined.headers.get('location')).toBe(`${session}?told=touch-over#told`);
    }
    expect(await tapsAndCoupons()).toEqual({ taps: 1, coupons: 0 });
  });

  test('is over after ten minutes', async () => {
    const classId = await tapClass();
    const phone = await membersPhone(service, 'Ana');
    const session = await phone.session(stage.stand);
    await ageSession(service, session, 599);
    expect((await phone.get(session)).text).toContain('data-claim');
    await ageSession(service, session, 2);
    const page = await phone.get(session);
    expect(page.text).toContain('This touch is over');
    expect(page.text).not.toContain('data-claim');
    expect(await phone.claim(session, classId)).toBe('touch-over');
    expect(await tapsAndCoupons()).toEqual({ taps: 1, coupons: 0 });
  });

  test('that nobody opened is a plain page', async () => {
    const phone = await membersPhone(service);
    const unknown = `/s/${'0'.repeat(40)}`;
    expect(heading(await phone.get(unknown))).toBe('404 This page is not known');
    expect(heading(await phone.get('/s/none'))).toBe('404 This page is not known');
    const answer = await phone.post(`${unknown}/claims`, { classId: '1.a' }, JSON_ONLY);
    expect((JSON.parse(answer.text) as Problem).code).toBe('touch-unknown');
  });

  test("of nobody's phone claims nothing", async () => {
    const classId = await tapClass();
    const phone = strangersPhone(service);
    const session = await phone.session(stage.stand);
    expect(await phone.claim(session, classId)).toBe('join-first');
    expect(await tapsAndCoupons()).toEqual({ taps: 1, coupons: 0 });
  });

  test('claims nothing but what is on offer for a touch there', async () => {
    const other = await openStand(world);
    const foreign = await world.couponClass(other.merchant, { issueType: 'tap_claim' });
    const byHand = await world.couponClass(stage.merchant);
    const draft = await tapClass({ status: 'draft' });
    const phone = await membersPhone(service);
    const session = await phone.session(stage.stand);
    for (const classId of [foreign, byHand, draft]) {
      expect(await phone.claim(session, classId)).toBe('not-found');
    }
    expect(await tapsAndCoupons()).toEqual({ taps: 1, coupons: 0 });
  });

  test('takes forms from its own page only', async () => {
    const classId = await tapClass();
    const phone = await membersPhone(service);
    const session = await phone.session(stage.stand);
    const elsewhere: Record<string, string>[] = [
      { Origin: 'https://evil.example' },
      { 'Sec-Fetch-Site': 'cross-site' },
    ];
    for (const headers of elsewhere) {
      expect((await phone.post(`${session}/claims`, { classId }, headers)).status).toBe(403);
    }
    expect((await phone.post(`${session}/claims`, {})).status).toBe(422);
    expect((await phone.post(`${session}/claims`, { classId: 'a b' })).status).toBe(422);
    expect(await tapsAndCoupons()).toEqual({ taps: 1, coupons: 0 });
  });

  test('joins no merchant that has no membership', async () => {
    await service.sql('delete from membership_terms where issuer_id = $1', [
      stage.merchant.issuerId,
    ]);
    const phone = await membersPhone(service);
    const session = await phone.session(stage.stand);
    expect((await phone.get(session)).text).not.toContain('/membership');
    const answer = await phone.post(`${session}/membership`);
    expect(answer.headers.get('location')).toBe(`${session}?told=membership-not-offered#told`);
  });
});

describe('what the rules refuse leaves no trace and is told in plain words', () => {
  const past = { start: minutesFromNow(-60), end: minutesFromNow(-1) };
  const future = { start: minutesFromNow(60), end: minutesFromNow(120) };
  test.each([
    ['claim-not-started', { claimWindow: future }, 'Claim from'],
    ['claim-ended', { claimWindow: past }, 'Claiming is over'],
    [
      'outside-claim-hours',
      { timeZone: 'UTC', claimHours: [hoursThatAreNotNow()] },
      'Not at this hour',
    ],
  ])('%s', async (code, fields, words) => {
    const classId = await tapClass(fields);
    const phone = await membersPhone(service);
    const session = await phone.session(stage.stand);
    expect((await phone.get(session)).text).toContain(words);
    const before = await service.everything();
    const answer = await phone.post(`${session}/claims`, { classId }, JSON_ONLY);
    const problem = JSON.parse(answer.text) as Problem;
    expect([answer.status, problem.code]).toEqual([409, code]);
    expect(await service.everything()).toEqual(before);
    expect(await phone.claim(session, classId)).toBe(code);
    const told = await phone.get(`${session}?told=${code}`, { 'Accept-Language': 'zh-CN' });
    expect(told.text).toMatch(/class="notice bad"><strong>\p{Script=Han}+/u);
  });

  test('sold-out, when the last went between the page and the touch of its button', async () => {
    const classId = await tapClass({ stock: 1 });
    const [quick, slow] = [await membersPhone(service), await membersPhone(service)];
    const session = await slow.session(stage.stand);
    expect(await quick.claim(await quick.session(stage.stand), classId)).toBe('claimed');
    expect(await slow.claim(session, classId)).toBe('sold-out');
    expect((await slow.get(session)).text).toContain('All coupons are gone');
    expect(await tapsAndCoupons()).toEqual({ taps: 2, coupons: 1 });
  });

  test('member-limit-reached, after another touch', async () => {
    const classId = await tapClass();
    const phone = await membersPhone(service);
    const first = await phone.session(stage.stand);
    expect(await phone.claim(first, classId)).toBe('claimed');
    await ageSession(service, first, 61);
    expect(await phone.claim(await phone.session(stage.stand), classId)).toBe(
      'member-limit-reached',
    );
    expect(await tapsAndCoupons()).toEqual({ taps: 2, coupons: 1 });
  });

  test('what ?told= asks for is told only when it is known', async () => {
    const phone = await membersPhone(service);
    const session = await phone.session(stage.stand);
    for (const told of ['', 'internal-error', '<b>', '__proto__']) {
      const { text } = await phone.get(`${session}?told=${encodeURIComponent(told)}`);
      expect(text).not.toContain('notice bad');
    }
  });
});

describe('too many', () => {
  test('strangers at a plain stand keep no member away', async () => {
    const pages: number[] = [];
    for (let n = 0; n < 17; n++) {
      pages.push((await strangersPhone(service).touch(stage.stand)).status);
    }
    expect(pages).toEqual([...Array(15).fill(200), 429, 429]);
    expect((await (await membersPhone(service)).touch(stage.stand)).status).toBe(200);
    expect(await visitorEventsAt(service, stage)).toHaveLength(16);
  });

  test('touches by one phone are asked to wait', async () => {
    const stands = await Promise.all(
      Array.from({ length: 11 }, () => newStand(stage.merchant, { terminalId: stage.terminalId })),
    );
    const phone = await membersPhone(service);
    const pages: PhonePage[] = [];
    for (const stand of stands) pages.push(await phone.touch(stand));
    expect(pages.map(({ status }) => status)).toEqual([...Array(10).fill(200), 429]);
    expect(pages.at(-1)?.headers.get('retry-after')).toBe('60');
    expect(heading(pages[10] as PhonePage)).toBe('429 One moment, please');
  });
});

/** An hour of the week three days away. */
function hoursThatAreNotNow() {
  const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
  return { days: [days[(new Date().getUTCDay() + 3) % 7]], from: '03:00', to: '04:00' };
}
