import { randomUUID } from 'node:crypto';
import { type CryptoKey, SignJWT } from 'jose';

export interface Answer {
  readonly status: number;
  /** The parsed body; problems have their `code`. */
  readonly body: Body;
  /** The outcome in one word: the status of success, or the problem's code. */
  readonly outcome: string;
}

interface Named {
  readonly objectId: string;
  readonly classId: string;
}

/** All that the story reads of answers; each answer has some of these fields. */
export interface Body {
  readonly id: string;
  readonly key: string;
  readonly url: string;
  readonly bytes: number;
  readonly token: string;
  readonly code?: string;
  readonly detail: string;
  readonly error?: { readonly message: string };
  readonly outcome: string;
  readonly collectorKey: string;
  readonly passes: readonly (Named & { readonly redemptionValue: string; readonly step: string })[];
  readonly choices: readonly Named[];
  readonly items: readonly {
    readonly id: string;
    readonly issuerId: string;
    readonly code: string;
  }[];
  readonly coupon: { readonly code: string };
  readonly clone: { readonly couponId: string } | null;
  readonly payableMinor: number;
  readonly stats: {
    readonly claimed: number;
    readonly redeemed: number;
    readonly cloned: number;
    readonly orderTotalMinor: number;
  };
}

export type Call = (method: string, path: string, body?: unknown) => Promise<Answer>;

/** A caller of the HTTP face with one bearer key. */
export function caller(origin: string, key: string | null): Call {
  return async (method, path, body) => {
    const response = await fetch(origin + path, {
      method,
      headers: {
        ...(key !== null && { Authorization: `Bearer ${key}` }),
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...(method !== 'GET' && key !== null && { 'Idempotency-Key': randomUUID() }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const parsed = JSON.parse(text || '{}') as Body;
    const failure = parsed.code ?? parsed.error?.message ?? 'failed';
    const outcome = response.ok ? String(response.status) : failure;
    return { status: response.status, body: parsed, outcome };
  };
}

/** A terminal: its collector ID, key version and private key are all its set-up. */
export interface Terminal {
  readonly collectorId: string;
  readonly keyVersion: number;
  readonly privateKey: CryptoKey;
}

/** Taps a phone: signs what the phone handed over and sends it. */
export async function tap(
  service: { readonly url: string; readonly origin: string },
  terminal: Terminal,
  presentation: string,
): Promise<Answer> {
  const payload = await new SignJWT({ presentation })
    .setProtectedHeader({
      alg: 'ES256',
      kid: `${terminal.collectorId}.${terminal.keyVersion}`,
      typ: 'tap+jwt',
    })
    .setJti(randomUUID())
    .setIssuedAt()
    .setAudience(service.origin)
    .sign(terminal.privateKey);
  return caller(service.url, null)('POST', '/v1/taps', { payload });
}
