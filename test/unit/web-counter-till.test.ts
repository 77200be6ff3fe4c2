import { describe, expect, test } from 'vitest';
import {
  done,
  nameOf,
  newTill,
  offer,
  refused,
  TILL,
  tapBy,
  tooSmall,
} from '../support/till-desk.ts';

describe('a tap', () => {
  test('brings the member onto the screen with no click, and the coupons', async () => {
    const { desk, heard, api } = newTill();
    await heard(tapBy('Bo'));
    expect(desk.state.visitor?.tap.name?.name).toBe('Bo');
    expect(desk.state.offers?.state).toBe('ready');
    expect(desk.state.notice).toMatchObject({ kind: 'tapped' });
    expect(api.visitor).toHaveBeenCalledTimes(1);
  });

  test('fills in the member of a bill that was begun without one', async () => {
    const { desk, heard, amount } = newTill();
    await amount(8600);
    await heard(tapBy('Bo'));
    expect(desk.state.visitor?.tap.name?.name).toBe('Bo');
    expect(desk.state.pickedId).toBe('a');
    expect(desk.state.bill.totalMinor).toBe(8600);
  });

  test('of a second member waits beside a bill in work, until it is switched to', async () => {
    const { desk, heard, amount } = newTill();
    await heard(tapBy('Bo'));
    await amount(8600);
    const second = tapBy('An');
    await heard(second);
    expect(desk.state.visitor?.tap.name?.name).toBe('Bo');
    expect(desk.state.chips.map(({ name }) => name?.name)).toEqual(['An']);
    desk.dispatch({ type: 'switch', key: second.tapId ?? '' });
    expect(desk.state.visitor?.tap.name?.name).toBe('An');
    expect(desk.state.chips.map(({ name }) => name?.name)).toEqual(['Bo']);
    expect(desk.state.bill.totalMinor).toBe(8600);
  });

  test('of a second member takes the screen while no bill is begun', async () => {
    const { desk, heard } = newTill();
    await heard(tapBy('Bo'));
    await heard(tapBy('An'));
    expect(desk.state.visitor?.tap.name?.name).toBe('An');
    expect(desk.state.chips).toEqual([]);
    expect(desk.state.taps.map(({ name }) => name?.name)).toEqual(['An', 'Bo']);
  });

  test('that is long past is only remembered', async () => {
    const { desk, heard } = newTill();
    await heard(tapBy('Bo'), false);
    expect(desk.state.visitor).toBeNull();
    expect(desk.state.taps).toHaveLength(1);
  });

  test('of an unknown phone turns into the member who joins, in the same row', async () => {
    const { desk, heard } = newTill();
    const tap = tapBy(null);
    await heard(tap);
    expect(desk.state.visitor?.tap.name).toBeNull();
    await heard(tapBy('New', { kind: 'joined', tapId: tap.tapId }));
    expect(desk.state.visitor?.tap.name?.name).toBe('New');
    expect(desk.state.taps).toHaveLength(1);
    expect(desk.state.visitor?.confirmed).toBe(false);
  });

  test('by a printed code needs one confirmation before a redemption', async () => {
    const { desk, cash, heard, amount, api, focus } = newTill();
    await heard(tapBy('Bo', { proof: 'qr' }));
    await amount(8600);
    await cash.redeem();
    expect(api.redeem).not.toHaveBeenCalled();
    expect(desk.state.notice).toEqual({ kind: 'confirm-first' });
    expect(focus).toHaveBeenLastCalledWith('confirm');
    desk.dispatch({ type: 'confirm' });
    await cash.redeem();
    expect(api.redeem).toHaveBeenCalledTimes(1);
  });

  test('is remembered among the last twenty', async () => {
    const { desk, heard } = newTill();
    for (let taps = 0; taps < 25; taps++) await heard(tapBy(`member ${taps}`));
    expect(desk.state.taps).toHaveLength(20);
  });
});

