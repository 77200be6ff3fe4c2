import { type OwnedRequest, read, write } from './owned-request.ts';
import { expectStatus, type Merchant, type World } from './world.ts';

/** What a key asks of a terminal at a counter. */
export async function counterRequests(
  world: World,
  owner: Merchant,
  { walletId }: { readonly walletId: string },
): Promise<OwnedRequest[]> {
  await world.store(owner, 'counter');
  const terminal = '/v1/terminals/till-counter';
  const store = '/v1/stores/counter';
  const [writing, reading] = ['terminals:write', 'terminals:read'] as const;
  const order = { id: 'bill-1', currency: 'CNY', totalMinor: 4800 };
  expectStatus(await owner.client.post(`${terminal}/pairing-codes`), 201);
  return [
    read('getStore', store, reading),
    { ...write('changeStore', store, { name: 'New' }, writing), method: 'PATCH' },
    read('getTerminal', terminal, reading),
    { ...write('changeTerminal', terminal, { storeId: 'counter' }, writing), method: 'PATCH' },
    { ...read('createPairingCode', `${terminal}/pairing-codes`, writing), method: 'POST' },
    read('listTills', `${terminal}/tills`, reading),
    read('getPreflight', `${terminal}/preflight`, reading),
    read('getRecentTaps', `${terminal}/taps`, reading),
    write('rankOffers', `${terminal}/offers`, { walletId, order }, reading),
    write('lookUp', `${terminal}/lookup`, { query: '11' }, reading),
  ];
}
