import { afterAll, beforeAll, expect, test } from 'vitest';
import { joinedMember, type TestMember } from '../../support/counter.ts';
import { openLine } from '../../support/live-line.ts';
import { startTestService, type TestService } from '../../support/service.ts';
import { type PairedTill, pairedTill, put } from '../../support/tills.ts';
import { expectStatus, type Merchant, signedTap, World } from '../../support/world.ts';

let service: TestService;
let world: World;
let shop: Merchant;
let till: PairedTill;
let member: TestMember;

beforeAll(async () => {
  service = await startTestService();
  world = new World(service);
  shop = await world.merchant();
  await world.store(shop, 'harbour');
  till = await pairedTill(service, shop, 'till-harbour');
  member = await joinedMember(service, world, shop, { name: 'Ana', number: 7 });
  await world.pass(shop, await world.passClass(shop), member.walletId);
});
afterAll(() => service?.stop());

const listening = (on: boolean) => put(till.client, '/v1/terminals/till-harbour/listening', { on });

/** Taps what the member's phone presents; gives the tap's id. */
async function taps(screen?: Readonly<Record<string, unknown>>, headers = {}) {
  const { token } = await world.present(member.walletId, screen);
  const payload = await signedTap(shop.terminal, token, { terminal: 'till-harbour' });
  const send = () => service.nobody.post<{ id: string }>('/v1/taps', { payload }, headers);
  return { send, id: expectStatus(await send(), 200).id };
}

async function pass(): Promise<{ screen: string; objectId: string }> {
  const [row] = await service.sql<{ object_id: string }>(
    'select object_id from wallet_passes where wallet_id = $1 order by object_id limit 1',
    [member.walletId],
  );
  return { screen: 'pass', objectId: row?.object_id ?? '' };
}

test('a listening till hears of a signed tap that handed something over, once', async () => {
  await listening(true);
  const line = await openLine(service.urls[0] ?? '', 'till-harbour', {
    headers: { cookie: till.cookie },
  });
  const { send, id } = await taps(await pass());
  expect((await send()).status).toBe(409);
  const once = await taps(await pass(), { 'Idempotency-Key': 'tap-1' });
  expect((await once.send()).status).toBe(200);
  await line.until(() => line.events().length >= 2);
  const told = line.events().map(({ kind, proof, tapId, visitor }) => ({
    kind,
    proof,
    tapId,
    name: visitor?.name,
  }));
  const heard = { kind: 'tap', proof: 'signed', name: 'Ana' };
  expect(told).toEqual([
    { ...heard, tapId: id },
    { ...heard, tapId: once.id },
  ]);
  line.close();
});

test('it hears nothing when it does not listen, and nothing of a choice', async () => {
  const events = () => service.sql<{ n: number }>('select count(*)::int as n from terminal_events');
  const [before] = await events();
  await taps();
  await listening(false);
  await taps(await pass());
  expect(await events()).toEqual([before]);
});
