import type { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { AppContext } from '../http/env.ts';
import { toBase64Url } from '../platform/bytes.ts';

/** A page as an answer; `render` gets the nonce that its style and script must carry. */
export function html(
  c: AppContext,
  render: (nonce: string) => VNode,
  status: 200 | 400 | 401 | 403 | 404 | 409 | 410 | 422 | 429 | 503 = 200,
): Response {
  const nonce = toBase64Url(crypto.getRandomValues(new Uint8Array(12)));
  c.header(
    'Content-Security-Policy',
    `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; ` +
      "connect-src 'self'; img-src 'self' data:; manifest-src 'self'; worker-src 'self'; " +
      "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  );
  // Not `no-referrer`, with which a browser would hide the origin of our own forms.
  c.header('Referrer-Policy', 'same-origin');
  c.header('Cache-Control', 'no-store');
  c.header('Content-Language', c.get('locale'));
  c.header('Vary', 'Accept-Language, Cookie');
  return c.html(`<!doctype html>${renderToString(render(nonce))}`, status);
}
