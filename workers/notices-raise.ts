import { NOTICE_BATCH, raiseDueNotices } from '../src/notices/raise.ts';
import type { WorkerContext } from './context.ts';
import { workForATurn } from './turn.ts';

/** Tells the holders of coupons whose notice is due, and gives how many. */
export async function noticesRaise({ database, channels }: WorkerContext): Promise<number> {
  let all = 0;
  await workForATurn(async () => {
    const { seen, told } = await raiseDueNotices(database, channels);
    all += told;
    return seen < NOTICE_BATCH ? 'done' : 'more';
  });
  return all;
}
