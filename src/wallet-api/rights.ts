import { type Caller, mayActFor } from '../access/model.ts';
import { int64Id } from '../http/schemas.ts';
import { issuerOf, RESOURCE_ID } from '../passes/model.ts';
import { fault, WalletApiError } from './envelope.ts';

/**
 * The id of a class or object that the caller may act on.
 * @throws WalletApiError 400 when it is no such id, 403 when its issuer is not the caller's
 */
export function ownResourceId(caller: Caller, id: unknown): string {
  if (typeof id !== 'string' || !RESOURCE_ID.test(id) || !isInt64(issuerOf(id)))
    throw invalidId(id);
  ownIssuerId(caller, issuerOf(id));
  return id;
}

/** The id of an issuer that the caller may act for. */
export function ownIssuerId(caller: Caller, id: string): string {
  if (!isInt64(id)) throw invalidId(id);
  if (!mayActFor(caller, id)) throw permissionDenied();
  return id;
}

function isInt64(id: string): boolean {
  return int64Id.safeParse(id).success;
}

export function permissionDenied(): WalletApiError {
  return new WalletApiError(fault(403, 'forbidden', 'Permission denied'));
}

function invalidId(id: unknown): WalletApiError {
  return new WalletApiError(fault(400, 'invalid', `Invalid resource ID: ${String(id)}`));
}
