import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ORIGIN, startTestService, type TestService } from '../../support/service.ts';
import { type WalletPhone, walletPhone } from '../../support/wallet-phone.ts';
import { expectStatus, type Fields, type Merchant, redeem, World } from '../../support/world.ts';

let service: TestService;
let world: World;
let shop: Merchant;

beforeAll(async () => {
  service = await startTestService();
  world = new World(service);
  shop = await world.merchant();
});
afterAll(() => service.stop());

const phone = (name: string | null = null) => walletPhone(service, name);

async function coupon(of: WalletPhone, fields: Fields = {}) {
  return world.coupon(shop, await world.couponClass(shop, fields), of.walletId);
}

describe('an empty wallet', () => {
  test('says how the first card comes', async () => {
    const { status, text, headers } = await (await phone()).get('/me');
    expect(status).toBe(200);
    expect(text).toContain('No card yet');
    expect(text).toContain('No usable coupon.');
    expect(headers.get('cache-control')).toBe('no-store');
  });

  test('greets by name, in the language of the browser', async () => {
    const ana = await phone('Ana <b>');
    const { html, text } = await ana.get('/me', { 'Accept-Language': 'zh-CN' });
    expect(text).toContain('您好，Ana &lt;b>');
    expect(html).toContain('<html lang="zh-CN">');
  });
});

describe('cards', () => {
  test('stand newest first, with what the issuer wrote on them', async () => {
    const ana = await phone();
    const classId = await world.passClass(shop, { rewardsTier: 'Gold', programName: 'Beans' });
    const older = await world.pass(shop, classId, ana.walletId, {
      accountId: '4711',
      loyaltyPoints: { label: 'Stars', balance: { int: 71327 } },
    });
    const newer = await world.pass(shop, await world.passClass(shop), ana.walletId);
    const { html, text } = await ana.get('/me');
    for (const shown of ['Beans', 'Gold', '4711', 'Stars 71,327']) expect(text).toContain(shown);
    expect(html.indexOf(`/me/passes/${newer}`)).toBeGreaterThan(0);
    expect(html.indexOf(`/me/passes/${newer}`)).toBeLessThan(html.indexOf(`/me/passes/${older}`));
  });

  test('go on over as many pages as there are', async () => {
    const ana = await phone();
    const classId = await world.passClass(shop, { programName: 'Many' });
    const held: string[] = [];
    for (let n = 0; n < 53; n++) held.push(await world.pass(shop, classId, ana.walletId));
    const first = await ana.get('/me');
    const [, more = ''] = /href="(\/me\?tab=usable&amp;cards=[^"]+)"/.exec(first.html) ?? [];
    const second = await ana.get(more.replaceAll('&amp;', '&'));
    const shown = [first, second].flatMap(({ html }) =>
      [...html.matchAll(/\/me\/passes\/([^"/]+)"/g)].map(([, id]) => id),
    );
    expect(shown).toEqual(held.reverse());
  });
});

describe('one card', () => {
  test('shows its code as a picture and as text, and where it is taken', async () => {
    const ana = await phone();
    const classId = await world.passClass(shop, { programName: 'Beans' });
    const id = await world.pass(shop, classId, ana.walletId, {
      smartTapRedemptionValue: 'CARD-0042',
      messages: [
        { header: 'Hello', body: 'There' },
        { body: 'Long ago', displayInterval: { end: { date: '2020-01-01T00:00:00Z' } } },
      ],
    });
    const { html, text } = await ana.get(`/me/passes/${id}`);
    expect(html).toContain('<svg role="img" aria-label="QR code of the card');
    expect(html).toContain('<span>CARD</span><span>-004</span><span>2</span>');
    expect(text).toContain(`Merchant ${shop.issuerId}`);
    expect(text).toContain('Hello There');
    expect(text).not.toContain('Long ago');
    expect(text).toContain('Ready to tap');
  });

  test.each<[string, Fields, Fields]>([
    ['a class without Smart Tap', { enableSmartTap: false }, {}],
    ['no redemption issuer', { redemptionIssuers: [] }, {}],
    ['no redemption value', {}, { smartTapRedemptionValue: undefined }],
    ['a pass that is not active', {}, { state: 'INACTIVE' }],
  ])('is not ready to tap with %s', async (_what, classFields, fields) => {
    const ana = await phone();
    const classId = await world.passClass(shop, classFields);
    const id = await world.pass(shop, classId, ana.walletId, fields);
    const { text } = await ana.get(`/me/passes/${id}`);
    expect(text).not.toContain('Ready to tap');
    expect(text).not.toContain('Present this card');
  });

  test('is not ready to tap where no redemption issuer has a key', async () => {
    const ana = await phone();
    const keyless = await world.merchant();
    await service.sql(
      'update issuer_keys set retired_at = clock_timestamp() where issuer_id = $1',
      [keyless.issuerId],
    );
    const id = await world.pass(keyless, await world.passClass(keyless), ana.walletId);
    const { text } = await ana.get(`/me/passes/${id}`);
    expect(text).toContain(`Merchant ${keyless.issuerId}`);
    expect(text).not.toContain('Ready to tap');
  });
});

