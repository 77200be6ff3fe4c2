import type { ComponentChildren } from 'preact';
import { Document } from '../document.tsx';
import { walletTexts } from '../texts/wallet.ts';
import type { View } from './view.ts';

type Place = 'wallet' | 'history' | 'settings';

const PLACES: readonly (readonly [Place, string])[] = [
  ['wallet', '/me'],
  ['history', '/me/history'],
  ['settings', '/me/settings'],
];

export interface FrameProps {
  readonly view: View;
  readonly title: string;
  /** Where in the wallet this is; null where nobody is signed in. */
  readonly place: Place | null;
  readonly head?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** The frame of the wallet's pages. */
export function Frame({ view, title, place, head, children }: FrameProps) {
  const { locale, nonce, style, script, largeType } = view;
  const texts = walletTexts[locale];
  return (
    <Document
      locale={locale}
      title={title}
      style={style}
      nonce={nonce}
      script={script}
      head={
        <>
          <link rel="manifest" href={`/me/manifest.webmanifest?lang=${locale}`} />
          <meta name="theme-color" content="#0b5c46" />
          {head}
        </>
      }
    >
      <div class={largeType ? 'wallet large' : 'wallet'}>
        <a class="skip" href="#main">
          {texts.skip}
        </a>
        <header>
          <p class="brand">{texts.title}</p>
          {place !== null && <Places place={place} view={view} />}
        </header>
        <KeptCopy view={view} />
        <main id="main" tabIndex={-1}>
          {children}
        </main>
        <p class="hidden" role="status" id="said" data-copied={texts.copied} />
      </div>
    </Document>
  );
}

function Places({ place, view }: { place: Place; view: View }) {
  const texts = walletTexts[view.locale].nav;
  return (
    <nav aria-label={texts.name}>
      {PLACES.map(([name, path]) => (
        <a key={name} href={path} aria-current={name === place ? 'page' : undefined}>
          {texts[name]}
        </a>
      ))}
    </nav>
  );
}

/** Uncovered by the service worker when it answers with the copy that the phone keeps. */
function KeptCopy({ view }: { view: View }) {
  const { notice, age } = walletTexts[view.locale].stored;
  return (
    <p id="copy" hidden class="copy" role="status" data-live>
      {notice}{' '}
      <span class="needs-script">
        {age} <time dateTime={new Date().toISOString()} data-age />
      </span>
    </p>
  );
}
