import type { MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import type { AppEnv } from '../http/env.ts';
import type { Locale } from '../problems/model.ts';

const COOKIE = 'tapline_language';
const YEAR_SECONDS = 365 * 24 * 3600;

/** The language of a page: what was just chosen, what was chosen once, what the browser asks. */
export function chosenLanguage(): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const asked = localeOf(c.req.query('lang'));
    const locale = asked ?? localeOf(getCookie(c, COOKIE));
    if (locale !== null) c.set('locale', locale);
    if (asked !== null) setCookie(c, COOKIE, asked, { path: '/', maxAge: YEAR_SECONDS });
    await next();
  };
}

function localeOf(text: string | undefined): Locale | null {
  return text === 'en' || text === 'zh-CN' ? text : null;
}
