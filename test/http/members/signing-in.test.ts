import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openSignInProvider } from '../../../src/entry/sign-in.node.ts';
import { silentLog } from '../../../src/platform/log.ts';
import { CLIENT, signInAs, startOpenIdProvider } from '../../support/openid-provider.ts';
import { PhoneBrowser } from '../../support/phone-browser.ts';
import { ORIGIN, startTestService, type TestService } from '../../support/service.ts';

const BACK = `${ORIGIN}/join/signed-in`;
const returnTo = '/s/of-the-tap';

let provider: Awaited<ReturnType<typeof startOpenIdProvider>>;
let service: TestService;
let phone: PhoneBrowser;
let people = 0;
let person: string;

beforeAll(async () => {
  provider = await startOpenIdProvider(BACK);
  const { issuer } = provider;
  const signInProvider = openSignInProvider({ issuer, ...CLIENT }, silentLog);
  service = await startTestService({ workers: false, signInProvider });
});
afterAll(async () => {
  await service?.stop();
  await provider?.stop();
});
beforeEach(() => {
  phone = newPhone();
  people += 1;
  person = `person-${people}`;
});

const newPhone = () => new PhoneBrowser(service.urls[0] ?? '');

async function begun(browser = phone): Promise<URL> {
  const page = await browser.get(`/join/sign-in?returnTo=${encodeURIComponent(returnTo)}`);
  expect(page.status).toBe(302);
  return new URL(page.location ?? '');
}

/** Where the provider sends the browser back to, as a path of ours. */
async function answerTo(address: URL): Promise<string> {
  const { pathname, search } = await signInAs(person, address.href, BACK);
  return pathname + search;
}

const members = async () =>
  await service.sql(
    'select provider, subject, member_id from member_identities where subject = $1',
    [person],
  );

describe('signing in', () => {
  test('makes a member of a new person, by name, and goes back to the tap', async () => {
    const callback = await answerTo(await begun());
    expect(await phone.get(callback)).toMatchObject({ status: 303, location: returnTo });
    const [row] = await service.sql(
      `select w.display_name, m.phone_mark from member_identities i join members m on m.id = i.member_id
         join wallets w on w.id = m.wallet_id where i.subject = $1`,
      [person],
    );
    expect(row).toEqual({ display_name: `nick of ${person}`, phone_mark: null });
  });

  test('finds the same member on another phone', async () => {
    await phone.get(await answerTo(await begun()));
    const before = await members();
    const other = newPhone();
    expect((await other.get(await answerTo(await begun(other)))).status).toBe(303);
    expect(await members()).toEqual(before);
    const devices = await service.sql('select 1 from member_devices where member_id = $1', [
      before[0]?.member_id,
    ]);
    expect(devices).toHaveLength(2);
  });

  test('asks for PKCE with S256, a state and a nonce', async () => {
    const { searchParams } = await begun();
    expect(searchParams.get('code_challenge_method')).toBe('S256');
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(searchParams.get(name)).toMatch(/^[\w-]{43}$/);
    }
    expect(searchParams.get('scope')).toBe('openid profile');
  });

  test('leaves nothing of the sign-in', async () => {
    await phone.get(await answerTo(await begun()));
    const left = await service.sql(
      `select 1 from sign_ins s join member_devices d on d.id = s.device_id
         join member_identities i on i.member_id = d.member_id where i.subject = $1`,
      [person],
    );
    expect(left).toEqual([]);
  });

  test('is offered on the join page', async () => {
    expect((await phone.get('/join')).text).toContain('/join/sign-in?returnTo=');
  });
});

/** The page to which a sign-in that failed leads. */
async function failedAt(browser: PhoneBrowser, path: string) {
  const sent = await browser.get(path);
  expect(sent.status).toBe(303);
  return browser.get(sent.location ?? '');
}

describe('an answer is refused', () => {
  const refused = async (browser: PhoneBrowser, callback: string) => {
    const page = await failedAt(browser, callback);
    expect(page.status).toBe(409);
    expect(page.text).toContain('The sign-in did not succeed');
    expect(await members()).toEqual([]);
  };

  test('with another state', async () => {
    const callback = new URL(await answerTo(await begun()), ORIGIN);
    callback.searchParams.set('state', 'x'.repeat(43));
    await refused(phone, callback.pathname + callback.search);
  });

  test('with the state of another sign-in of the same phone', async () => {
    const callback = new URL(await answerTo(await begun()), ORIGIN);
    const other = (await begun()).searchParams.get('state') ?? '';
    callback.searchParams.set('state', other);
    await refused(phone, callback.pathname + callback.search);
  });

  test('on another phone', async () => {
    const callback = await answerTo(await begun());
    const thief = newPhone();
    await begun(thief);
    await refused(thief, callback);
    await refused(newPhone(), callback);
  });

  test('with the nonce of another sign-in', async () => {
    const address = await begun();
    address.searchParams.set('nonce', 'another-nonce-than-ours');
    await refused(phone, await answerTo(address));
  });

  test('with the code of another verifier', async () => {
    const address = await begun();
    const other = await begun();
    address.searchParams.set('code_challenge', other.searchParams.get('code_challenge') ?? '');
    await refused(phone, await answerTo(address));
  });

  test('after ten minutes', async () => {
    const callback = await answerTo(await begun());
    await service.sql('update sign_ins set expires_at = clock_timestamp()');
    await refused(phone, callback);
  });

  test('that says that the person gave up', async () => {
    const state = (await begun()).searchParams.get('state');
    await refused(phone, `/join/signed-in?error=access_denied&state=${state}`);
  });

  test('with a code that somebody made up', async () => {
    const state = (await begun()).searchParams.get('state');
    await refused(phone, `/join/signed-in?code=made-up&state=${state}&iss=${provider.issuer}`);
  });

  test('the second time', async () => {
    const callback = await answerTo(await begun());
    expect((await phone.get(callback)).status).toBe(303);
    expect((await failedAt(phone, callback)).status).toBe(409);
    expect(await members()).toHaveLength(1);
  });
});

test('twenty answers at once join once', async () => {
  const callback = await answerTo(await begun());
  const pages = await Promise.all(Array.from({ length: 20 }, () => phone.get(callback)));
  expect(pages.filter(({ location }) => location === returnTo)).toHaveLength(1);
  expect(await members()).toHaveLength(1);
});

test('while the provider is away, the page says so and a phone number still joins', async () => {
  const away = openSignInProvider({ issuer: 'http://127.0.0.1:9', ...CLIENT }, silentLog);
  const without = await startTestService({ workers: false, signInProvider: away });
  const page = await failedAt(new PhoneBrowser(without.urls[0] ?? ''), '/join/sign-in');
  expect(page.status).toBe(409);
  expect(page.text).toContain('action="/join/code"');
  await without.stop();
});

test('without a provider there is no such page', async () => {
  const without = await startTestService({ workers: false });
  const browser = new PhoneBrowser(without.urls[0] ?? '');
  expect((await browser.get('/join/sign-in')).status).toBe(404);
  expect((await browser.get('/join')).text).not.toContain('/join/sign-in');
  await without.stop();
});
