import type { ComponentChildren } from 'preact';
import type { Locale } from '../problems/model.ts';

export interface DocumentProps {
  readonly locale: Locale;
  readonly title: string;
  readonly style: string;
  /** Allows the page's own style and script, and nothing that was slipped in. */
  readonly nonce: string;
  /** The island's address; a page without one works by itself. */
  readonly script?: string;
  /** What the island starts from. */
  readonly data?: unknown;
  readonly head?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** The frame of every page. The island is hydrated into `#page`. */
export function Document(props: DocumentProps) {
  const { locale, title, style, nonce, script, data, head, children } = props;
  return (
    <html lang={locale}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{title}</title>
        <link rel="icon" href="data:," />
        <style nonce={nonce} dangerouslySetInnerHTML={{ __html: style }} />
        {head}
      </head>
      <body>
        <div id="page">{children}</div>
        {data !== undefined && (
          <script
            id="data"
            type="application/json"
            nonce={nonce}
            dangerouslySetInnerHTML={{ __html: inlineJson(data) }}
          />
        )}
        {script !== undefined && <script src={script} nonce={nonce} defer />}
      </body>
    </html>
  );
}

/** JSON that no text in it can end the script with. */
function inlineJson(data: unknown): string {
  return JSON.stringify(data).replaceAll('<', '\\u003c');
}
