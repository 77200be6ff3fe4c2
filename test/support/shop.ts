import { afterAll, expect } from 'vitest';
import { startTestService, type TestService, type TestServiceOptions } from './service.ts';
import { World } from './world.ts';

/** A service with a merchant, until the tests of the file have run that opens it at its top. */
export async function openShop(options?: TestServiceOptions) {
  const service = await startTestService(options);
  afterAll(() => service.stop());
  const world = new World(service);
  return { service, world, shop: await world.merchant() };
}

/** Waits until the workers owe nothing any more. */
export async function nothingOwed({ sql }: Pick<TestService, 'sql'>): Promise<void> {
  const owed = () => sql('select from outbox where done_at is null');
  await expect.poll(owed, { timeout: 20_000, interval: 50 }).toEqual([]);
}
