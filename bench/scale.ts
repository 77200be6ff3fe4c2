import { issueCoupons, makeWallets, redemptionsOf } from './coupons.ts';
import type { Figure } from './figures.ts';
import { run } from './load.ts';
import { measure } from './measure.ts';
import { COUPONS } from './redemptions.ts';
import type { Stage } from './stage.ts';

const FEW = 10_000;
const MANY = 1_000_000;
/** A calm rate: what is asked is the time of one redemption, and not how many there may be. */
const A_SECOND = 100;
const SECONDS = 30;
const EACH = A_SECOND * SECONDS;

/** Redemptions among ever more coupons and members: their time shall not grow with them. */
export async function benchScale(stage: Stage, wallets: number): Promise<Figure[]> {
  const small = `redemptions at ${A_SECOND}/s among ${words(FEW)} coupons and members`;
  await issueCoupons(stage, { first: COUPONS, end: COUPONS + FEW }, wallets);
  const among = await redeem(stage, small, COUPONS);
  await grow(stage, wallets);
  const large = `redemptions at ${A_SECOND}/s among ${words(MANY)} coupons and members`;
  const against = { name: small, by: 'p99', goal: 'p99 within 20 %' } as const;
  return [among, await redeem(stage, large, COUPONS + FEW, against)];
}

function redeem(
  stage: Stage,
  name: string,
  first: number,
  against?: Figure['against'],
): Promise<Figure> {
  const next = redemptionsOf({ first, end: first + EACH });
  return measure(stage, name, 'service', against, () =>
    run({ port: stage.servicePort, callers: 32, next, rate: A_SECOND }),
  );
}

/** In steps, because one statement over a million rows says nothing for minutes. */
async function grow(stage: Stage, wallets: number): Promise<void> {
  const step = 100_000;
  for (let made = 0; made < MANY; made += step) {
    const begun = wallets + made;
    await makeWallets(stage, { first: begun, end: begun + step });
    const first = COUPONS + FEW + made;
    await issueCoupons(stage, { first, end: first + step }, begun + step);
    process.stderr.write(`${words(made + step)} coupons and members\n`);
  }
  // What the filling has left to be written is no part of a redemption's time.
  await stage.sql.query('vacuum analyze');
  await stage.sql.query('checkpoint');
}

function words(count: number): string {
  return count.toLocaleString('en');
}
