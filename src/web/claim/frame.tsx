import type { Locale } from '../../problems/model.ts';
import { Document } from '../document.tsx';
import { claimTexts } from '../texts/claim.ts';
import { ClaimPage, titleOf } from './claim-page.tsx';
import { RefusalPage, type RefusalPageProps } from './refusal-page.tsx';
import type { ClaimView, Words } from './view.ts';

interface Loaded {
  readonly nonce: string;
  readonly style: string;
}

/** What a touch opens is for its own phone, and for no search. */
const UNLISTED = <meta name="robots" content="noindex" />;

/** The page of a session, whole. */
export function ClaimDocument({
  view,
  script,
  ...loaded
}: Loaded & { readonly view: ClaimView; readonly script: string }) {
  const { locale, path } = view;
  const data = { path, notSent: claimTexts[locale].notSent };
  return (
    <Document
      {...loaded}
      locale={locale}
      title={titleOf(view)}
      head={UNLISTED}
      script={script}
      data={data}
    >
      <ClaimPage view={view} />
    </Document>
  );
}

/** The page of a touch that opened nothing, whole. */
export function RefusalDocument({ nonce, style, ...page }: Loaded & RefusalPageProps) {
  const { locale, title } = page;
  return (
    <Document locale={locale} title={title} head={UNLISTED} style={style} nonce={nonce}>
      <RefusalPage {...page} />
    </Document>
  );
}

/** What somebody is told who has only the address: a chat's preview, another phone. */
export function viewOnlyWords(locale: Locale): Words {
  const { viewOnly: title, viewOnlyHow: detail } = claimTexts[locale];
  return { title, detail };
}
