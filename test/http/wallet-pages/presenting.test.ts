import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { relayFor, valuesOf, wireTerminal } from '../../support/apdu-relay.ts';
import { ROOT_KEY, startTestService, type TestService } from '../../support/service.ts';
import { type WalletPhone, walletPhone } from '../../support/wallet-phone.ts';
import { type Merchant, World } from '../../support/world.ts';

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

describe('presenting', () => {
  async function presented(of: WalletPhone) {
    const id = await world.pass(shop, await world.passClass(shop), of.walletId);
    const { location } = await of.post(`/me/passes/${id}/presentations`);
    return { objectId: id, path: location ?? '' };
  }

  test('a card sets it on screen for 60 seconds', async () => {
    const ana = await phone();
    const { objectId, path } = await presented(ana);
    const { text } = await ana.get(path);
    expect(text).toMatch(/Hold your phone to the terminal (?:60|5\d) seconds left/);
    const rows = await service.sql(
      'select wallet_id, screen, object_id, status from presentations',
    );
    expect(rows).toContainEqual({
      wallet_id: ana.walletId,
      screen: 'pass',
      object_id: objectId,
      status: 'open',
    });
  });

  test('is over by the database’s clock, and begins anew', async () => {
    const ana = await phone();
    const { path } = await presented(ana);
    await service.sql(
      `update presentations set expires_at = clock_timestamp() where wallet_id = $1`,
      [ana.walletId],
    );
    const over = await ana.get(path);
    expect(over.text).toContain('Time is over');
    const [, again = ''] = /action="(\/me\/passes\/[^"]+)"/.exec(over.html) ?? [];
    expect((await ana.send(again)).text).toContain('Hold your phone');
  });

  test('makes a tap hand over that card alone, though another fits as well', async () => {
    const ana = await phone();
    const classId = await world.passClass(shop);
    const [shown] = [
      await world.pass(shop, classId, ana.walletId),
      await world.pass(shop, classId, ana.walletId),
    ];
    const { location } = await ana.post(`/me/passes/${shown}/presentations`);
    const relay = relayFor(service.urls, ROOT_KEY, ana.walletId);
    const result = await (await wireTerminal(shop)).tap(relay.transceive);
    expect(valuesOf(result)).toEqual([`value of ${shown}`]);
    expect((await ana.get(location ?? '')).text).toContain('✓ Handed over');
  });

  test('the whole wallet lets the member pick the card that the next tap gets', async () => {
    const ana = await phone();
    const classId = await world.passClass(shop);
    await world.pass(shop, classId, ana.walletId);
    const picked = await world.pass(shop, classId, ana.walletId);
    const { location } = await ana.post('/me/presentations');
    const terminal = await wireTerminal(shop);
    await terminal.tap(relayFor(service.urls, ROOT_KEY, ana.walletId).transceive);
    expect((await ana.get(location ?? '')).text).toContain('Which one should the till get?');
    await ana.send(`${location}/selection`, { objectId: picked });
    const second = await terminal.tap(relayFor(service.urls, ROOT_KEY, ana.walletId).transceive);
    expect(valuesOf(second)).toEqual([`value of ${picked}`]);
  });

  test('says when the till has the card', async () => {
    const ana = await phone();
    const { path } = await presented(ana);
    await service.sql(`update presentations set status = 'transferred' where wallet_id = $1`, [
      ana.walletId,
    ]);
    expect((await ana.get(path)).text).toContain('✓ Handed over');
  });

  test('offers a choice where several cards fit, and takes the one that is picked', async () => {
    const ana = await phone();
    const classId = await world.passClass(shop, { programName: 'Twice' });
    const one = await world.pass(shop, classId, ana.walletId, { accountId: 'first' });
    const two = await world.pass(shop, classId, ana.walletId, { accountId: 'second' });
    const { location } = await ana.post('/me/presentations');
    const choices = [one, two].map((objectId) => ({ objectId, classId }));
    await service.sql(
      `update presentations set status = 'choose', choices = $2::jsonb where wallet_id = $1`,
      [ana.walletId, JSON.stringify(choices)],
    );
    const offered = await ana.get(location ?? '');
    expect(offered.text).toMatch(/Which one .* No\. first .* No\. second/);
    const picked = await ana.send(`${location}/selection`, { objectId: two });
    expect(picked.text).toContain('Hold your phone');
    expect(
      await service.sql('select screen, object_id from presentations where wallet_id = $1', [
        ana.walletId,
      ]),
    ).toEqual([{ screen: 'pass', object_id: two }]);
  });
});
