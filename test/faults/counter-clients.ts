import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type History, isFinal, type Line, type Outcome } from '../support/history.ts';
import { clientOf } from '../support/service-client.ts';
import { type Claim, type Merchant, type Redeemed, redemption } from '../support/world.ts';

/** Where clients claim and redeem, and how they ask again. */
export interface Counter {
  /** The service, which may be elsewhere after a start. */
  readonly url: () => string;
  readonly shop: Merchant;
  readonly classes: readonly string[];
  readonly wallets: readonly string[];
  readonly history: History;
  /** The key under which a request is asked again; the same one, unless the client is naive. */
  readonly keyOfRetry: (key: string) => string;
}

/** Longer than a claim waits; who hears nothing for so long asks again. */
const PATIENCE_MS = 8000;
const THINKING_MS = 40;

/** Claims, redeems and reverses until it is over, and leaves nothing that it asked unanswered. */
export async function serveOneClient(
  counter: Counter,
  client: number,
  isOver: () => boolean,
): Promise<void> {
  const { shop, classes, wallets } = counter;
  const ask = (op: string, path: string, body: unknown) =>
    untilFinal(counter, client, op, path, body);
  while (!isOver()) {
    await pause(Math.random() * THINKING_MS);
    const claimPath = `/v1/coupon-classes/${pick(classes)}/claims`;
    const claimed = await ask('claim', claimPath, { walletId: pick(wallets) });
    const { coupon } = claimed as Claim;
    if (coupon === undefined || Math.random() < 0.3) continue;
    const redeemed = await ask('redeem', '/v1/redemptions', redemption(shop, coupon.code));
    if (Math.random() < 0.5) continue;
    await ask('reverse', `/v1/redemptions/${(redeemed as Redeemed).id}/reversal`, {});
  }
}

/** Asks again and again until there is an answer; gives its body. */
async function untilFinal(
  counter: Counter,
  client: number,
  op: string,
  path: string,
  body: unknown,
): Promise<unknown> {
  for (let key = randomUUID() as string; ; key = counter.keyOfRetry(key)) {
    const t0 = performance.now();
    const outcome = await askOnce(counter, path, body, key);
    const line: Line = {
      t0,
      t1: performance.now(),
      client,
      op,
      key,
      args: { path, body },
      outcome,
    };
    counter.history.note(line);
    if ('status' in outcome && isFinal(line)) return JSON.parse(outcome.text);
    await pause(50 + Math.random() * 200);
  }
}

/** One request under a key; a lost answer is told as such. */
export async function askOnce(
  { url, shop }: Pick<Counter, 'url' | 'shop'>,
  path: string,
  body: unknown,
  key: string,
): Promise<Outcome> {
  try {
    const { status, text, headers } = await clientOf(url(), shop.apiKey).send('POST', path, {
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return { status, text, replayed: headers.get('idempotent-replayed') === 'true' };
  } catch (error) {
    return { lost: String(error) };
  }
}

function pick(from: readonly string[]): string {
  return from[Math.floor(Math.random() * from.length)] ?? '';
}
