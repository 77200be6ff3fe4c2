import { walletTexts } from '../texts/wallet.ts';
import type { View } from './view.ts';

export interface DataSectionProps {
  readonly view: View;
  /** The word that confirms the deletion was typed wrong. */
  readonly isWordWrong: boolean;
}

/** Taking the data along, and deleting it for good. */
export function DataSection({ view, isWordWrong }: DataSectionProps) {
  const texts = walletTexts[view.locale].settings;
  return (
    <section aria-labelledby="data-title">
      <h2 id="data-title">{texts.data}</h2>
      <a class="button" href="/me/export" download>
        {texts.export}
      </a>
      <p class="quiet">{texts.exportHint}</p>
      <h3>{texts.erase}</h3>
      <p>{texts.eraseHint}</p>
      <form method="post" action="/me/erase" class="fields">
        <label for="word">
          {texts.eraseConfirm} <strong class="word">{texts.eraseWord}</strong>
        </label>
        <input
          id="word"
          name="word"
          autocomplete="off"
          required
          maxLength={20}
          aria-invalid={isWordWrong}
          aria-describedby={isWordWrong ? 'erase-wrong' : undefined}
        />
        {isWordWrong && (
          <p class="mark bad" id="erase-wrong" role="alert">
            {texts.eraseWrong}
          </p>
        )}
        <button type="submit" class="danger">
          {texts.erase}
        </button>
      </form>
    </section>
  );
}
