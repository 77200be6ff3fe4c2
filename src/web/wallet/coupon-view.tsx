import type { Holding } from '../../coupons/holdings-model.ts';
import type { Locale } from '../../problems/model.ts';
import { lastMinuteBefore, moment, textIn, worthOf } from '../claim/worth.ts';
import { walletTexts } from '../texts/wallet.ts';
import { conditions, listed } from './words.ts';

export interface CouponViewProps {
  readonly holding: Holding;
  readonly locale: Locale;
}

/** A coupon in the list, which opens when it is touched. */
export function CouponLink({ holding, locale }: CouponViewProps) {
  const { id, status } = holding;
  return (
    <a
      class={`coupon ${status}`}
      href={`/me/coupons/${id}`}
      data-keep={status === 'issued' ? '' : undefined}
    >
      <CouponLines holding={holding} locale={locale} />
    </a>
  );
}

/** Value first, then what is to be known before it is used. */
export function CouponLines({ holding, locale }: CouponViewProps) {
  const { name, issuerName, status } = holding;
  const texts = walletTexts[locale];
  return (
    <>
      <strong class="worth">{worthOf(holding.discount, locale)}</strong>
      <span>{conditions(holding, locale).join(' ')}</span>
      <span class="quiet">
        {textIn(name, locale)} · {issuerName}
      </span>
      {status === 'issued' ? (
        <span>{timeOf(holding, locale)}</span>
      ) : (
        <span class="mark">{texts.status[status]}</span>
      )}
      <span class="quiet">{storesOf(holding, locale)}</span>
    </>
  );
}

/** When it begins, while it can not be used yet; then when it ends. */
export function timeOf({ availableAt, expiresAt, timeZone, now }: Holding, locale: Locale): string {
  const texts = walletTexts[locale].coupon;
  if (now < availableAt) return texts.from(moment(availableAt, timeZone, locale));
  return texts.until(moment(lastMinuteBefore(expiresAt), timeZone, locale));
}

function storesOf({ stores }: Holding, locale: Locale): string {
  return stores.length === 0 ? walletTexts[locale].coupon.everyStore : listed(stores, locale);
}
