import { pickedOffer } from './till-facts.ts';
import { amountText, nameOf, type View } from './view.ts';

/** What is to pay and what comes off, with the one large button at the lower right. */
export function BillPanel({ view }: { readonly view: View }) {
  const { state, t, act } = view;
  const { bill, busy } = state;
  const offer = pickedOffer(state);
  const ready = bill.totalMinor !== null && offer !== null && busy === null;
  return (
    <section class="panel bill" aria-labelledby="bill-heading">
      <h2 id="bill-heading">{t.bill.heading}</h2>
      {bill.totalMinor === null ? (
        <p class="quiet">{t.bill.empty}</p>
      ) : (
        <dl class="sums">
          <div>
            <dt>{t.bill.subtotal}</dt>
            <dd>{amountText(view, bill.totalMinor)}</dd>
          </div>
          {offer !== null && (
            <div class="saving">
              <dt>{offer.name}</dt>
              <dd>{amountText(view, -offer.discountMinor)}</dd>
            </div>
          )}
          <div class="to-pay">
            <dt>{t.bill.toPay}</dt>
            <dd>{amountText(view, offer?.payableMinor ?? bill.totalMinor)}</dd>
          </div>
        </dl>
      )}
      <Held view={view} />
      <UndoButton view={view} />
      <div class="smaller">
        <button type="button" aria-keyshortcuts="F4" onClick={() => act({ kind: 'hold' })}>
          {t.bill.hold} <kbd>F4</kbd>
        </button>
        <button type="button" onClick={() => act({ kind: 'clear' })}>
          {t.bill.clear} <kbd>Esc</kbd>
        </button>
        <button type="button" aria-keyshortcuts="F9" onClick={() => act({ kind: 'finish' })}>
          {t.bill.finish} <kbd>F9</kbd>
        </button>
      </div>
      <button
        type="button"
        class="primary redeem"
        data-focus="redeem"
        aria-disabled={!ready}
        aria-keyshortcuts="Enter"
        onClick={() => act({ kind: 'redeem' })}
      >
        {busy === 'redeeming' ? t.bill.redeeming : t.bill.redeem} <kbd>⏎</kbd>
      </button>
    </section>
  );
}

function UndoButton({ view }: { readonly view: View }) {
  const { state, t, now, act } = view;
  const { undo } = state;
  if (undo === null) return null;
  const left =
    undo.kind === 'redemption' ? Math.max(0, Math.ceil((undo.until - now) / 1000)) : null;
  return (
    <button
      type="button"
      class="undo"
      aria-keyshortcuts="Control+Z"
      onClick={() => act({ kind: 'undo' })}
    >
      {undo.kind === 'bill' ? t.bill.undoBill : t.bill.undo} <kbd>Ctrl Z</kbd>
      {left !== null && (
        <span class="countdown" aria-hidden="true">
          {left}
        </span>
      )}
    </button>
  );
}

function Held({ view }: { readonly view: View }) {
  const { state, t, act } = view;
  if (state.held.length === 0) return null;
  return (
    <ul class="chips" aria-label={t.bill.held}>
      {state.held.map(({ bill, visitor }) => (
        <li key={bill.id}>
          <button type="button" onClick={() => act({ kind: 'resume', billId: bill.id })}>
            {t.bill.held} {amountText(view, bill.totalMinor ?? 0)}
            {visitor !== null && <span>{nameOf(view, visitor.tap.name)}</span>}
          </button>
        </li>
      ))}
    </ul>
  );
}
