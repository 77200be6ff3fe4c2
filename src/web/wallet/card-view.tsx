import type { Locale } from '../../problems/model.ts';
import type { Card } from '../../wallets/cards-model.ts';
import { walletTexts } from '../texts/wallet.ts';
import { type CardFace, cardFace } from './card-face.ts';

export interface CardViewProps {
  readonly card: Card;
  readonly locale: Locale;
}

/** A card in the stack, which opens when it is touched. */
export function CardLink({ card, locale }: CardViewProps) {
  const face = cardFace(card, locale);
  return (
    <a class="card" href={passPath(card.objectId)} data-keep>
      <Colour colour={face.colour} />
      <CardLines card={card} face={face} locale={locale} />
    </a>
  );
}

export function passPath(objectId: string): string {
  return `/me/passes/${objectId}`;
}

export interface CardLinesProps extends CardViewProps {
  readonly face: CardFace;
  /** The card is what the page is about. */
  readonly isHeading?: boolean;
}

export function CardLines({ card, face, locale, isHeading = false }: CardLinesProps) {
  const texts = walletTexts[locale];
  // A card that is a button holds phrases only.
  const Head = isHeading ? 'div' : 'span';
  return (
    <>
      <Head class="card-head">
        {isHeading ? <h1>{face.program}</h1> : <strong>{face.program}</strong>}
        {face.tier !== null && <span class="tier">{face.tier}</span>}
      </Head>
      <span class="quiet">{face.issuer}</span>
      {face.number !== null && (
        <span>
          {texts.number} <span class="number">{face.number}</span>
        </span>
      )}
      {face.figures.map(({ label, value }) => (
        <span key={label} class="figure">
          {label} <strong>{value}</strong>
        </span>
      ))}
      {card.state !== 'ACTIVE' && <span class="mark bad">{texts.state[card.state]}</span>}
      {card.tapReady && (
        <span class="mark good">
          <Waves /> {texts.tapReady}
        </span>
      )}
    </>
  );
}

/** The issuer's colour as a band, for text upon it could be of any contrast. */
export function Colour({ colour }: { readonly colour: string | null }) {
  return (
    <svg class="band" aria-hidden="true" width="100%" height="6">
      <rect width="100%" height="6" fill={colour ?? 'currentColor'} />
    </svg>
  );
}

function Waves() {
  return (
    <svg aria-hidden="true" width="1em" height="1em" viewBox="0 0 16 16" fill="none">
      <path
        d="M3 11a5 5 0 0 0 0-6M6.5 13.5a9 9 0 0 0 0-11M10 15.5a13 13 0 0 0 0-15"
        stroke="currentColor"
        stroke-width="1.5"
        stroke-linecap="round"
      />
    </svg>
  );
}
