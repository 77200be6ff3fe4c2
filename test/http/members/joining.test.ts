import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newPhone, SentCodes } from '../../support/member-stage.ts';
import { fieldOf, PhoneBrowser } from '../../support/phone-browser.ts';
import { startTestService, type TestService } from '../../support/service.ts';

let service: TestService;
let codes: SentCodes;
let phone: PhoneBrowser;
let number: string;

beforeAll(async () => {
  codes = new SentCodes();
  service = await startTestService({ workers: false, codeSender: codes });
});
afterAll(() => service.stop());
beforeEach(() => {
  phone = new PhoneBrowser(service.urls[0] ?? '');
  number = newPhone();
});

const returnTo = '/s/abc_DEF-123';

/** Asks for a code and opens the page on which it is typed. */
async function codePage(browser = phone) {
  const asked = await browser.post('/join/code', { phone: number, returnTo });
  expect(asked.status).toBe(303);
  const page = await browser.get(asked.location ?? '');
  return { page, codeId: fieldOf(page, 'codeId') ?? '', code: codes.last() };
}

const memberOfDevice = async (): Promise<unknown> => {
  const rows = await service.sql(
    `select m.id, w.display_name, w.issuer_id from member_devices d
       join members m on m.id = d.member_id join wallets w on w.id = m.wallet_id
      order by d.seen_at desc limit 1`,
  );
  return rows[0];
};

describe('joining by forms alone', () => {
  test('asks for the number, then for the code, and goes back to the tap', async () => {
    const first = await phone.get(`/join?returnTo=${encodeURIComponent(returnTo)}`);
    expect(first.status).toBe(200);
    expect(fieldOf(first, 'returnTo')).toBe(returnTo);
    const { page, codeId, code } = await codePage();
    expect(page.text).toContain('autocomplete="one-time-code"');
    expect(fieldOf(page, 'phone')).toBe(number);
    const before = phone.cookie('tapline_device');
    const joined = await phone.post('/join', {
      codeId,
      phone: number,
      returnTo,
      code: ` ${code.slice(0, 3)} ${code.slice(3)} `,
      displayName: ' 小宝宝1 ',
    });
    expect(joined).toMatchObject({ status: 303, location: returnTo });
    expect(phone.cookie('tapline_device')).not.toBe(before);
    expect(await memberOfDevice()).toMatchObject({ display_name: '小宝宝1', issuer_id: null });
  });

  test('on another phone finds the same member', async () => {
    const join = async (browser: PhoneBrowser) => {
      const { codeId, code } = await codePage(browser);
      const form = { codeId, phone: number, returnTo, code };
      expect((await browser.post('/join', form)).status).toBe(303);
      await service.sql("update join_codes set created_at = now() - interval '5 minutes'");
      return memberOfDevice();
    };
    const one = await join(phone);
    expect(await join(new PhoneBrowser(service.urls[0] ?? ''))).toEqual(one);
  });

  test('speaks Chinese', async () => {
    const page = await phone.get('/join', { 'Accept-Language': 'zh-CN' });
    expect(page.text).toContain('<html lang="zh-CN">');
    expect(page.text).toContain('获取验证码');
  });

  test('keeps neither phone number nor code in clear', async () => {
    const { code } = await codePage();
    const rows = await service.sql('select to_jsonb(j) as row from join_codes j');
    expect(JSON.stringify(rows)).not.toContain(number.slice(-8));
    expect(JSON.stringify(rows)).not.toContain(`"${code}"`);
  });
});

describe('a mistake', () => {
  test('in the number shows the number again, and what to do', async () => {
    const page = await phone.post('/join/code', { phone: '1380013', returnTo });
    expect(page.status).toBe(422);
    expect(fieldOf(page, 'phone')).toBe('1380013');
    expect(fieldOf(page, 'returnTo')).toBe(returnTo);
    expect(page.text).toContain('This is not a phone number');
    expect(page.text).toContain('role="alert"');
  });

  test('in the code keeps everything else', async () => {
    const { codeId, code } = await codePage();
    const wrong = code === '000000' ? '000001' : '000000';
    const form = { codeId, phone: number, returnTo, code: wrong, displayName: 'Bao' };
    const page = await phone.post('/join', form);
    expect(page.status).toBe(422);
    expect([fieldOf(page, 'phone'), fieldOf(page, 'displayName')]).toEqual([number, 'Bao']);
    expect(page.text).toContain('The code is not right');
    expect((await phone.post('/join', { ...form, code })).status).toBe(303);
  });

  test('five times ends the code', async () => {
    const { codeId, code } = await codePage();
    const form = { codeId, phone: number, returnTo };
    const wrong = code === '000000' ? '000001' : '000000';
    const statuses = [];
    for (let n = 0; n < 5; n++)
      statuses.push((await phone.post('/join', { ...form, code: wrong })).status);
    expect(statuses).toEqual([422, 422, 422, 422, 429]);
    expect((await phone.post('/join', { ...form, code })).status).toBe(429);
  });

  test('of the gateway is told, and the number is kept', async () => {
    codes.fails = true;
    const page = await phone.post('/join/code', { phone: number, returnTo });
    codes.fails = false;
    expect(page.status).toBe(503);
    expect(fieldOf(page, 'phone')).toBe(number);
  });
});

