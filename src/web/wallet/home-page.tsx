import {
  type Holding,
  SHELVES,
  type Shelf,
  type ShelfCounts,
} from '../../coupons/holdings-model.ts';
import type { Card } from '../../wallets/cards-model.ts';
import { walletTexts } from '../texts/wallet.ts';
import { CardLink } from './card-view.tsx';
import { CouponLink } from './coupon-view.tsx';
import { Frame } from './frame.tsx';
import type { View } from './view.ts';

export interface HomePageProps {
  readonly view: View;
  readonly name: string | null;
  readonly cards: readonly Card[];
  /** The address of the cards after these; null when these are all. */
  readonly moreCards: string | null;
  readonly shelf: Shelf;
  readonly counts: ShelfCounts;
  readonly holdings: readonly Holding[];
  readonly moreHoldings: string | null;
}

/** What the member has, and where it can be used. */
export function HomePage(props: HomePageProps) {
  const { view, name } = props;
  const texts = walletTexts[view.locale];
  return (
    <Frame view={view} title={texts.title} place="wallet">
      <h1>{name === null ? texts.title : texts.greeting(name)}</h1>
      <Cards {...props} />
      <Coupons {...props} />
    </Frame>
  );
}

function Cards({ view, cards, moreCards }: HomePageProps) {
  const { locale } = view;
  const texts = walletTexts[locale];
  if (cards.length === 0) return <FirstCard view={view} />;
  return (
    <section aria-labelledby="cards-title" id="cards" data-live>
      <h2 id="cards-title">{texts.cards.heading}</h2>
      <p class="hidden" id="cards-keys">
        {texts.cards.keys}
      </p>
      <ul class="cards" data-arrows aria-describedby="cards-keys">
        {cards.map((card) => (
          <li key={card.objectId}>
            <CardLink card={card} locale={locale} />
          </li>
        ))}
      </ul>
      {moreCards !== null && <More path={moreCards} view={view} />}
      {cards.some(({ tapReady }) => tapReady) && (
        <form method="post" action="/me/presentations">
          <button type="submit">{texts.cards.present}</button>
        </form>
      )}
    </section>
  );
}

function FirstCard({ view }: { readonly view: View }) {
  const { heading, none, first } = walletTexts[view.locale].cards;
  return (
    <section aria-labelledby="cards-title" id="cards" data-live>
      <h2 id="cards-title">{heading}</h2>
      <div class="empty">
        <p>
          <strong>{none}</strong>
        </p>
        <p>{first}</p>
      </div>
    </section>
  );
}

function Coupons({ view, shelf, counts, holdings, moreHoldings }: HomePageProps) {
  const { locale } = view;
  const texts = walletTexts[locale].coupons;
  return (
    <section aria-labelledby="coupons-title" id="coupons" data-live>
      <h2 id="coupons-title">{texts.heading}</h2>
      <nav class="tabs" aria-labelledby="coupons-title">
        {SHELVES.map((name) => (
          <a
            key={name}
            href={name === 'usable' ? '/me#coupons' : `/me?tab=${name}#coupons`}
            aria-current={name === shelf ? 'page' : undefined}
          >
            {texts.shelf[name]} <span class="count">{counts[name]}</span>
          </a>
        ))}
      </nav>
      {holdings.length === 0 && <p class="empty">{texts.none[shelf]}</p>}
      <ul class="coupons" data-arrows>
        {holdings.map((holding) => (
          <li key={holding.id}>
            <CouponLink holding={holding} locale={locale} />
          </li>
        ))}
      </ul>
      {moreHoldings !== null && <More path={moreHoldings} view={view} />}
    </section>
  );
}

export function More({ path, view }: { readonly path: string; readonly view: View }) {
  return (
    <a class="button" href={path}>
      {walletTexts[view.locale].more}
    </a>
  );
}
