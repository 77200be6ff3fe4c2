import type { Holding } from '../../coupons/holdings-model.ts';
import { moment, textIn, worthOf } from '../claim/worth.ts';
import { walletTexts } from '../texts/wallet.ts';
import { Qr } from '../ui/qr.tsx';
import { CopyButton } from './copy-button.tsx';
import { timeOf } from './coupon-view.tsx';
import { Frame } from './frame.tsx';
import type { View } from './view.ts';
import { conditions, hours, rules } from './words.ts';

export interface CouponPageProps {
  readonly view: View;
  readonly holding: Holding;
  /** The link that gives it away; null when there is none or it is not kept on this phone. */
  readonly giftLink: string | null;
}

/** One coupon: what it is worth, its code, its rules, and giving it away. */
export function CouponPage({ view, holding, giftLink }: CouponPageProps) {
  const { locale } = view;
  const texts = walletTexts[locale];
  const { name, description, issuerName, status } = holding;
  return (
    <Frame view={view} title={worthOf(holding.discount, locale)} place="wallet">
      <a class="back" href="/me#coupons" data-escape>
        {texts.coupon.all}
      </a>
      <h1 class="worth">{worthOf(holding.discount, locale)}</h1>
      <p>
        {conditions(holding, locale).join(' ')}
        <br />
        <span class="quiet">
          {textIn(name, locale)} · {issuerName}
        </span>
      </p>
      <div id="coupon" data-live>
        {status === 'issued' ? (
          <Code view={view} holding={holding} />
        ) : (
          <p class="state">{texts.status[status]}</p>
        )}
        {description !== null && <p class="prose">{textIn(description, locale)}</p>}
        <Rules view={view} holding={holding} />
        <Names title={texts.coupon.stores} names={holding.stores} none={texts.coupon.everyStore} />
        <Names title={texts.pass.usableAt} names={holding.usableAt} none={issuerName} />
        {status === 'issued' && holding.transferable && (
          <Gift view={view} holding={holding} giftLink={giftLink} />
        )}
      </div>
    </Frame>
  );
}

type HoldingProps = Pick<CouponPageProps, 'view' | 'holding'>;

function Code({ view, holding }: HoldingProps) {
  const { locale } = view;
  const texts = walletTexts[locale];
  return (
    <section aria-labelledby="code-title">
      <p class="mark good">{timeOf(holding, locale)}</p>
      <h2 id="code-title">{texts.coupon.code}</h2>
      <Qr text={holding.code} label={texts.coupon.qr} />
      <CopyButton text={holding.code} label={texts.copyCode} />
    </section>
  );
}

function Rules({ view, holding }: HoldingProps) {
  const { locale } = view;
  const texts = walletTexts[locale].coupon;
  const asked = rules(holding, locale);
  const open = hours(holding, locale);
  if (asked.length + open.length === 0) return null;
  return (
    <section aria-labelledby="rules-title">
      <h2 id="rules-title">{texts.rules}</h2>
      <ul>
        {asked.map((rule) => (
          <li key={rule}>{rule}</li>
        ))}
        {open.map((span) => (
          <li key={span}>{span}</li>
        ))}
      </ul>
    </section>
  );
}

function Names(props: { title: string; names: readonly string[]; none: string }) {
  const { title, names, none } = props;
  return (
    <section>
      <h2>{title}</h2>
      <ul>
        {(names.length === 0 ? [none] : names).map((name) => (
          <li key={name}>{name}</li>
        ))}
      </ul>
    </section>
  );
}

function Gift({ view, holding, giftLink }: CouponPageProps) {
  const { locale } = view;
  const texts = walletTexts[locale].gift;
  const { id, givenUntil, timeZone } = holding;
  const action = `/me/coupons/${id}/gift`;
  if (givenUntil === null) {
    return (
      <section aria-labelledby="gift-title">
        <h2 id="gift-title">{texts.heading}</h2>
        <p>{texts.hint}</p>
        <form method="post" action={action}>
          <button type="submit">{texts.make}</button>
        </form>
      </section>
    );
  }
  return (
    <section aria-labelledby="gift-title">
      <h2 id="gift-title">{texts.heading}</h2>
      <p>
        {texts.open} <strong>{moment(givenUntil, timeZone, locale)}</strong>
      </p>
      {giftLink === null ? (
        <form method="post" action={action}>
          <p>{texts.elsewhere}</p>
          <button type="submit">{texts.renew}</button>
        </form>
      ) : (
        <GiftLink view={view} link={giftLink} />
      )}
      <form method="post" action={`${action}/revoke`}>
        <button type="submit">{texts.revoke}</button>
      </form>
    </section>
  );
}

function GiftLink({ view, link }: { readonly view: View; readonly link: string }) {
  const texts = walletTexts[view.locale].gift;
  return (
    <p>
      <label for="gift-link">{texts.link}</label>
      <input id="gift-link" readOnly value={link} />
      <CopyButton text={link} label={texts.copy} />{' '}
      <button type="button" class="can-share" data-share={link}>
        {texts.share}
      </button>
    </p>
  );
}
