import { claimTexts } from '../texts/claim.ts';
import { JoinForm } from '../ui/join-form.tsx';
import { Qr } from '../ui/qr.tsx';
import { Card } from './card.tsx';
import { Foot } from './foot.tsx';
import { Offers, Owned } from './offers.tsx';
import type { ClaimView, Notice } from './view.ts';

/** What a phone shows after it touched a stand: who is recognised, and what there is to claim. */
export function ClaimPage({ view }: { readonly view: ClaimView }) {
  const { locale, path, session, standing, member, isIphone } = view;
  return (
    <main>
      <header>
        <p class="shop">
          <strong>{session.issuerName}</strong>{' '}
          <span class="quiet">
            {session.storeName} · {session.terminalName}
          </span>
        </p>
        <Greeting view={view} />
      </header>
      <Told notice={view.notice} />
      {member?.card && <Card card={member.card} issuerName={session.issuerName} locale={locale} />}
      {member !== null && !session.isHeard && <Unheard view={view} />}
      <Offers view={view} />
      {member !== null && <Owned owned={member.owned} locale={locale} />}
      {standing === 'own' && <Join view={view} />}
      <Foot locale={locale} path={path} isIphone={isIphone} isMember={member !== null} />
    </main>
  );
}

export function titleOf({ locale, session, member, standing }: ClaimView): string {
  const texts = claimTexts[locale];
  if (member === null || standing !== 'own') return texts.welcome(session.issuerName);
  return member.name === null ? texts.welcomeBack : texts.hello(member.name);
}

function Greeting({ view }: { readonly view: ClaimView }) {
  const { locale, standing, member, session, lookOnly } = view;
  const texts = claimTexts[locale];
  const isRecognised = member !== null && session.isHeard;
  return (
    <>
      <h1>{titleOf(view)}</h1>
      {lookOnly !== null && (
        <p class="notice">
          <strong>{lookOnly.title}</strong> {lookOnly.detail}
        </p>
      )}
      {standing === 'own' && isRecognised && <p>{texts.recognised}</p>}
      {standing === 'own' && member === null && <p>{texts.stranger}</p>}
    </>
  );
}

/** Where the outcome of a claim is told, by the server or by the script. */
function Told({ notice }: { readonly notice: Notice | null }) {
  return (
    <div id="told" role="status" aria-live="polite" tabIndex={-1}>
      {notice !== null && (
        <p class={notice.isGood ? 'notice good' : 'notice bad'}>
          {notice.title !== '' && <strong>{notice.title}</strong>} {notice.detail}
        </p>
      )}
    </div>
  );
}

/** The cashier cannot see the member, so the member shows a code. */
function Unheard({ view: { locale, member } }: { readonly view: ClaimView }) {
  const texts = claimTexts[locale];
  const code = member?.card?.redemptionValue ?? null;
  return (
    <section class="notice">
      <p>{code === null ? texts.unheardWithoutCard : texts.unheard}</p>
      {code !== null && <Qr text={code} label={texts.memberCode} />}
    </section>
  );
}

function Join({ view }: { readonly view: ClaimView }) {
  const { locale, path, session, member, signIn } = view;
  const texts = claimTexts[locale];
  const { issuerName, isJoinable } = session;
  if (member === null) {
    return (
      <JoinForm
        locale={locale}
        returnTo={path}
        issuerName={isJoinable ? issuerName : null}
        step={{ kind: 'phone' }}
        signIn={signIn}
      />
    );
  }
  if (member.isMemberHere || !isJoinable) return null;
  return (
    <form method="post" action={`${path}/membership`} class="notice">
      <p>{texts.joinHereWhy}</p>
      <button type="submit" class="wide">
        {texts.joinHere(issuerName)}
      </button>
    </form>
  );
}
