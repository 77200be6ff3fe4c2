import type { Locale } from '../../problems/model.ts';
import { cardFace } from '../../stands/session-card-rules.ts';
import type { CardFacts } from '../../stands/session-model.ts';
import { claimTexts } from '../texts/claim.ts';
import { pointsText } from './worth.ts';

interface CardProps {
  readonly card: CardFacts;
  readonly issuerName: string;
  readonly locale: Locale;
}

/** The face of the member's card at the shop. */
export function Card({ card, issuerName, locale }: CardProps) {
  const texts = claimTexts[locale];
  const { program, tier, points, pointsLabel } = cardFace(card.classBody, card.objectBody, locale);
  return (
    <section class="card" aria-label={program ?? issuerName}>
      <p class="program">{program ?? issuerName}</p>
      <p>
        {tier !== null && <strong class="tier">{tier}</strong>}{' '}
        {card.number !== null && <span>{texts.number(card.number)}</span>}
      </p>
      {points !== null && (
        <p class="points">
          <span>{pointsLabel ?? texts.points}</span> <strong>{pointsText(points, locale)}</strong>
        </p>
      )}
    </section>
  );
}
