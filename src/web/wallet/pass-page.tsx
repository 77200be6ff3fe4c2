import type { Card } from '../../wallets/cards-model.ts';
import { walletTexts } from '../texts/wallet.ts';
import { Qr } from '../ui/qr.tsx';
import { type CardFace, cardFace } from './card-face.ts';
import { CardLines, Colour, passPath } from './card-view.tsx';
import { CopyButton } from './copy-button.tsx';
import { Frame } from './frame.tsx';
import type { View } from './view.ts';
import { day } from './words.ts';

export interface PassPageProps {
  readonly view: View;
  readonly card: Card;
}

/** One card: its code, what is on it and where it can be used. */
export function PassPage({ view, card }: PassPageProps) {
  const { locale } = view;
  const texts = walletTexts[locale];
  const face = cardFace(card, locale);
  return (
    <Frame view={view} title={face.program} place="wallet">
      <a class="back" href="/me" data-escape>
        {texts.pass.all}
      </a>
      <div id="pass" data-live>
        <div class="card open">
          <Colour colour={face.colour} />
          <CardLines card={card} face={face} locale={locale} isHeading />
        </div>
        <Code face={face} view={view} />
        {card.tapReady && <Present card={card} view={view} />}
        <Where card={card} view={view} />
        <Messages face={face} view={view} />
      </div>
    </Frame>
  );
}

interface FaceProps {
  readonly face: CardFace;
  readonly view: View;
}

function Code({ face, view }: FaceProps) {
  const texts = walletTexts[view.locale];
  const { code, number, program } = face;
  return (
    <section aria-labelledby="code-title">
      <h2 id="code-title">{texts.pass.code}</h2>
      {code === null ? (
        <p class="empty">{texts.pass.noCode}</p>
      ) : (
        <>
          <Qr text={code} label={texts.pass.qr(number ?? program)} />
          <CopyButton text={code} label={texts.copyCode} />
        </>
      )}
    </section>
  );
}

function Present({ card, view }: PassPageProps) {
  const { present, presentHint } = walletTexts[view.locale].pass;
  return (
    <form method="post" action={`${passPath(card.objectId)}/presentations`}>
      <button type="submit" class="primary">
        {present}
      </button>
      <p class="quiet">{presentHint}</p>
    </form>
  );
}

function Where({ card, view }: PassPageProps) {
  const { locale } = view;
  const texts = walletTexts[locale].pass;
  const { usableAt, validUntil } = card;
  return (
    <section aria-labelledby="where-title">
      <h2 id="where-title">{texts.usableAt}</h2>
      {usableAt.length === 0 ? (
        <p>{texts.nowhere}</p>
      ) : (
        <ul>
          {usableAt.map((name) => (
            <li key={name}>{name}</li>
          ))}
        </ul>
      )}
      {validUntil !== null && (
        <p>
          {texts.validUntil} {day(validUntil, 'UTC', locale)}
        </p>
      )}
    </section>
  );
}

function Messages({ face, view }: FaceProps) {
  if (face.messages.length === 0) return null;
  return (
    <section aria-labelledby="messages-title">
      <h2 id="messages-title">{walletTexts[view.locale].pass.messages}</h2>
      {face.messages.map(({ header, body }, index) => (
        <p key={index}>
          {header !== null && <strong>{header}</strong>} {body}
        </p>
      ))}
    </section>
  );
}
