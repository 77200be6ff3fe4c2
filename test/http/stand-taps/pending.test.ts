import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestService, type TestService } from '../../support/service.ts';
import { membersPhone, openStand, visitorEventsAt } from '../../support/stand-phones.ts';
import { World } from '../../support/world.ts';

let service: TestService;

beforeAll(async () => {
  service = await startTestService({ workers: false });
});
afterAll(() => service.stop());

test('a claim that no worker has decided yet is told as such, and asked for no second time', async () => {
  const world = new World(service);
  const stage = await openStand(world);
  const classId = await world.couponClass(stage.merchant, { issueType: 'tap_claim' });
  const phone = await membersPhone(service);
  const session = await phone.session(stage.stand);
  const told = await Promise.all([phone.claim(session, classId), phone.claim(session, classId)]);
  expect(told).toEqual(['pending', 'pending']);
  const page = await phone.get(`${session}?told=pending`);
  expect(page.text).toContain('Your claim is being decided.');
  expect(page.text).toContain('Look again');
  expect(page.text).not.toContain('data-claim');
  const claims = await service.sql('select status from claims where class_id = $1', [classId]);
  expect(claims).toEqual([{ status: 'pending' }]);
  const kinds = (await visitorEventsAt(service, stage)).map(({ kind }) => kind);
  expect(kinds).toEqual(['tap']);
});
