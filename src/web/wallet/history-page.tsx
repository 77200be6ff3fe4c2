import type { HistoryEntry } from '../../coupons/history-model.ts';
import type { Locale } from '../../problems/model.ts';
import { moment, money, textIn } from '../claim/worth.ts';
import { walletTexts } from '../texts/wallet.ts';
import { Frame } from './frame.tsx';
import { More } from './home-page.tsx';
import type { View } from './view.ts';
import { placeOf } from './words.ts';

export interface HistoryPageProps {
  readonly view: View;
  readonly entries: readonly HistoryEntry[];
  readonly more: string | null;
}

/** What happened in the wallet, latest first. */
export function HistoryPage({ view, entries, more }: HistoryPageProps) {
  const texts = walletTexts[view.locale].history;
  return (
    <Frame view={view} title={texts.heading} place="history">
      <h1>{texts.heading}</h1>
      <p class="quiet">{texts.window}</p>
      {entries.length === 0 && <p class="empty">{texts.none}</p>}
      <ol class="history" id="entries" data-live>
        {entries.map((entry) => (
          <Entry key={entry.place} entry={entry} locale={view.locale} />
        ))}
      </ol>
      {more !== null && <More path={more} view={view} />}
    </Frame>
  );
}

function Entry({ entry, locale }: { readonly entry: HistoryEntry; readonly locale: Locale }) {
  const texts = walletTexts[locale].history;
  const { kind, at, couponId, name, timeZone, saved } = entry;
  return (
    <li>
      <span>
        <strong>{texts.kind[kind]}</strong> ·{' '}
        <a href={`/me/coupons/${couponId}`}>{textIn(name, locale)}</a>
      </span>
      {saved !== null && (
        <span>
          {texts.saved(
            money(saved.discountMinor, saved.currency, locale),
            money(saved.orderTotalMinor, saved.currency, locale),
          )}
        </span>
      )}
      <span class="quiet">
        <time dateTime={at.toISOString()}>{moment(at, timeZone, locale)}</time> ·{' '}
        {placeOf(entry, locale)}
      </span>
    </li>
  );
}
