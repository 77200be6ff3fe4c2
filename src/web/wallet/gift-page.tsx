import type { Promised } from '../../coupons/holdings-model.ts';
import type { Locale } from '../../problems/model.ts';
import { lastMinuteBefore, moment, textIn, worthOf } from '../claim/worth.ts';
import { walletTexts } from '../texts/wallet.ts';
import { Frame } from './frame.tsx';
import type { View } from './view.ts';
import { conditions } from './words.ts';

/** Why there is nothing to accept, and what to do. */
interface Refusal {
  readonly title: string;
  readonly detail: string;
}

export interface GiftProps {
  /** Null once nobody gets it any more; then `refusal` says why. */
  readonly promised: Promised | null;
  readonly refusal: Refusal | null;
  /** Until when the coupon may be used, and its link be accepted. */
  readonly couponEnds: Date;
  readonly linkEnds: Date;
}

export interface GiftPageProps extends GiftProps {
  readonly view: View;
  readonly token: string;
}

/** What a friend gives, before it is accepted. */
export function GiftPage({ view, token, ...gift }: GiftPageProps) {
  const { locale } = view;
  const texts = walletTexts[locale];
  return (
    <Frame view={view} title={texts.gift.offerTitle} place="wallet">
      <h1>{texts.gift.offerTitle}</h1>
      <GiftFace locale={locale} {...gift} />
      {gift.promised !== null && (
        <form method="post" action={`/me/gifts/${token}`}>
          <button type="submit" class="primary">
            {texts.gift.accept}
          </button>
        </form>
      )}
      <a class="back" href="/me" data-escape>
        {texts.back}
      </a>
    </Frame>
  );
}

/** The coupon of a link, or why there is none; a dead link tells nothing of its coupon. */
export function GiftFace(props: GiftProps & { readonly locale: Locale }) {
  const { locale, promised, refusal, couponEnds, linkEnds } = props;
  const texts = walletTexts[locale];
  if (promised === null) {
    return (
      <div class="empty">
        <p>
          <strong>{refusal?.title}</strong>
        </p>
        <p>{refusal?.detail}</p>
      </div>
    );
  }
  const { discount, name, description, issuerName, timeZone } = promised;
  return (
    <div class="coupon open">
      <strong class="worth">{worthOf(discount, locale)}</strong>
      <span>{conditions(promised, locale).join(' ')}</span>
      <span class="quiet">
        {textIn(name, locale)} · {texts.gift.offerFrom(issuerName)}
      </span>
      {description !== null && <span>{textIn(description, locale)}</span>}
      <span>{texts.coupon.until(moment(lastMinuteBefore(couponEnds), timeZone, locale))}</span>
      <span class="quiet">{texts.gift.acceptUntil(moment(linkEnds, timeZone, locale))}</span>
    </div>
  );
}