describe('coupons', () => {
  test('lie on three shelves, which are counted', async () => {
    const ana = await phone();
    const used = await coupon(ana, { name: 'Used one' });
    expectStatus(await redeem(shop, used.code), 201);
    const gone = await coupon(ana, { name: 'Gone one' });
    await service.sql('update coupons set expires_at = clock_timestamp() where id = $1', [gone.id]);
    await coupon(ana, { name: 'Later one', minSpendMinor: 3000 });
    const soon = await coupon(ana, { name: 'Sooner one' });
    await service.sql(
      `update coupons set expires_at = clock_timestamp() + interval '1 hour' where id = $1`,
      [soon.id],
    );
    const usable = await ana.get('/me');
    expect(usable.text).toMatch(/Usable 2 .*Used 1 .*Expired 1/);
    expect(usable.text).toMatch(/¥5 off .*Sooner one.*¥5 off On orders of ¥30 or more\. Later one/);
    expect(usable.text).toContain('All stores');
    expect((await ana.get('/me?tab=used')).text).toMatch(/Used one · Merchant .* Used/);
    expect((await ana.get('/me?tab=expired')).text).toMatch(/Gone one · Merchant .* Expired/);
    expect((await ana.get('/me?tab=expired')).text).not.toContain('Used one');
  });

  test('one coupon shows its code, its rules and its stores', async () => {
    const ana = await phone();
    await world.store(shop, 'sto-park');
    const { id, code } = await coupon(ana, {
      discount: { kind: 'percent', percent: 15, maxMinor: 2000 },
      scope: { kind: 'categories', include: ['coffee', 'tea'], exclude: ['beans'] },
      regularPriceOnly: true,
      scene: 'in_store',
      stores: ['sto-park'],
      useHours: [{ days: ['mon', 'tue'], from: '11:00', to: '14:00' }],
      description: { en: 'For a rainy day', 'zh-CN': '雨天专享' },
    });
    const { text, html } = await ana.get(`/me/coupons/${id}`);
    for (const shown of [
      '15% off',
      'At most 20.00',
      'Only for coffee and tea',
      'Not for beans',
      'Not for goods that are already reduced',
      'In store only',
      'Mon and Tue 11:00–14:00',
      'sto-park',
      'For a rainy day',
    ]) {
      expect(text).toContain(shown);
    }
    expect(html.replaceAll('</span><span>', '')).toContain(`<span>${code}</span>`);
    const chinese = await ana.get(`/me/coupons/${id}?lang=zh-CN`);
    for (const shown of ['8.5 折', '雨天专享', '周一和周二 11:00–14:00']) {
      expect(chinese.text).toContain(shown);
    }
  });

  test('a redeemed one shows as used at the next look, without its code', async () => {
    const ana = await phone();
    const { id, code } = await coupon(ana);
    expect((await ana.get(`/me/coupons/${id}`)).text).toContain('Show this at the till');
    expectStatus(await redeem(shop, code), 201);
    const { text, html } = await ana.get(`/me/coupons/${id}`);
    expect(text).toContain('Used');
    expect(text).not.toContain('Show this at the till');
    expect(html).not.toContain(code);
  });
});

