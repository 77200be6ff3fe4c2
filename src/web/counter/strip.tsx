import { clockTime } from '../ui/format.ts';
import { amountText, nameOf, type View } from './view.ts';

/** Below: who tapped lately, to be brought back with one click, and the bill before. */
export function Strip({ view }: { readonly view: View }) {
  const { state, t, locale, act } = view;
  return (
    <footer class="strip">
      <section aria-labelledby="taps-heading">
        <h2 id="taps-heading">{t.taps.heading}</h2>
        {state.taps.length === 0 ? (
          <p class="quiet">{t.taps.none}</p>
        ) : (
          <ol class="taps">
            {state.taps.map(({ key, name, at }) => (
              <li key={key}>
                <button
                  type="button"
                  aria-current={state.visitor?.tap.key === key}
                  onClick={() => act({ kind: 'switch', key })}
                >
                  {nameOf(view, name)} <time dateTime={at}>{clockTime(locale, at)}</time>
                </button>
              </li>
            ))}
          </ol>
        )}
      </section>
      <section class="last" aria-labelledby="last-heading">
        <h2 id="last-heading">{t.bill.last}</h2>
        {state.lastBill === null ? (
          <p class="quiet">–</p>
        ) : (
          <p>
            <b>{amountText(view, state.lastBill.payableMinor)}</b>{' '}
            {state.lastBill.discountMinor > 0 && (
              <span class="quiet">
                {t.bill.saved(amountText(view, state.lastBill.discountMinor))}
              </span>
            )}
          </p>
        )}
      </section>
    </footer>
  );
}
