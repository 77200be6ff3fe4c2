import type { PresentationState } from '../../taps/model.ts';
import type { Card } from '../../wallets/cards-model.ts';
import { walletTexts } from '../texts/wallet.ts';
import { cardFace } from './card-face.ts';
import { CardLines } from './card-view.tsx';
import { Frame } from './frame.tsx';
import type { View } from './view.ts';

export interface PresentationPageProps {
  readonly view: View;
  readonly presentation: PresentationState;
  /** The card that was opened; null when the whole wallet is presented. */
  readonly card: Card | null;
  /** The cards of the carousel, while there is a choice. */
  readonly choices: readonly Card[];
  readonly secondsLeft: number;
}

/** How far the card is on its way to the till. */
export function PresentationPage(props: PresentationPageProps) {
  const { view, presentation, card } = props;
  const { locale } = view;
  const texts = walletTexts[locale].presenting;
  const waits = presentation.status === 'open' && !presentation.expired;
  return (
    <Frame view={view} title={texts.heading} place="wallet" head={waits && <LookAgain />}>
      <h1>{texts.heading}</h1>
      <p>{card === null ? texts.home : cardFace(card, locale).program}</p>
      <div id="presentation" data-live data-every="2">
        <Progress {...props} />
      </div>
      <a class="back" href={card === null ? '/me' : `/me/passes/${card.objectId}`} data-escape>
        {walletTexts[locale].pass.all}
      </a>
    </Frame>
  );
}

/** Without the script the page itself looks again. */
function LookAgain() {
  return (
    <noscript>
      <meta http-equiv="refresh" content="5" />
    </noscript>
  );
}

function Progress(props: PresentationPageProps) {
  const { view, presentation, card } = props;
  const texts = walletTexts[view.locale].presenting;
  if (presentation.status === 'transferred') {
    return <End word={texts.transferred} hint={texts.transferredHint} kind="good" />;
  }
  if (presentation.expired) {
    const again = card === null ? '/me/presentations' : `/me/passes/${card.objectId}/presentations`;
    return (
      <>
        <End word={texts.expired} hint={texts.expiredHint} kind="bad" />
        <form method="post" action={again}>
          <button type="submit" class="primary">
            {texts.again}
          </button>
        </form>
      </>
    );
  }
  return presentation.status === 'choose' ? <Carousel {...props} /> : <Waiting {...props} />;
}

function End({ word, hint, kind }: { word: string; hint: string; kind: 'good' | 'bad' }) {
  return (
    <>
      <p class={`state ${kind}`}>
        {kind === 'good' ? '✓' : '✕'} {word}
      </p>
      <p>{hint}</p>
    </>
  );
}

function Waiting({ view, secondsLeft }: PresentationPageProps) {
  const texts = walletTexts[view.locale].presenting;
  return (
    <>
      <p class="state">{texts.open}</p>
      <Countdown view={view} secondsLeft={secondsLeft} />
    </>
  );
}

/** Counted down by the script; the words are those of the language, so the number stands in them. */
function Countdown({ view, secondsLeft }: Pick<PresentationPageProps, 'view' | 'secondsLeft'>) {
  const { left } = walletTexts[view.locale].presenting;
  return (
    <p class="countdown" data-left={secondsLeft} data-one={left(1)} data-many={left(99)}>
      {left(secondsLeft)}
    </p>
  );
}

function Carousel({ view, presentation, choices, secondsLeft }: PresentationPageProps) {
  const { locale } = view;
  return (
    <>
      <p class="state">{walletTexts[locale].presenting.choose}</p>
      <Countdown view={view} secondsLeft={secondsLeft} />
      <ul class="cards" data-arrows>
        {choices.map((choice) => (
          <li key={choice.objectId}>
            <form method="post" action={`/me/presentations/${presentation.id}/selection`}>
              <input type="hidden" name="objectId" value={choice.objectId} />
              <button type="submit" class="card">
                <CardLines card={choice} face={cardFace(choice, locale)} locale={locale} />
              </button>
            </form>
          </li>
        ))}
      </ul>
    </>
  );
}
