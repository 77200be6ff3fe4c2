import { describe, expect, it } from 'vitest';
import { pollingBells, rungBells } from '../../src/terminals/bells.ts';

const TERMINAL = { issuerId: '1', terminalId: 'till-1' };
const OTHER = { issuerId: '1', terminalId: 'till-2' };
const LONG_MS = 60_000;
const never = new AbortController().signal;

/** Whether it has resolved by the next turn. */
async function isRung(rung: Promise<void>): Promise<boolean> {
  const waiting = Symbol('waiting');
  const turn = new Promise<symbol>((resolve) => setTimeout(() => resolve(waiting), 1));
  return (await Promise.race([rung, turn])) !== waiting;
}

describe('a bell', () => {
  it('rings for all who wait at its terminal, once, and for nobody else', async () => {
    const bells = rungBells(LONG_MS);
    const stop = new AbortController();
    const [one, two] = [bells.next(TERMINAL, never), bells.next(TERMINAL, never)];
    const other = bells.next(OTHER, stop.signal);
    bells.ring('1/till-1');
    expect([await isRung(one), await isRung(two), await isRung(other)]).toEqual([
      true,
      true,
      false,
    ]);
    const again = bells.next(TERMINAL, stop.signal);
    expect(await isRung(again)).toBe(false);
    stop.abort();
    await Promise.all([again, other]);
  });

  it('rings for everybody when what was called is not known', async () => {
    const bells = rungBells(LONG_MS);
    const both = [bells.next(TERMINAL, never), bells.next(OTHER, never)];
    bells.ring(null);
    await Promise.all(both);
  });

  it('that nobody waits for is nothing', () => {
    const bells = rungBells(LONG_MS);
    bells.ring('1/till-1');
    bells.ring('nonsense');
    bells.ring(null);
  });

  it.each([
    ['rung', rungBells(5)],
    ['polling', pollingBells(5)],
  ])('%s: it is time to look without one', async (_kind, bells) => {
    await bells.next(TERMINAL, never);
  });

  it.each([
    ['rung', rungBells(LONG_MS)],
    ['polling', pollingBells(LONG_MS)],
  ])('%s: nobody waits any more when the signal aborts', async (_kind, bells) => {
    const stop = new AbortController();
    const rung = bells.next(TERMINAL, stop.signal);
    stop.abort();
    await rung;
    await bells.next(TERMINAL, stop.signal);
  });
});