describe('a bill', () => {
  test('gets the coupon that saves most, and another by its number', async () => {
    const { desk, cash, heard, amount } = newTill();
    await heard(tapBy('Bo'));
    expect(desk.state.pickedId).toBeNull();
    await amount(8600);
    expect(desk.state.pickedId).toBe('a');
    cash.pick('b');
    expect(desk.state.pickedId).toBe('b');
  });

  test('is redeemed upon with the till’s own collector and terminal, under a key', async () => {
    const { desk, cash, heard, amount, api } = newTill();
    await heard(tapBy('Bo'));
    await amount(8600);
    await cash.redeem();
    const [request, key] = api.redeem.mock.calls[0] ?? [];
    expect(request).toMatchObject({
      couponCode: 'CODEa',
      collectorId: TILL.collectorId,
      terminalId: TILL.terminalId,
      order: { id: 'bill-0', currency: 'CNY', totalMinor: 8600 },
    });
    expect(key).toMatch(/^id-/);
    expect(desk.state.lastBill).toEqual({
      totalMinor: 8600,
      discountMinor: 500,
      payableMinor: 8100,
    });
    expect(desk.state.bill.totalMinor).toBeNull();
    expect(desk.state.visitor).toBeNull();
  });

  test('is not redeemed upon twice by two Enters', async () => {
    const { cash, heard, amount, api } = newTill();
    await heard(tapBy('Bo'));
    await amount(8600);
    await Promise.all([cash.redeem(), cash.redeem()]);
    expect(api.redeem).toHaveBeenCalledTimes(1);
  });

  test('is followed by who waits longest', async () => {
    const { desk, cash, heard, amount } = newTill();
    await heard(tapBy('Bo'));
    await amount(8600);
    await heard(tapBy('An'));
    await heard(tapBy('Cy'));
    await cash.redeem();
    expect(desk.state.visitor?.tap.name?.name).toBe('An');
    expect(desk.state.chips.map(({ name }) => name?.name)).toEqual(['Cy']);
  });

  test('without a usable coupon says so, and is finished without one', async () => {
    const { desk, cash, heard, amount, api } = newTill();
    api.offers.mockResolvedValue(done([tooSmall('x', 1400)]));
    await heard(tapBy('Bo'));
    await amount(8600);
    await cash.redeem();
    expect(desk.state.notice).toEqual({ kind: 'no-coupon' });
    cash.finish();
    expect(desk.state.lastBill?.payableMinor).toBe(8600);
    expect(api.redeem).not.toHaveBeenCalled();
  });

  test('goes step by step with Escape, and comes back with Ctrl+Z', async () => {
    const { desk, cash, heard, amount } = newTill();
    await heard(tapBy('Bo'));
    await amount(8600);
    cash.back();
    expect(desk.state.pickedId).toBeNull();
    expect(desk.state.visitor).not.toBeNull();
    cash.back();
    expect(desk.state.visitor).toBeNull();
    expect(desk.state.bill.totalMinor).toBe(8600);
    cash.back();
    expect(desk.state.bill.totalMinor).toBeNull();
    await cash.undo();
    expect(desk.state.bill.totalMinor).toBe(8600);
  });

  test('is held with its member while another is served, and comes back', async () => {
    const { desk, cash, heard, amount } = newTill();
    await heard(tapBy('Bo'));
    await amount(8600);
    cash.hold();
    expect(desk.state.bill.totalMinor).toBeNull();
    expect(desk.state.visitor).toBeNull();
    await heard(tapBy('An'));
    await amount(4200);
    desk.dispatch({ type: 'resume', billId: 'bill-0' });
    expect(desk.state.bill.totalMinor).toBe(8600);
    expect(desk.state.visitor?.tap.name?.name).toBe('Bo');
    expect(desk.state.held.map(({ bill }) => bill.totalMinor)).toEqual([4200]);
  });

  test('shows a refusal in the words of the service, and stays', async () => {
    const { desk, cash, heard, amount, api } = newTill();
    api.redeem.mockResolvedValue(refused('coupon-already-redeemed'));
    await heard(tapBy('Bo'));
    await amount(8600);
    await cash.redeem();
    expect(desk.state.notice).toMatchObject({ kind: 'problem' });
    expect(desk.state.bill.totalMinor).toBe(8600);
    expect(desk.state.busy).toBeNull();
  });

  test('is kept when the till is no longer paired', async () => {
    const { desk, cash, heard, amount, api, line } = newTill();
    api.redeem.mockResolvedValue({ kind: 'unpaired' });
    await heard(tapBy('Bo'));
    await amount(8600);
    await cash.redeem();
    expect(desk.state.session).toBe('ended');
    expect(desk.state.bill.totalMinor).toBe(8600);
    expect(line.stop).toHaveBeenCalled();
    await desk.pairedAgain();
    expect(desk.state.session).toBe('paired');
  });

  test('ignores offers that come late, for an amount that is no more', async () => {
    const { desk, heard, amount, api, settled } = newTill();
    await heard(tapBy('Bo'));
    let answerLate = (_: Awaited<ReturnType<typeof api.offers>>) => {};
    api.offers.mockImplementationOnce(
      () =>
        new Promise((resolve) => {
          answerLate = resolve;
        }),
    );
    await amount(100);
    await amount(8600);
    answerLate(done([offer('late', 1, true)]));
    await settled();
    expect(desk.state.pickedId).toBe('a');
  });
});

