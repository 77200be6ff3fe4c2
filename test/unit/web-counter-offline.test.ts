import { describe, expect, test } from 'vitest';
import {
  done,
  memoryShelf,
  newTill,
  offer,
  refused,
  tapBy,
  UNREACHABLE,
} from '../support/till-desk.ts';

describe('undo', () => {
  test('reverses the last redemption and brings bill and member back', async () => {
    const { desk, cash, heard, amount, api } = newTill();
    await heard(tapBy('Bo'));
    await amount(8600);
    await cash.redeem();
    expect(desk.state.undo?.kind).toBe('redemption');
    await cash.undo();
    expect(api.reverse).toHaveBeenCalledWith('red_1');
    expect(desk.state.bill).toEqual({ id: 'bill-0', totalMinor: 8600 });
    expect(desk.state.visitor?.tap.name?.name).toBe('Bo');
    expect(desk.state.lastBill).toBeNull();
  });

  test('loses nobody who came meanwhile', async () => {
    const { desk, cash, heard, amount } = newTill();
    await heard(tapBy('Bo'));
    await amount(8600);
    await cash.redeem();
    await heard(tapBy('An'));
    await amount(4200);
    await cash.undo();
    expect(desk.state.visitor?.tap.name?.name).toBe('Bo');
    expect(desk.state.held.map(({ bill }) => bill.totalMinor)).toEqual([4200]);
  });

  test('is refused without the line, with the reason', async () => {
    const { desk, cash, heard, amount, api } = newTill();
    await heard(tapBy('Bo'));
    await amount(8600);
    await cash.redeem();
    desk.dispatch({ type: 'line', status: { kind: 'lost', since: 0, retryAt: null } });
    await cash.undo();
    expect(desk.state.notice).toEqual({ kind: 'undo-needs-line' });
    expect(api.reverse).not.toHaveBeenCalled();
  });

  test('is over when its time is', async () => {
    const { desk, cash, heard, amount, api } = newTill();
    await heard(tapBy('Bo'));
    await amount(8600);
    await cash.redeem();
    desk.dispatch({ type: 'undo-over' });
    await cash.undo();
    expect(api.reverse).not.toHaveBeenCalled();
  });
});

describe('without the line', () => {
  const LOST = { type: 'line', status: { kind: 'lost', since: 0, retryAt: null } } as const;

  test('a coupon that was checked is redeemed, kept over a reload, and uploaded once', async () => {
    const shelf = memoryShelf();
    const { desk, cash, heard, amount, api } = newTill(shelf);
    await heard(tapBy('Bo'));
    await amount(8600);
    api.redeem.mockResolvedValue(UNREACHABLE);
    desk.dispatch(LOST);
    await cash.redeem();
    expect(desk.state.queue).toHaveLength(1);
    expect(desk.state.notice).toMatchObject({ kind: 'queued', payableMinor: 8100 });
    expect(desk.state.bill.totalMinor).toBeNull();

    const reloaded = newTill(shelf);
    expect(reloaded.desk.state.queue).toHaveLength(1);
    await reloaded.cash.upload();
    await reloaded.cash.upload();
    expect(reloaded.api.redeem).toHaveBeenCalledTimes(1);
    expect(reloaded.api.redeem.mock.calls[0]?.[1]).toBe(desk.state.queue[0]?.key);
    expect(reloaded.desk.state.queue).toEqual([]);
  });

  test('an answer that never came is asked for again under the same key', async () => {
    const { desk, cash, heard, amount, api, settled } = newTill();
    await heard(tapBy('Bo'));
    await amount(8600);
    api.redeem.mockResolvedValue(UNREACHABLE);
    await cash.redeem();
    await settled();
    api.redeem.mockResolvedValue(done({ id: 'red_1', discountMinor: 500, payableMinor: 8100 }));
    await cash.upload();
    const keys = new Set(api.redeem.mock.calls.map(([, key]) => key));
    expect(keys.size).toBe(1);
    expect(desk.state.queue).toEqual([]);
  });

  test('a coupon that was not checked for this amount is not redeemed', async () => {
    const { desk, cash, heard, amount, api } = newTill();
    await heard(tapBy('Bo'));
    await amount(8600);
    desk.dispatch(LOST);
    api.offers.mockResolvedValue(UNREACHABLE);
    await amount(9900);
    await cash.redeem();
    expect(desk.state.notice).toEqual({ kind: 'not-validated' });
    expect(desk.state.queue).toEqual([]);
  });

  test('a coupon that waits to be uploaded is not offered again', async () => {
    const { desk, cash, heard, amount, api } = newTill();
    const tap = tapBy('Bo');
    await heard(tap);
    await amount(8600);
    api.redeem.mockResolvedValue(UNREACHABLE);
    api.offers.mockResolvedValue(UNREACHABLE);
    desk.dispatch(LOST);
    await cash.redeem();
    desk.dispatch({ type: 'switch', key: tap.tapId ?? '' });
    await amount(8600);
    expect(desk.state.offers?.list.map(({ couponId }) => couponId)).toEqual(['b']);
  });

  test('a refusal on upload is shown for decision and holds up nothing', async () => {
    const { desk, cash, heard, amount, api, settled } = newTill();
    api.redeem.mockResolvedValue(UNREACHABLE);
    for (const who of ['Bo', 'An']) {
      await heard(tapBy(who));
      api.offers.mockResolvedValue(done([offer(who, 500, true)]));
      await amount(8600);
      await cash.redeem();
    }
    await settled();
    api.redeem.mockResolvedValueOnce(refused('coupon-already-redeemed'));
    api.redeem.mockResolvedValue(done({ id: 'red_2', discountMinor: 500, payableMinor: 8100 }));
    await cash.upload();
    expect(desk.state.queue.map(({ conflict }) => conflict?.code)).toEqual([
      'coupon-already-redeemed',
    ]);
    expect(desk.state.notice).toEqual({ kind: 'conflict' });
    cash.settle(desk.state.queue[0]?.key ?? '');
    expect(desk.state.queue).toEqual([]);
  });

  test('no more wait than the till may keep', async () => {
    const { desk, cash, heard, amount, api, queue } = newTill();
    api.redeem.mockResolvedValue(UNREACHABLE);
    for (let bills = 0; bills < 21; bills++) {
      api.offers.mockResolvedValue(done([offer(`c${bills}`, 500, true)]));
      await heard(tapBy(`member ${bills}`));
      await amount(8600);
      await cash.redeem();
    }
    expect(queue.items()).toHaveLength(20);
    expect(desk.state.notice).toEqual({ kind: 'queue-full' });
    expect(desk.state.bill.totalMinor).toBe(8600);
  });
});
