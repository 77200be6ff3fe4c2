import type { TestService } from './service.ts';
import type { Answer, Client } from './service-client.ts';
import { type Coupon, expectStatus } from './world.ts';

export interface Transfer {
  readonly id: string;
  readonly couponId: string;
  readonly token: string;
  readonly url: string;
  readonly expiresAt: string;
}

export interface Accepted {
  readonly id: string;
  readonly coupon: Coupon;
}

export interface Offer {
  readonly id: string;
  readonly status: string;
  readonly acceptable: boolean;
  readonly refusal: string | null;
  readonly expiresAt: string;
  readonly coupon: Readonly<Record<string, unknown>>;
}

export function give(client: Client, couponId: string, body?: unknown): Promise<Answer<Transfer>> {
  return client.post<Transfer>(`/v1/coupons/${couponId}/transfer`, body);
}

export function accept(client: Client, token: string, walletId: string): Promise<Answer<Accepted>> {
  return client.post<Accepted>(`/v1/transfers/${token}/acceptance`, { walletId });
}

/** An open link of a coupon. */
export async function opened(client: Client, couponId: string): Promise<Transfer> {
  return expectStatus(await give(client, couponId), 201);
}

/** A fingerprint of what a refusal leaves as it was; of the audit a worker goes on to make more. */
export async function inHands({ everything }: Pick<TestService, 'everything'>) {
  const { coupons, coupon_classes, transfers, redemptions, wallets } = await everything();
  return { coupons, coupon_classes, transfers, redemptions, wallets };
}

/** Ends a coupon's time, and writes it down before the sweep does. */
export async function expire({ sql }: Pick<TestService, 'sql'>, couponId: string): Promise<void> {
  await sql(`update coupons set status = 'expired', expires_at = clock_timestamp() where id = $1`, [
    couponId,
  ]);
}

/** Lets a till hold a coupon for an order until some seconds from now, straight into the tables. */
export async function hold(
  { sql }: Pick<TestService, 'sql'>,
  couponId: string,
  seconds: number,
): Promise<void> {
  await sql(
    `insert into redemptions (id, coupon_id, class_id, issuer_id, redemption_issuer_id,
       collector_id, "order", order_total_minor, discount_minor, payable_minor, state, held_until)
     select 'red_held_' || id, id, class_id, issuer_id, issuer_id, '1',
            '{"id":"o","currency":"CNY","totalMinor":100}', 100, 0, 100, 'held',
            clock_timestamp() + make_interval(secs => $2)
       from coupons where id = $1`,
    [couponId, seconds],
  );
}