test('with characters that nobody types is refused', async () => {
  const { codeId, code } = await codePage();
  const typed = { codeId, code, phone: number, returnTo };
  const sneaked = await phone.post('/join', { ...typed, returnTo: '/s/a\nb' });
  expect(sneaked.status).toBe(422);
  for (const displayName of ['a\u0000b', 'a\u202eb', 'a\u001bb']) {
    expect((await phone.post('/join', { ...typed, displayName })).status).toBe(422);
  }
  expect((await phone.post('/join', { ...typed, codeId: '\u0000' })).status).toBe(422);
  expect((await phone.get('/join?code=%00')).status).toBe(200);
  expect((await phone.post('/join', typed)).status).toBe(303);
});

describe('a code', () => {
  test('is not sent again within a minute, and the first one counts', async () => {
    const { codeId, code } = await codePage();
    const again = await phone.post('/join/code', { phone: number, returnTo, codeId });
    expect(again.status).toBe(429);
    expect(fieldOf(again, 'codeId')).toBe(codeId);
    expect((await phone.post('/join', { codeId, phone: number, returnTo, code })).status).toBe(303);
  });

  test('joins once', async () => {
    const { codeId, code } = await codePage();
    const form = { codeId, phone: number, returnTo, code };
    await phone.post('/join', form);
    expect((await phone.post('/join', form)).status).toBe(410);
  });

  test('joins only the phone that asked for it', async () => {
    const { codeId, code } = await codePage();
    const thief = new PhoneBrowser(service.urls[0] ?? '');
    await thief.post('/join/code', { phone: newPhone(), returnTo });
    const form = { codeId, phone: number, returnTo, code };
    expect((await thief.post('/join', form)).status).toBe(410);
    const seen = await thief.get(`/join?code=${codeId}`);
    expect(seen.text).not.toContain(number);
  });

  test('is over after five minutes', async () => {
    const { codeId, code } = await codePage();
    await service.sql('update join_codes set expires_at = clock_timestamp() where id = $1', [
      codeId,
    ]);
    expect((await phone.post('/join', { codeId, phone: number, returnTo, code })).status).toBe(410);
  });
});

describe('a phone that is a member’s already', () => {
  const joins = async () => {
    const { codeId, code } = await codePage();
    const joined = await phone.post('/join', { codeId, phone: number, returnTo, code });
    expect(joined.status).toBe(303);
    return (await memberOfDevice()) as { id: string };
  };
  const soon = () => service.sql("update join_codes set created_at = now() - interval '2 hours'");

  test('and proves a new number, has it from then on', async () => {
    const before = await joins();
    await soon();
    number = newPhone();
    expect(await joins()).toEqual(before);
    await soon();
    phone = new PhoneBrowser(service.urls[0] ?? '');
    expect(await joins()).toEqual(before);
  });

  test('and proves the number of another member, makes the two one', async () => {
    const other = await joins();
    await soon();
    phone = new PhoneBrowser(service.urls[0] ?? '');
    const theirs = number;
    number = newPhone();
    const own = await joins();
    await soon();
    number = theirs;
    expect(await joins()).toEqual(other);
    const [row] = await service.sql('select merged_into, phone_mark from members where id = $1', [
      own.id,
    ]);
    expect(row).toEqual({ merged_into: other.id, phone_mark: null });
  });
});

test('a member’s number and a stranger’s get the same answer', async () => {
  const { codeId, code } = await codePage();
  await phone.post('/join', { codeId, phone: number, returnTo, code });
  await service.sql("update join_codes set created_at = now() - interval '2 hours'");
  const [known, unknown] = [
    new PhoneBrowser(service.urls[0] ?? ''),
    new PhoneBrowser(service.urls[0] ?? ''),
  ];
  const told = async (browser: PhoneBrowser, to: string) => {
    const { status, location } = await browser.post('/join/code', { phone: to, returnTo });
    const { text } = await browser.get(location ?? '');
    return [
      status,
      text
        .replaceAll(to, 'PHONE')
        .replaceAll(/jcd_\w+/g, 'ID')
        .replaceAll(/nonce="[^"]*"/g, ''),
    ];
  };
  expect(await told(known, number)).toEqual(await told(unknown, newPhone()));
});

test.each([
  'https://evil.example/',
  '//evil.example',
  '/\\evil.example',
  '/s/../v1/wallets',
  '/v1/wallets',
  '/mean',
])('nobody is sent to %j', async (elsewhere) => {
  const { codeId, code } = await codePage();
  const form = { codeId, phone: number, returnTo: elsewhere, code };
  expect(await phone.post('/join', form)).toMatchObject({ status: 303, location: '/me' });
});

test('a form of another site changes nothing', async () => {
  const from = { 'Sec-Fetch-Site': 'cross-site' };
  expect((await phone.post('/join/code', { phone: number, returnTo }, from)).status).toBe(403);
  const { codeId, code } = await codePage();
  const form = { codeId, phone: number, returnTo, code };
  expect((await phone.post('/join', form, { Origin: 'https://evil.example' })).status).toBe(403);
});

test('where nobody sends codes, the page says so', async () => {
  const without = await startTestService({ workers: false, sealer: null });
  const browser = new PhoneBrowser(without.urls[0] ?? '');
  const page = await browser.post('/join/code', { phone: number, returnTo });
  expect(page.status).toBe(409);
  expect(page.text).toContain('Joining by phone is not enabled');
  await without.stop();
});
