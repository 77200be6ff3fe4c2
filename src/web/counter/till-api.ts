import type {
  CounterEvent,
  DisplayRequest,
  LookupAnswer,
  Offer,
  PreflightCheck,
  RecentTaps,
  TillFace,
  Visitor,
} from '../../counter/model.ts';
import type { Locale } from '../../problems/model.ts';
import type { Problem, RedemptionRequest } from './till-model.ts';

export type Answered<Value> =
  | { readonly kind: 'done'; readonly value: Value }
  | { readonly kind: 'refused'; readonly problem: Problem }
  /** The till's cookie is good no more. */
  | { readonly kind: 'unpaired' }
  /** No answer, or none that says what became of it: to be asked again under the same key. */
  | { readonly kind: 'unreachable' };

const PATIENCE_MS = 6_000;

/** What the till asks of the service. Tests put their own in its place. */
export interface TillApi {
  me(): Promise<Answered<TillFace>>;
  listen(on: boolean): Promise<Answered<unknown>>;
  preflight(): Promise<Answered<readonly PreflightCheck[]>>;
  visitor(tapId: string): Promise<Answered<Visitor>>;
  offers(walletId: string, order: RedemptionRequest['order']): Promise<Answered<readonly Offer[]>>;
  lookup(query: string): Promise<Answered<LookupAnswer>>;
  taps(limit: number): Promise<Answered<readonly CounterEvent[]>>;
  redeem(request: RedemptionRequest, key: string): Promise<Answered<Redeemed>>;
  reverse(redemptionId: string): Promise<Answered<unknown>>;
  display(state: DisplayRequest): Promise<Answered<unknown>>;
}

export interface Redeemed {
  readonly id: string;
  readonly discountMinor: number;
  readonly payableMinor: number;
}

/** Calls with the till's cookie, which no script sees. */
export function fetchTillApi(terminalId: string, language: () => Locale): TillApi {
  const at = `/v1/terminals/${encodeURIComponent(terminalId)}`;
  const call = <Value>(method: string, path: string, body?: unknown, key?: string) =>
    request<Value>(path, {
      method,
      headers: {
        'Accept-Language': language(),
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...(key !== undefined && { 'Idempotency-Key': key }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  return {
    me: () => call('GET', '/v1/tills/me'),
    listen: (on) => call('PUT', `${at}/listening`, { on }),
    preflight: async () =>
      mapped(
        await call<{ checks: readonly PreflightCheck[] }>('GET', `${at}/preflight`),
        ({ checks }) => checks,
      ),
    visitor: (tapId) => call('GET', `${at}/visitors/${encodeURIComponent(tapId)}`),
    offers: async (walletId, order) =>
      mapped(
        await call<{ offers: readonly Offer[] }>('POST', `${at}/offers`, { walletId, order }),
        ({ offers }) => offers,
      ),
    lookup: (query) => call('POST', `${at}/lookup`, { query }),
    taps: async (limit) =>
      mapped(await call<RecentTaps>('GET', `${at}/taps?limit=${limit}`), ({ items }) => items),
    redeem: (redemption, key) => call('POST', '/v1/redemptions', redemption, key),
    reverse: (id) => call('POST', `/v1/redemptions/${id}/reversal`, {}, `undo ${id}`),
    display: (state) => call('POST', `${at}/display`, state),
  };
}

async function request<Value>(path: string, init: RequestInit): Promise<Answered<Value>> {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
  try {
    const response = await fetch(path, { ...init, signal: patience.signal });
    if (response.status === 401) return { kind: 'unpaired' };
    if (response.status >= 500 || response.status === 429) return { kind: 'unreachable' };
    const body: unknown = response.status === 204 ? null : await response.json();
    if (response.ok) return { kind: 'done', value: body as Value };
    const { code, title, detail } = body as Problem;
    return { kind: 'refused', problem: { code, title, detail } };
  } catch {
    return { kind: 'unreachable' };
  } finally {
    clearTimeout(timer);
  }
}

function mapped<From, To>(answered: Answered<From>, change: (from: From) => To): Answered<To> {
  return answered.kind === 'done' ? { kind: 'done', value: change(answered.value) } : answered;
}
