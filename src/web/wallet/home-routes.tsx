import { readHoldings, readShelfCounts } from '../../coupons/holdings.ts';
import { SHELVES, type Shelf } from '../../coupons/holdings-model.ts';
import type { AppContext } from '../../http/env.ts';
import { pageOf, pageRequest } from '../../http/paging.ts';
import type { Router } from '../../http/router.ts';
import type { Service } from '../../http/service.ts';
import { readCards } from '../../wallets/cards.ts';
import type { Assets } from '../assets.ts';
import { HomePage } from './home-page.tsx';
import { drawKept, forMember, type Pages, type Visit } from './visit.tsx';
import { memberRouter } from './visit-router.tsx';

const LIMIT = 50;
/** Name the lists in their cursors. */
const CARDS = 'cards';

/** What the member has. */
export function walletHomeRoutes(service: Service, assets: Assets): Router {
  const pages: Pages = { service, assets };
  const router = memberRouter(pages, '/me');
  router.get(
    '/me',
    forMember(pages, (c, visit) => home(c, visit, pages)),
  );
  return router;
}

async function home(c: AppContext, visit: Visit, pages: Pages): Promise<Response> {
  const { caller, profile } = visit;
  const { walletId } = caller;
  const { reads } = pages.service.database;
  const shelf = SHELVES.find((name) => name === c.req.query('tab')) ?? 'usable';
  const [cards, holdings, counts] = await Promise.all([
    readCards(reads, caller, walletId, further(c.req.query('cards'), CARDS)),
    readHoldings(reads, caller, walletId, shelf, further(c.req.query('after'), shelf)),
    readShelfCounts(reads, caller, walletId),
  ]);
  const place = ({ place }: { readonly place: string }) => place;
  const cardList = pageOf(cards, LIMIT, place, (card) => card, CARDS);
  const couponList = pageOf(holdings, LIMIT, place, (holding) => holding, shelf);
  return drawKept(c, pages, visit, (view) => (
    <HomePage
      view={view}
      name={profile.displayName}
      cards={cardList.items}
      moreCards={addressOf(shelf, 'cards', cardList.nextCursor)}
      shelf={shelf}
      counts={counts}
      holdings={couponList.items}
      moreHoldings={addressOf(shelf, 'after', couponList.nextCursor)}
    />
  ));
}

/** One more than is shown, to know whether there are more. */
function further(cursor: string | undefined, list: string) {
  const page = pageRequest({ limit: LIMIT, cursor }, list);
  return { ...page, limit: LIMIT + 1 };
}

function addressOf(shelf: Shelf, list: 'cards' | 'after', cursor: string | null): string | null {
  return cursor === null ? null : `/me?tab=${shelf}&${list}=${cursor}`;
}
