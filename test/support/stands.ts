import type { TestService } from './service.ts';
import { SigningTag, type TagSecrets } from './tag.ts';
import { expectStatus, type Fields, type Merchant } from './world.ts';

/** A stand as the service shows it. */
export interface ShownStand {
  readonly id: string;
  readonly issuerId: string;
  readonly code: string;
  readonly terminalId: string | null;
  readonly name: string;
  readonly tag: string;
  readonly state: string;
  readonly serial: string | null;
  readonly writtenAt: string | null;
  readonly verifiedAt: string | null;
}

/** A till of a merchant, with its store. */
export async function openTill(
  { client, issuerId }: Merchant,
  id = 'till-1',
): Promise<{ readonly storeId: string; readonly terminalId: string }> {
  const storeId = 'main';
  const store = await client.post('/v1/stores', { id: storeId, issuerId, name: 'Main' });
  if (store.status !== 409) expectStatus(store, 201);
  const terminal = { id, issuerId, storeId, name: `Counter ${id}` };
  expectStatus(await client.post('/v1/terminals', terminal), 201);
  return { storeId, terminalId: id };
}

/** A stand of a merchant with a plain tag, unless told otherwise. */
export async function newStand(
  { client, issuerId }: Merchant,
  fields: Fields = {},
): Promise<ShownStand> {
  const body = { issuerId, name: 'By the window', tag: 'static', ...fields };
  return expectStatus(await client.post<ShownStand>('/v1/stands', body), 201);
}

/** A stand at that till with a tag that signs. */
export async function signingStand(
  merchant: Merchant,
  terminalId: string,
  keys?: TagSecrets,
): Promise<{ readonly stand: ShownStand; readonly tag: SigningTag }> {
  const tag = new SigningTag(keys);
  const stand = await newStand(merchant, { terminalId, tag: 'ntag424', keys: tag.keys });
  return { stand, tag };
}

/** What the database knows of a stand's tag. */
export async function tagOf(
  service: TestService,
  standId: string,
): Promise<{ counter: number | null; uid: string | null; forgeries: number; state: string }> {
  const [row] = await service.sql<{
    counter: number | null;
    uid: string | null;
    forgeries: number;
    state: string;
  }>('select counter::int as counter, uid, forgeries, state from stands where id = $1', [standId]);
  if (row === undefined) throw new Error('no such stand');
  return row;
}
