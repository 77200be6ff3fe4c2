import { describe, expect, test } from 'vitest';
import { told } from '../../support/service-client.ts';
import { openShop } from '../../support/shop.ts';

const { service, world, shop } = await openShop({ workers: false });
const path = `/v1/coupon-classes/${await world.couponClass(shop)}/numbers`;

describe('a query for numbers that is wrong', () => {
  test.each([
    'by=minute',
    'by=',
    'by=total&by=hour',
    'from=yesterday',
    'from=2026-11-21',
    'from=2026-11-21T00:00:00',
    'from=1999-01-01T00:00:00Z',
    'to=2300-01-01T00:00:00Z',
    'to=',
  ])('%s', async (query) => {
    expect(told(await shop.client.get(`${path}?${query}`))).toBe('422 invalid-request');
  });
});

test('a range that ends before it begins holds nothing', async () => {
  const range = 'from=2026-11-22T00:00:00Z&to=2026-11-21T00:00:00Z';
  const answer = await shop.client.get(`${path}?by=hour&${range}`);
  expect(answer).toMatchObject({ status: 200, body: { items: [], total: { claimed: 0 } } });
});

test('a class that does not exist, or is a pass class, has no numbers', async () => {
  const passClass = await world.passClass(shop);
  for (const id of [`${shop.issuerId}.gone`, passClass]) {
    const answer = await shop.client.get(`/v1/coupon-classes/${id}/numbers`);
    expect(told(answer)).toBe('404 not-found');
  }
});

test('more items than an answer holds must be asked for in parts', async () => {
  const classId = path.split('/')[3];
  await service.sql(
    `insert into coupon_numbers (class_id, hour, measure, count, order_total_minor, discount_minor)
     select $1, timestamptz '2026-01-01Z' + make_interval(hours => n), 'claimed', 1, 0, 0
       from generate_series(1, 10001) n`,
    [classId],
  );
  const answer = await shop.client.get(`${path}?by=hour`);
  expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: '/query/from' }] } });
  expect((await shop.client.get(`${path}?by=day`)).status).toBe(200);
  const part = await shop.client.get<{ items: unknown[] }>(
    `${path}?by=hour&from=2026-02-01T00:00:00Z`,
  );
  expect(part.body.items.length).toBeLessThan(10_000);
});
