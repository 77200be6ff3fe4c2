import { readHistory } from '../../coupons/history.ts';
import { pageOf, pageRequest } from '../../http/paging.ts';
import type { Router } from '../../http/router.ts';
import type { Service } from '../../http/service.ts';
import type { Assets } from '../assets.ts';
import { HistoryPage } from './history-page.tsx';
import { drawKept, forMember, type Pages } from './visit.tsx';
import { memberRouter } from './visit-router.tsx';

const LIMIT = 50;
/** Names the list in its cursors. */
const HISTORY = 'history';

/** What happened in the wallet. */
export function walletHistoryRoutes(service: Service, assets: Assets): Router {
  const pages: Pages = { service, assets };
  const router = memberRouter(pages, '/me/history');
  const show = forMember(pages, async (c, visit) => {
    const { caller } = visit;
    const { reads } = pages.service.database;
    const page = pageRequest({ limit: LIMIT, cursor: c.req.query('after') }, HISTORY);
    const further = { ...page, limit: LIMIT + 1 };
    const rows = await readHistory(reads, caller, caller.walletId, further);
    const { items, nextCursor } = pageOf(
      rows,
      LIMIT,
      ({ place }) => place,
      (entry) => entry,
      HISTORY,
    );
    const more = nextCursor === null ? null : `/me/history?after=${nextCursor}`;
    return drawKept(c, pages, visit, (view) => (
      <HistoryPage view={view} entries={items} more={more} />
    ));
  });
  router.get('/me/history', show);
  return router;
}
