import type { AppContext } from '../../http/env.ts';
import { failureHandler, problemOf } from '../../http/failures.ts';
import { newRouter, type Router } from '../../http/router.ts';
import { problems } from '../../problems/registry.ts';
import { chosenLanguage } from '../language.ts';
import { ownPagesOnly } from '../own-pages.ts';
import { FailurePage } from './failure-page.tsx';
import { draw, type Pages } from './visit.tsx';

/** A router of those paths: in the visitor's language, from our own pages only, failing as a page. */
export function memberRouter(pages: Pages, ...paths: readonly string[]): Router {
  const router = newRouter();
  router.onError(pageFailures(pages));
  for (const path of paths) router.use(path, chosenLanguage(), ownPagesOnly(pages.service.origin));
  return router;
}

/** Every way a page fails, as a page: what happened, what to do, the code small. */
function pageFailures(pages: Pages) {
  const logged = failureHandler(pages.service.log);
  return (error: Error, c: AppContext): Response => {
    logged(error, c);
    const { code } = problemOf(error);
    const { status, title, detail } = problems[code];
    const locale = c.get('locale');
    return draw(
      c,
      pages,
      (view) => (
        <FailurePage view={view} title={title[locale]} detail={detail[locale]} code={code} />
      ),
      status as 404,
    );
  };
}
