import { newId } from '../../src/platform/ids.ts';
import type { Ask } from '../support/invariants.ts';
import { type MortalPostgres, startMortalPostgres } from '../support/mortal-postgres.ts';
import { runOn } from '../support/postgres.ts';
import { ROOT_KEY } from '../support/service.ts';
import { clientOf } from '../support/service-client.ts';
import { type ServiceProcess, startServiceProcess } from '../support/service-process.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { type Merchant, World } from '../support/world.ts';

/** A service and its PostgreSQL, which both may die, and the line between them. */
export interface MortalStage {
  readonly postgres: MortalPostgres;
  readonly proxy: TcpProxy;
  readonly shop: Merchant;
  readonly wallets: readonly string[];
  /** Where the service is now. */
  readonly url: () => string;
  /** Asks the database itself, past the proxy. */
  readonly sql: Ask;
  startDatabase(): Promise<void>;
  startService(): Promise<void>;
  killService(): Promise<void>;
  /** Coupon classes that do not run out, whose coupons come back as clones. */
  couponClasses(count: number): Promise<string[]>;
  close(): Promise<void>;
}

const WALLETS = 500;

export async function openMortalStage(): Promise<MortalStage> {
  const postgres = await startMortalPostgres();
  const proxy = await startTcpProxy(postgres.url);
  const env = { DATABASE_URL: proxy.url, TAPLINE_ROOT_KEY: ROOT_KEY };
  let service: ServiceProcess = await startServiceProcess(env);
  const as = (key: string | null) => clientOf(service.url, key);
  const world = new World({ root: as(ROOT_KEY), as });
  const shop = await world.merchant();
  const wallets = Array.from({ length: WALLETS }, () => newId('wal'));
  await runOn(
    postgres.url,
    `insert into wallets (id, pairwise_secret) select id, 's' from unnest($1::text[]) as id`,
    [wallets],
  );
  const boundless = { stock: 1_000_000, perMemberLimit: 100_000, cloneOnRedeem: { maxClones: 3 } };
  return {
    postgres,
    proxy,
    shop,
    wallets,
    url: () => service.url,
    sql: (statement) => runOn(postgres.url, statement),
    startDatabase: async () => {
      await postgres.startAgain();
      proxy.leadTo(postgres.url);
    },
    startService: async () => {
      service = await startServiceProcess(env);
    },
    killService: () => service.kill(),
    couponClasses: (count) =>
      Promise.all(
        Array.from({ length: count }, async () => {
          const body = world.couponClassBody(shop, boundless);
          await as(shop.apiKey).post('/v1/coupon-classes', body);
          return body.id;
        }),
      ),
    close: async () => {
      await service.stop();
      await proxy.close();
      await postgres.close();
    },
  };
}
