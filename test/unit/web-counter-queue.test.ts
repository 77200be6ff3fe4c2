import { describe, expect, test } from 'vitest';
import { MOST_QUEUED, RedemptionQueue, type Uploaded } from '../../src/web/counter/queue.ts';
import type { QueuedRedemption } from '../../src/web/counter/till-model.ts';
import { memoryShelf } from '../support/till-desk.ts';

const item = (key: string): QueuedRedemption => ({
  key,
  queuedAt: 0,
  couponName: 'Five off',
  visitorName: null,
  discountMinor: 500,
  request: {
    couponCode: `CODE ${key}`,
    collectorId: '1',
    terminalId: 'till-01',
    order: { id: key, currency: 'CNY', totalMinor: 8600 },
  },
  conflict: null,
});

const keysOf = (queue: RedemptionQueue) => queue.items().map(({ key }) => key);

/** An upload that answers by key and remembers what it was asked. */
function uploads(answers: Record<string, Uploaded> = {}) {
  const asked: string[] = [];
  const upload = async ({ key }: QueuedRedemption): Promise<Uploaded> => {
    asked.push(key);
    return answers[key] ?? { kind: 'done' };
  };
  return { asked, upload };
}

describe('the queue of a till', () => {
  test('uploads in the order in which the bills were made', async () => {
    const queue = new RedemptionQueue(memoryShelf(), 'q');
    for (const key of ['a', 'b', 'c']) queue.add(item(key));
    const { asked, upload } = uploads();
    await queue.drain(upload, () => {});
    expect(asked).toEqual(['a', 'b', 'c']);
    expect(keysOf(queue)).toEqual([]);
  });

  test('stops where the service cannot be reached, and goes on from there', async () => {
    const queue = new RedemptionQueue(memoryShelf(), 'q');
    for (const key of ['a', 'b', 'c']) queue.add(item(key));
    const down = uploads({ b: { kind: 'later' } });
    await queue.drain(down.upload, () => {});
    expect(down.asked).toEqual(['a', 'b']);
    expect(keysOf(queue)).toEqual(['b', 'c']);
    await queue.drain(uploads().upload, () => {});
    expect(keysOf(queue)).toEqual([]);
  });

  test('keeps a refusal for decision and asks it no more', async () => {
    const queue = new RedemptionQueue(memoryShelf(), 'q');
    for (const key of ['a', 'b']) queue.add(item(key));
    const problem = { code: 'coupon-expired', title: 'expired', detail: 'expired' };
    const { asked, upload } = uploads({ a: { kind: 'refused', problem } });
    await queue.drain(upload, () => {});
    await queue.drain(upload, () => {});
    expect(asked).toEqual(['a', 'b']);
    expect(queue.items().map(({ conflict }) => conflict?.code)).toEqual(['coupon-expired']);
    queue.remove('a');
    expect(queue.items()).toEqual([]);
  });

  test('uploads what is added while one is on its way', async () => {
    const queue = new RedemptionQueue(memoryShelf(), 'q');
    queue.add(item('a'));
    const asked: string[] = [];
    await queue.drain(
      async ({ key }) => {
        asked.push(key);
        if (key === 'a') queue.add(item('b'));
        return { kind: 'done' };
      },
      () => {},
    );
    expect(asked).toEqual(['a', 'b']);
  });

  test('is one for two windows of a till', async () => {
    const shelf = memoryShelf();
    const [left, right] = [new RedemptionQueue(shelf, 'q'), new RedemptionQueue(shelf, 'q')];
    left.add(item('a'));
    right.add(item('b'));
    expect(keysOf(left)).toEqual(['a', 'b']);
    await left.drain(uploads().upload, () => {});
    expect(keysOf(right)).toEqual([]);
  });

  test('holds so many and no more, and a key once', () => {
    const queue = new RedemptionQueue(memoryShelf(), 'q');
    for (let n = 0; n < MOST_QUEUED; n++) expect(queue.add(item(`${n}`))).toBe(true);
    expect(queue.add(item('0'))).toBe(true);
    expect(queue.add(item('one more'))).toBe(false);
    expect(keysOf(queue)).toHaveLength(MOST_QUEUED);
  });
});