describe('a gift', () => {
  async function given(from: WalletPhone) {
    const { id } = await coupon(from, { transferable: true, name: 'A treat' });
    const page = await from.send(`/me/coupons/${id}/gift`);
    const [, link = ''] =
      new RegExp(`value="${ORIGIN}(/me/gifts/[\\w-]{43})"`).exec(page.html) ?? [];
    return { id, link, page };
  }

  test('is a link that this phone shows again, and no other', async () => {
    const ana = await phone();
    const { id, link, page } = await given(ana);
    expect(link).not.toBe('');
    expect(page.text).toContain('Take the link back');
    expect((await ana.get(`/me/coupons/${id}`)).html).toContain(link);
    expect((await ana.get('/me')).html).not.toContain(link);
    const other = new (ana.constructor as typeof WalletPhone)(
      service.urls[0] ?? '',
      ana.secret,
      ana,
    );
    const elsewhere = await other.get(`/me/coupons/${id}`);
    expect(elsewhere.html).not.toContain(link);
    expect(elsewhere.text).toContain('Make a new link');
  });

  test('is accepted once', async () => {
    const [ana, bo, cy] = [await phone(), await phone(), await phone()];
    const { id, link } = await given(ana);
    expect((await bo.get(link)).text).toContain('A coupon for you ¥5 off');
    const accepted = await bo.send(link);
    expect(accepted.text).toContain('A treat');
    expect((await cy.get(link)).text).toContain('The coupon was accepted');
    expect((await cy.send(link)).text).toContain('The coupon was accepted');
    // The second of two touches leads where the first one did.
    expect((await bo.post(link)).location).toBe(link);
    const [{ location }, again] = [await bo.get(link), await cy.get(link)];
    expect(location).toMatch(/^\/me\/coupons\/cpn_/);
    expect(again.location).toBeNull();
    expect((await ana.get(`/me/coupons/${id}`)).text).toContain('Given away');
    expect((await ana.get('/me/history')).text).toContain('Given away');
    expect((await bo.get('/me/history')).text).toContain('Received as a gift');
  });

  test('is taken back', async () => {
    const [ana, bo] = [await phone(), await phone()];
    const { id, link } = await given(ana);
    const page = await ana.send(`/me/coupons/${id}/gift/revoke`);
    expect(page.text).toContain('Make a link');
    expect((await bo.get(link)).text).toContain('The link was revoked');
  });

  test('waits for who has to join first, at the address that the REST face tells, too', async () => {
    const { link } = await given(await phone());
    const nobody = await fetch((service.urls[0] ?? '') + link);
    const text = await nobody.text();
    expect(nobody.status).toBe(200);
    expect(text).toContain('A treat');
    expect(text).toContain(`name="returnTo" value="${link}"`);
    const told = link.replace('/me/gifts/', '/transfer/');
    const led = await fetch((service.urls[0] ?? '') + told, { redirect: 'manual' });
    expect([led.status, led.headers.get('location')]).toEqual([303, link]);
  });
});

describe('the history', () => {
  test('tells what happened, latest first, page by page', async () => {
    const ana = await phone();
    const classId = await world.couponClass(shop, { name: 'Often', perMemberLimit: 100 });
    const coupons = [];
    for (let n = 0; n < 26; n++) coupons.push(await world.coupon(shop, classId, ana.walletId));
    for (const { code } of coupons) expectStatus(await redeem(shop, code), 201);
    const first = await ana.get('/me/history');
    const [, more = ''] = /href="(\/me\/history\?after=[^"]+)"/.exec(first.html) ?? [];
    const second = await ana.get(more);
    const kinds = (page: { html: string }) =>
      [...page.html.matchAll(/<li><span><strong>(\w+)<\/strong>/g)].map(([, kind]) => kind);
    const all = [...kinds(first), ...kinds(second)];
    expect([kinds(first).length, kinds(second).length]).toEqual([50, 2]);
    expect(all).toEqual([...Array(26).fill('Used'), ...Array(26).fill('Claimed')]);
    expect(first.text).toContain('Saved ¥5 of ¥48');
  });

  test('knows nothing of what is older than 1000 days or was taken back', async () => {
    const ana = await phone();
    const old = await coupon(ana, { name: 'Ancient' });
    await service.sql(
      `update coupons set issued_at = clock_timestamp() - interval '1001 days' where id = $1`,
      [old.id],
    );
    const { code } = await coupon(ana, { name: 'Reversed' });
    const { id } = expectStatus(await redeem(shop, code), 201);
    expect((await ana.get('/me/history')).text).toContain('Used');
    expectStatus(await shop.client.post(`/v1/redemptions/${id}/reversal`), 201);
    const { text } = await ana.get('/me/history');
    expect(text).not.toContain('Ancient');
    expect(text).toContain('Claimed · Reversed');
    expect(text).not.toContain('Used ·');
  });
});
