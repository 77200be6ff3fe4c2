import type { StatedIds } from '../issuers/insert.ts';
import type { Issuer, IssuerDraft, IssuerKey } from '../issuers/model.ts';
import { parsePublicKeyPem, publicKeyPem } from '../issuers/public-key.ts';
import { fault, WalletApiError } from './envelope.ts';
import { KEY_FLAWS } from './refusals.ts';
import { requireFields } from './required.ts';
import type { Result, Shown } from './resource.ts';

interface AuthenticationKey {
  readonly id?: number;
  readonly publicKeyPem?: string;
}

interface SmartTapMerchantData {
  readonly smartTapMerchantId?: string;
  readonly authenticationKeys?: readonly AuthenticationKey[];
}

export function shownIssuer({ id, name, collectorId, body, keys }: Issuer): Shown {
  const authenticationKeys = keys.map(({ version, spki }) => ({
    id: version,
    publicKeyPem: publicKeyPem(spki),
  }));
  const smartTapMerchantData = { smartTapMerchantId: collectorId, authenticationKeys };
  return {
    issuerId: id,
    name,
    ...body,
    ...(collectorId !== null && { smartTapMerchantData }),
  };
}

export function issuerResult(issuer: Issuer | null, id: string): Result {
  if (issuer === null) return { ok: false, refusal: 'issuer-not-found', subject: id };
  return { ok: true, value: shownIssuer(issuer) };
}

/** @throws WalletApiError 400 when the name is missing or a key is not one to register */
export function issuerDraft(resource: Shown): IssuerDraft {
  const { issuerId: _, name, smartTapMerchantData, ...body } = resource;
  requireFields('Issuer', ['name'], resource);
  const keys = smartTapMerchantData === undefined ? null : keysOf(merchantData(resource));
  return { name: String(name), body, keys };
}

/** The ids that an import brings with it. */
export function statedIds(resource: Shown): StatedIds {
  const { smartTapMerchantId } = merchantData(resource);
  return {
    issuerId: typeof resource.issuerId === 'string' ? resource.issuerId : null,
    collectorId: smartTapMerchantId ?? null,
  };
}

function merchantData({ smartTapMerchantData }: Shown): SmartTapMerchantData {
  return (smartTapMerchantData ?? {}) as SmartTapMerchantData;
}

function keysOf({ authenticationKeys = [] }: SmartTapMerchantData): IssuerKey[] {
  const keys = authenticationKeys.map(keyOf);
  const versions = new Set<number>();
  for (const [index, { version }] of keys.entries()) {
    if (versions.has(version)) throw keyError(index, `id ${version} comes twice`);
    versions.add(version);
  }
  return keys;
}

function keyOf({ id, publicKeyPem: pem }: AuthenticationKey, index: number): IssuerKey {
  if (id === undefined || id < 0) throw keyError(index, 'id must be the key version, 0 or more');
  if (pem === undefined) throw keyError(index, 'publicKeyPem must be set');
  const parsed = parsePublicKeyPem(pem);
  if (!parsed.ok) throw keyError(index, KEY_FLAWS[parsed.reason]);
  return { version: id, spki: parsed.spki };
}

function keyError(index: number, message: string): WalletApiError {
  const place = `smartTapMerchantData.authenticationKeys[${index}]`;
  return new WalletApiError(fault(400, 'invalid', `Invalid value at '${place}': ${message}`));
}
