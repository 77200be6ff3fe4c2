import { type Reading, readingsOf } from './omnibox.ts';
import { amountText, nameOf, type View } from './view.ts';

/** One field for everything that is typed, with all that it may mean below. */
export function OmniboxField({ view }: { readonly view: View }) {
  const { t, text, act, state } = view;
  const readings = readingsOf(text, state.mode === 'lookup');
  return (
    <search class="omnibox">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          act({ kind: 'enter', reading: null });
        }}
      >
        <label for="omnibox">{t.omnibox.label}</label>
        <div class="entry">
          <input
            id="omnibox"
            data-focus="omnibox"
            value={text}
            placeholder={t.omnibox.hint}
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            enterkeyhint="done"
            aria-keyshortcuts="F2 /"
            maxLength={200}
            onInput={({ currentTarget }) => act({ kind: 'text', text: currentTarget.value })}
          />
          <kbd>F2</kbd>
          <button type="submit">{t.omnibox.enter}</button>
        </div>
      </form>
      {readings.length > 1 && (
        <ul class="readings choices">
          {readings.map((reading) => (
            <li key={reading.kind}>
              <button type="button" onClick={() => act({ kind: 'enter', reading })}>
                {readingText(view, reading)}
              </button>
            </li>
          ))}
        </ul>
      )}
      <Found view={view} />
    </search>
  );
}

function Found({ view }: { readonly view: View }) {
  const { t, act, state } = view;
  if (state.found.length === 0) return null;
  return (
    <section class="choices" aria-label={t.omnibox.found}>
      <h2>{t.omnibox.found}</h2>
      <ul class="readings">
        {state.found.map((visitor) => (
          <li key={visitor.walletId}>
            <button type="button" onClick={() => act({ kind: 'choose', visitor })}>
              <b>{nameOf(view, visitor)}</b>
              {visitor.number !== null && <span>{t.member.number(visitor.number)}</span>}
              {visitor.tier !== null && <span>{visitor.tier}</span>}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function readingText(view: View, reading: Reading): string {
  const words = view.t.omnibox;
  if (reading.kind === 'amount') return words.amount(amountText(view, reading.totalMinor));
  if (reading.kind === 'coupon') return words.coupon;
  return words.search(reading.query);
}
