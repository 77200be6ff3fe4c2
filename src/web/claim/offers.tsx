import type { Locale } from '../../problems/model.ts';
import type { OwnedCoupon } from '../../stands/session-model.ts';
import { claimTexts } from '../texts/claim.ts';
import type { ClaimView, ShownOffer } from './view.ts';
import {
  conditionsOf,
  currencyOf,
  lastMinuteBefore,
  moment,
  textIn,
  validityText,
  worthOf,
} from './worth.ts';

/** The coupons of this touch, each with its one button. */
export function Offers({ view }: { readonly view: ClaimView }) {
  const { locale, offers, member, standing, path } = view;
  const texts = claimTexts[locale];
  const claimable = offers.filter(({ state }) => state === 'claimable').length;
  const isClaiming = member !== null;
  if (standing === 'own' && !isClaiming) return <Teaser view={view} />;
  return (
    <section aria-labelledby="offers">
      <h2 id="offers">{isClaiming ? texts.offers : texts.teaser}</h2>
      {claimable === 0 && <Nothing view={view} />}
      <ul class="list">
        {offers.map((offer) => (
          <OfferItem key={offer.classId} view={view} offer={offer} isClaiming={isClaiming} />
        ))}
      </ul>
      {isClaiming && claimable > 1 && (
        <form method="post" action={`${path}/claims`} data-claim="all">
          <input type="hidden" name="all" value="1" />
          <button type="submit" class="wide">
            {texts.claimAll}
          </button>
        </form>
      )}
    </section>
  );
}

/** In a few lines what a stranger could have: the form to join with comes next. */
function Teaser({ view: { locale, offers } }: { readonly view: ClaimView }) {
  const claimable = offers.filter(({ state }) => state === 'claimable').slice(0, 3);
  if (claimable.length === 0) return null;
  return (
    <section aria-labelledby="offers">
      <h2 id="offers">{claimTexts[locale].teaser}</h2>
      <ul class="list">
        {claimable.map(({ classId, name, terms }) => (
          <li key={classId} class="coupon">
            <strong>{worthOf(terms.discount, locale)}</strong> · {textIn(name, locale)}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Nothing left to claim, and when there will be something again. */
function Nothing({ view: { locale, offers, member } }: { readonly view: ClaimView }) {
  const texts = claimTexts[locale];
  const isHad = ({ state }: ShownOffer) => state === 'claimed' || state === 'member-limit-reached';
  const hasAll = offers.some(isHad) || (member?.owned.length ?? 0) > 0;
  const starts = offers
    .filter(({ state }) => state === 'claim-not-started')
    .map(({ terms }) => terms)
    .sort((left, right) => left.claimStart.getTime() - right.claimStart.getTime());
  const [next] = starts;
  return (
    <p>
      {hasAll ? texts.haveAll : texts.nothing}{' '}
      {next !== undefined && texts.nextOn(moment(next.claimStart, next.timeZone, locale))}
    </p>
  );
}

interface OfferItemProps {
  readonly view: ClaimView;
  readonly offer: ShownOffer;
  readonly isClaiming: boolean;
}

function OfferItem({ view, offer, isClaiming }: OfferItemProps) {
  const { locale, now, offers } = view;
  const texts = claimTexts[locale];
  const { terms, state, coupon } = offer;
  const { discount, validity, timeZone, stores } = terms;
  const usable =
    coupon === null
      ? validityText(validity, { now, timeZone, locale })
      : texts.validUntil(moment(lastMinuteBefore(coupon.expiresAt), timeZone, locale));
  const currency = currencyOf(offers.map((other) => other.terms.discount));
  const conditions = [...conditionsOf({ ...offer, discount }, locale, currency), usable];
  const isOpen = state === 'claimable' || state === 'claimed' || state === 'pending';
  return (
    <li class={isOpen ? 'coupon' : 'coupon closed'}>
      <p class="worth">{worthOf(discount, locale)}</p>
      <h3>{textIn(offer.name, locale)}</h3>
      <p class="quiet">
        {conditions.join(' ')} {stores.length > 0 && texts.someStores}
      </p>
      {(isClaiming || !isOpen) && <Action view={view} offer={offer} />}
    </li>
  );
}

function Action({ view, offer }: Pick<OfferItemProps, 'view' | 'offer'>) {
  const { locale, path } = view;
  const texts = claimTexts[locale];
  const { state, classId, terms, why } = offer;
  if (state === 'claimed') return <Claimed view={view} offer={offer} />;
  if (state === 'pending') {
    return (
      <p>
        {texts.pending}. <a href={path}>{texts.lookAgain}</a>
      </p>
    );
  }
  if (state === 'claim-not-started') {
    return <p class="state">{texts.startsOn(moment(terms.claimStart, terms.timeZone, locale))}</p>;
  }
  if (state !== 'claimable') {
    return (
      <p class="state">
        <strong>{why?.title}</strong> {why?.detail}
      </p>
    );
  }
  return (
    <form method="post" action={`${path}/claims`} data-claim="one">
      <input type="hidden" name="classId" value={classId} />
      <button
        type="submit"
        class="primary wide"
        aria-label={texts.claimNamed(textIn(offer.name, locale))}
      >
        {texts.claim}
      </button>
    </form>
  );
}

function Claimed({ view: { locale }, offer: { coupon } }: Pick<OfferItemProps, 'view' | 'offer'>) {
  const texts = claimTexts[locale];
  const isUsable = coupon?.isAvailable === true;
  return (
    <p class="done">
      {isUsable ? texts.claimedNow : texts.claimed}{' '}
      {coupon !== null &&
        !isUsable &&
        texts.usableFrom(moment(coupon.availableAt, coupon.timeZone, locale))}
    </p>
  );
}

interface OwnedProps {
  readonly owned: readonly OwnedCoupon[];
  readonly locale: Locale;
}

/** What the member has already and can use at this till. */
export function Owned({ owned, locale }: OwnedProps) {
  if (owned.length === 0) return null;
  const texts = claimTexts[locale];
  return (
    <section aria-labelledby="owned">
      <h2 id="owned">{texts.owned}</h2>
      <ul class="list">
        {owned.map((coupon) => {
          const { id, discount, isAvailable, availableAt, expiresAt, timeZone } = coupon;
          const when = isAvailable
            ? texts.validUntil(moment(lastMinuteBefore(expiresAt), timeZone, locale))
            : texts.usableFrom(moment(availableAt, timeZone, locale));
          return (
            <li key={id} class="coupon mine">
              <h3>
                {worthOf(discount, locale)} · {textIn(coupon.name, locale)}
              </h3>
              <p class="quiet">{[...conditionsOf(coupon, locale), when].join(' ')}</p>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
