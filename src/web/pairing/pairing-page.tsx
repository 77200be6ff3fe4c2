import type { Locale } from '../../problems/model.ts';
import { pairingTexts } from '../texts/pairing.ts';

export interface PairingView {
  readonly locale: Locale;
  /** The terminal that this browser is already a till of. */
  readonly pairedAs: string | null;
  readonly error: string | null;
}

/** One field for six digits; whatever is pasted or filled in fits. */
export function PairingPage({ view }: { readonly view: PairingView }) {
  const { locale, pairedAs, error } = view;
  const t = pairingTexts[locale];
  return (
    <main>
      <h1>{t.title}</h1>
      {pairedAs !== null && (
        <p class="paired">
          {t.paired(pairedAs)} <a href="/counter">{t.open}</a>
        </p>
      )}
      <p id="hint">{t.text}</p>
      <form method="post" action="/counter/pair">
        <label for="code">{t.code}</label>
        <input
          id="code"
          name="code"
          inputmode="numeric"
          autocomplete="one-time-code"
          required
          maxLength={20}
          autofocus
          aria-invalid={error !== null}
          aria-describedby={error === null ? 'hint' : 'hint error'}
        />
        {error !== null && (
          <p id="error" class="error" role="alert">
            {error}
          </p>
        )}
        <button type="submit" class="primary">
          {t.pair}
        </button>
      </form>
      <p class="quiet">{t.where}</p>
      <p>
        <a
          href={`?lang=${locale === 'en' ? 'zh-CN' : 'en'}`}
          lang={locale === 'en' ? 'zh-CN' : 'en'}
        >
          {t.language}
        </a>
      </p>
    </main>
  );
}
