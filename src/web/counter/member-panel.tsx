import type { Visitor, VisitorCard } from '../../counter/model.ts';
import { day, figures, money } from '../ui/format.ts';
import { CouponList } from './coupon-list.tsx';
import type { LineStatus, ShownVisitor } from './till-model.ts';
import { nameOf, type View } from './view.ts';

/** Who stands at the till, with the coupons; or what is waited for. */
export function MemberPanel({ view }: { readonly view: View }) {
  const { state, t } = view;
  return (
    <section class="panel member" aria-labelledby="member-heading">
      <h2 id="member-heading" class="hidden">
        {t.member.heading}
      </h2>
      <Chips view={view} />
      {state.visitor === null ? <Waiting view={view} /> : <Who view={view} who={state.visitor} />}
    </section>
  );
}

/** Who tapped while a bill was in work. */
function Chips({ view }: { readonly view: View }) {
  const { state, t, act } = view;
  if (state.chips.length === 0) return null;
  return (
    <ul class="chips" aria-label={t.member.others}>
      {state.chips.map(({ key, name }) => (
        <li key={key}>
          <button type="button" onClick={() => act({ kind: 'switch', key })}>
            {t.member.switchTo(nameOf(view, name))}
          </button>
        </li>
      ))}
    </ul>
  );
}

function Waiting({ view: { state, t } }: { readonly view: View }) {
  const [lead, text] = waitingFor(state.line, t.member);
  return (
    <div class="waiting">
      <svg viewBox="0 0 96 96" aria-hidden="true">
        <rect x="34" y="8" width="28" height="48" rx="5" />
        <path d="M44 48h8M24 62a34 34 0 0 0 48 0M32 70a24 24 0 0 0 32 0M40 78a12 12 0 0 0 16 0" />
      </svg>
      <p class="lead">{lead}</p>
      <p class="quiet">{text}</p>
      <details>
        <summary>{t.member.noTap}</summary>
        <p class="quiet">{t.member.noTapText}</p>
      </details>
    </div>
  );
}

function waitingFor({ kind }: LineStatus, words: View['t']['member']): [string, string] {
  if (kind === 'off') return [words.off, words.offText];
  if (kind === 'lost') return [words.lost, words.lostText];
  return [words.waiting, words.waitingText];
}

function Who({ view, who }: { readonly view: View; readonly who: ShownVisitor }) {
  const { t, act } = view;
  const { name } = who.tap;
  if (name === null) {
    return (
      <div class="waiting">
        <p class="lead">{t.member.unknown}</p>
        <p class="quiet">{t.member.unknownText}</p>
      </div>
    );
  }
  return (
    <>
      <div class="who">
        <span class="face" aria-hidden="true">
          {[...nameOf(view, name)][0]}
        </span>
        <div>
          <p class="lead">{nameOf(view, name)}</p>
          <p class="facts">
            {name.number !== null && name.name !== null && (
              <span>{t.member.number(name.number)}</span>
            )}
            {name.tier !== null && <span>{name.tier}</span>}
            <LastVisit view={view} who={who} />
          </p>
        </div>
      </div>
      {who.details !== null && <Cards view={view} visitor={who.details} />}
      {!who.confirmed && (
        <div class="confirm">
          <p>
            <b>{t.member.confirm}</b> {t.member.confirmText}
          </p>
          <button type="button" data-focus="confirm" onClick={() => act({ kind: 'confirm' })}>
            {t.member.confirmButton}
          </button>
        </div>
      )}
      <CouponList view={view} />
    </>
  );
}

function LastVisit({ view, who }: { readonly view: View; readonly who: ShownVisitor }) {
  const { t, locale } = view;
  if (who.details === null) return who.tap.tapId === null ? null : <span>{t.member.loading}</span>;
  const { lastVisit } = who.details;
  return (
    <span>
      {lastVisit === null ? t.member.firstVisit : t.member.lastVisit(day(locale, lastVisit))}
    </span>
  );
}

function Cards({ view, visitor }: { readonly view: View; readonly visitor: Visitor }) {
  if (visitor.cards.length === 0) return null;
  return (
    <ul class="cards">
      {visitor.cards.map((card) => (
        <li key={card.objectId}>
          <span class="quiet">{card.program}</span>
          <Worth view={view} card={card} />
        </li>
      ))}
    </ul>
  );
}

function Worth({ view, card }: { readonly view: View; readonly card: VisitorCard }) {
  const { t, locale } = view;
  return (
    <dl class="worth">
      {card.points !== null && (
        <div>
          <dt>{t.member.points}</dt>
          <dd>{figures(locale, card.points)}</dd>
        </div>
      )}
      {card.balance !== null && (
        <div>
          <dt>{t.member.balance}</dt>
          <dd>{money(locale, card.balance.currency, card.balance.amountMinor)}</dd>
        </div>
      )}
    </dl>
  );
}
