import type { Offer } from '../../counter/model.ts';
import { day } from '../ui/format.ts';
import { type UsableOffer, usableOffers } from './till-facts.ts';
import { amountText, type View } from './view.ts';

const NUMBER_KEYS = 9;

type UnusableOffer = Extract<Offer, { readonly usable: false }>;

/** The coupons that save something on this bill, best first, and why the others do not. */
export function CouponList({ view }: { readonly view: View }) {
  const { state, t } = view;
  const { offers } = state;
  if (offers === null) return null;
  const usable = usableOffers(state);
  const others = offers.list.filter((offer) => !offer.usable);
  const isEmpty = offers.state === 'ready' && offers.list.length === 0;
  const hasBill = state.bill.totalMinor !== null;
  return (
    <section class={`coupons ${offers.state}`} aria-labelledby="coupons-heading">
      <h3 id="coupons-heading">{t.coupons.heading}</h3>
      {isEmpty && <p class="quiet">{t.coupons.none}</p>}
      {offers.state === 'failed' && <p class="quiet">{t.coupons.failed}</p>}
      {!hasBill && offers.list.length > 0 && <p class="quiet">{t.coupons.noBill}</p>}
      <ol>
        {usable.map((offer, index) => (
          <li key={offer.couponId}>
            <Usable view={view} offer={offer} index={index} />
          </li>
        ))}
        {others.map((offer) => (
          <li key={offer.couponId} class="unusable">
            <Unusable view={view} offer={offer} />
          </li>
        ))}
      </ol>
    </section>
  );
}

interface UsableProps {
  readonly view: View;
  readonly offer: UsableOffer;
  readonly index: number;
}

function Usable({ view, offer, index }: UsableProps) {
  const { state, t, act } = view;
  const { couponId, name, best, discountMinor } = offer;
  const hasBill = state.bill.totalMinor !== null;
  return (
    <button
      type="button"
      class="coupon"
      aria-pressed={state.pickedId === couponId}
      onClick={() => act({ kind: 'pick-coupon', couponId })}
    >
      {index < NUMBER_KEYS && <kbd>{index + 1}</kbd>}
      <span class="what">
        <b>{name}</b>
        <Until view={view} offer={offer} />
      </span>
      {hasBill && <span class="saves">{t.coupons.saves(amountText(view, discountMinor))}</span>}
      {hasBill && best && <span class="best">{t.coupons.best}</span>}
    </button>
  );
}

function Unusable({ view, offer }: { readonly view: View; readonly offer: Offer }) {
  if (offer.usable) return null;
  const { name } = offer;
  return (
    <div class="coupon">
      <span class="what">
        <b>{name}</b>
        <Until view={view} offer={offer} />
      </span>
      <span class="reason">{reasonText(view, offer)}</span>
    </div>
  );
}

/** Before there is a bill, no coupon is to blame for there being none. */
function reasonText(view: View, { refusal, missingMinor }: UnusableOffer): string {
  const hasBill = view.state.bill.totalMinor !== null;
  if (!hasBill && refusal.code === 'min-spend-not-met') return '';
  return missingMinor === null
    ? refusal.title
    : view.t.coupons.more(amountText(view, missingMinor));
}

function Until({ view, offer }: { readonly view: View; readonly offer: Offer }) {
  if (offer.expiresAt === null) return null;
  return <small>{view.t.coupons.until(day(view.locale, offer.expiresAt))}</small>;
}