describe('what is typed', () => {
  test('finds one member at once, and asks which of several', async () => {
    const { desk, api } = newTill();
    api.lookup.mockResolvedValueOnce(done({ visitors: [nameOf('Bo')], coupon: null }));
    await desk.enter({ kind: 'search', query: '11' });
    expect(desk.state.visitor?.tap.name?.name).toBe('Bo');
    api.lookup.mockResolvedValueOnce(
      done({ visitors: [nameOf('Bo'), nameOf('An')], coupon: null }),
    );
    await desk.enter({ kind: 'search', query: 'n' });
    expect(desk.state.found).toHaveLength(2);
    desk.choose(nameOf('An'));
    expect(desk.state.visitor?.tap.name?.name).toBe('An');
    expect(desk.state.found).toEqual([]);
  });

  test('says when nobody is found', async () => {
    const { desk } = newTill();
    await desk.enter({ kind: 'search', query: '99' });
    expect(desk.state.notice).toEqual({ kind: 'nothing-found', query: '99' });
  });

  test('is a coupon that is picked of its holder’s, though another saves more', async () => {
    const { desk, amount, api, settled } = newTill();
    await amount(8600);
    const coupon = { code: 'CODEb', walletId: 'wal_Bo', name: 'coupon b' };
    api.lookup.mockResolvedValueOnce(done({ visitors: [], coupon }));
    await desk.enter({ kind: 'coupon', query: 'CODEb' });
    await settled();
    expect(desk.state.visitor?.tap.name?.walletId).toBe('wal_Bo');
    expect(desk.state.pickedId).toBe('b');
  });
});

describe('recognition', () => {
  test('is switched on after a look at what must be there', async () => {
    const { desk, line, api } = newTill();
    await desk.toggleLine();
    expect(api.listen).toHaveBeenCalledWith(true);
    expect(line.start).toHaveBeenCalled();
  });

  test('is not switched on where nobody could be recognised, and says why', async () => {
    const { desk, line, api } = newTill();
    api.preflight.mockResolvedValue(
      done([
        { name: 'stand', ok: false },
        { name: 'key', ok: false },
      ]),
    );
    await desk.toggleLine();
    expect(line.start).not.toHaveBeenCalled();
    expect(desk.state.preflight).toHaveLength(2);
  });

  test('is tried again at once while the line is lost', async () => {
    const { desk, line } = newTill();
    desk.dispatch({ type: 'line', status: { kind: 'lost', since: 0, retryAt: 1 } });
    await desk.toggleLine();
    expect(line.retry).toHaveBeenCalled();
  });

  test('tells the customer’s display what to show, each thing once', async () => {
    const { desk, cash, heard, amount, api } = newTill();
    desk.dispatch({ type: 'line', status: { kind: 'on' } });
    await heard(tapBy('Bo'));
    await amount(8600);
    await cash.redeem();
    const shown = api.display.mock.calls.map(([{ state }]) => state);
    expect(shown).toEqual(['idle', 'recognised', 'paying', 'saving', 'done']);
    expect(JSON.stringify(api.display.mock.calls)).not.toContain('"Bo"');
  });
});
