import type { Scope } from '../../src/access/model.ts';

/** A request that its owner may make, about things that are all the owner's. */
export interface OwnedRequest {
  readonly operationId: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: Readonly<Record<string, unknown>>;
  /** The body may be left out. */
  readonly bodyOptional?: true;
  /** What a key needs to make it. */
  readonly scope: Scope;
  /** What a stranger is told; null where the request names nothing of the owner's. */
  readonly toStrangers: 'not-found' | 'collector-not-found' | 'wallet-not-found' | null;
}

export function read(
  operationId: string,
  path: string,
  scope: Scope,
  toStrangers: OwnedRequest['toStrangers'] = 'not-found',
): OwnedRequest {
  return { operationId, method: 'GET', path, scope, toStrangers };
}

export function write(
  operationId: string,
  path: string,
  body: Readonly<Record<string, unknown>>,
  scope: Scope,
  toStrangers: OwnedRequest['toStrangers'] = 'not-found',
): OwnedRequest {
  return { operationId, method: 'POST', path, body, scope, toStrangers };
}
