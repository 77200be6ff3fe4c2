import { type CryptoKey, exportPKCS8, exportSPKI, generateKeyPair } from 'jose';
import { type Call, caller, type Terminal } from './client.ts';

/** The coffee merchants of the source documents (ST-21 to ST-25). */
const MERCHANTS = [
  { id: '123', name: 'ILuvCoffee', collectorId: '11111111', hasKey: true },
  { id: '456', name: 'Coffee-Foo', collectorId: '44444444', hasKey: true },
  { id: '789', name: 'Mocha-R-U', collectorId: '77777777', hasKey: false },
] as const;

const CLASSES = [
  { id: '123.r-basic', programName: 'R-Basic', redemptionIssuers: ['456', '789'] },
  { id: '123.r-gold', programName: 'R-Gold', redemptionIssuers: [] },
  { id: '456.my-rewards', programName: 'My Rewards', redemptionIssuers: ['456'] },
  { id: '456.regulars', programName: 'Foo Regulars', redemptionIssuers: ['456'] },
] as const;

export interface Merchant {
  readonly id: string;
  readonly name: string;
  readonly collectorId: string;
  readonly apiKey: string;
  readonly call: Call;
  readonly terminal: Terminal;
  /** The terminal's private key, PKCS #8 PEM. */
  readonly privateKeyPem: string;
}

export type Merchants = Readonly<Record<'iLuvCoffee' | 'coffeeFoo' | 'mochaRU', Merchant>>;

/** Loads the merchants; over data of an earlier demo their keys are made anew. */
export async function loadMerchants(url: string, root: Call): Promise<Merchants> {
  const [iLuvCoffee, coffeeFoo, mochaRU] = await Promise.all(
    MERCHANTS.map((merchant) => loadMerchant(url, root, merchant)),
  );
  if (!iLuvCoffee || !coffeeFoo || !mochaRU) throw new Error('a merchant is missing');
  for (const passClass of CLASSES) await loadClass(root, passClass);
  return { iLuvCoffee, coffeeFoo, mochaRU };
}

async function loadMerchant(
  url: string,
  root: Call,
  { id, name, collectorId, hasKey }: (typeof MERCHANTS)[number],
): Promise<Merchant> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const inserted = await root('POST', '/walletobjects/v1/issuer', {
    issuerId: id,
    name,
    smartTapMerchantData: { smartTapMerchantId: collectorId },
  });
  if (inserted.status !== 200 && inserted.status !== 409) throw failed('insert issuer', inserted);
  const authenticationKeys = hasKey ? [{ id: 1, publicKeyPem: await exportSPKI(publicKey) }] : [];
  const patched = await root('PATCH', `/walletobjects/v1/issuer/${id}`, {
    smartTapMerchantData: { authenticationKeys },
  });
  if (patched.status !== 200) throw failed('set keys', patched);
  const apiKey = await newApiKey(root, id);
  return {
    id,
    name,
    collectorId,
    apiKey,
    call: caller(url, apiKey),
    terminal: { collectorId, keyVersion: 1, privateKey: privateKey as CryptoKey },
    privateKeyPem: await exportPKCS8(privateKey),
  };
}

/** One live key a demo merchant: those of an earlier run are revoked. */
async function newApiKey(root: Call, issuerId: string): Promise<string> {
  const { body } = await root('GET', '/v1/api-keys?limit=200');
  for (const key of body.items) {
    if (key.issuerId === issuerId) await root('DELETE', `/v1/api-keys/${key.id}`);
  }
  const made = await root('POST', '/v1/api-keys', { issuerId, scopes: ['*'], mode: 'test' });
  if (made.status !== 201) throw failed('make API key', made);
  return made.body.key;
}

async function loadClass(
  root: Call,
  { id, programName, redemptionIssuers }: (typeof CLASSES)[number],
) {
  const [issuerId] = id.split('.');
  const made = await root('POST', '/walletobjects/v1/loyaltyClass', {
    id,
    issuerName: MERCHANTS.find((merchant) => merchant.id === issuerId)?.name,
    programName,
    programLogo: { sourceUri: { uri: 'https://example.com/logo.png' } },
    reviewStatus: 'UNDER_REVIEW',
    enableSmartTap: true,
    redemptionIssuers,
    multipleDevicesAndHoldersAllowedStatus: 'ONE_USER_ALL_DEVICES',
  });
  if (made.status !== 200 && made.status !== 409) throw failed(`insert ${id}`, made);
}

function failed(what: string, answer: { status: number; body: unknown }): Error {
  return new Error(`${what}: ${answer.status} ${JSON.stringify(answer.body)}`);
}
