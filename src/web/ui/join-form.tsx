import type { Locale } from '../../problems/model.ts';
import { joinTexts } from '../texts/join.ts';
import { type JoinError, joinFailures } from '../texts/join-failures.ts';

export type JoinStep =
  | { readonly kind: 'phone'; readonly phone?: string; readonly error?: JoinError }
  | {
      readonly kind: 'code';
      readonly codeId: string;
      /** E.164; it goes along, so that nobody types it twice. */
      readonly phone: string;
      readonly displayName?: string;
      readonly error?: JoinError;
    };

export interface JoinFormProps {
  readonly locale: Locale;
  /** A path of ours where the member goes on. */
  readonly returnTo: string;
  readonly issuerName: string | null;
  readonly step: JoinStep;
  /** Whether an OpenID provider is there to sign in at. */
  readonly signIn: boolean;
  /** The heading where the form is the page; a section's otherwise. */
  readonly heading?: 'h1' | 'h2';
}

/** Joining in two steps, by plain forms: the phone number, then the code that was sent to it. */
export function JoinForm(props: JoinFormProps) {
  const { locale, issuerName, step, heading: Heading = 'h2' } = props;
  const texts = joinTexts[locale];
  return (
    <section class="join" aria-labelledby="join-title">
      <Heading id="join-title">
        {issuerName === null ? texts.title : texts.titleAt(issuerName)}
      </Heading>
      {step.kind === 'phone' ? (
        <PhoneStep {...props} step={step} />
      ) : (
        <CodeStep {...props} step={step} />
      )}
      <p class="quiet consent">{texts.consent}</p>
    </section>
  );
}

type PropsAt<Kind> = JoinFormProps & { readonly step: Extract<JoinStep, { kind: Kind }> };

function PhoneStep({ locale, returnTo, step, signIn }: PropsAt<'phone'>) {
  const texts = joinTexts[locale];
  const { phone = '', error } = step;
  return (
    <>
      <p>{texts.why}</p>
      <form method="post" action="/join/code">
        <input type="hidden" name="returnTo" value={returnTo} />
        <label for="join-phone">{texts.phone}</label>
        <input
          id="join-phone"
          name="phone"
          type="tel"
          autocomplete="tel"
          required
          maxLength={40}
          value={phone}
          aria-describedby={describedBy('join-phone-hint', error)}
          aria-invalid={error === 'phone-invalid'}
        />
        <p class="quiet" id="join-phone-hint">
          {texts.phoneHint}
        </p>
        <Failure locale={locale} error={error} />
        <button type="submit" class="primary">
          {texts.sendCode}
        </button>
      </form>
      {signIn && (
        <a class="button" href={`/join/sign-in?returnTo=${encodeURIComponent(returnTo)}`}>
          {texts.signIn}
        </a>
      )}
    </>
  );
}

function CodeStep({ locale, returnTo, step }: PropsAt<'code'>) {
  const texts = joinTexts[locale];
  const { codeId, phone, displayName = '', error } = step;
  return (
    <>
      <p>{texts.sentTo(phone)}</p>
      <form method="post" action="/join">
        <input type="hidden" name="returnTo" value={returnTo} />
        <input type="hidden" name="codeId" value={codeId} />
        <input type="hidden" name="phone" value={phone} />
        <label for="join-code">{texts.code}</label>
        <input
          id="join-code"
          name="code"
          type="text"
          inputMode="numeric"
          autocomplete="one-time-code"
          required
          maxLength={40}
          aria-describedby={describedBy('join-code-hint', error)}
          aria-invalid={error === 'code-wrong'}
        />
        <p class="quiet" id="join-code-hint">
          {texts.codeHint}
        </p>
        <Failure locale={locale} error={error} />
        <label for="join-name">{texts.displayName}</label>
        <input
          id="join-name"
          name="displayName"
          type="text"
          autocomplete="nickname"
          maxLength={40}
          value={displayName}
          aria-describedby="join-name-hint"
        />
        <p class="quiet" id="join-name-hint">
          {texts.displayNameHint}
        </p>
        <button type="submit" class="primary">
          {texts.join}
        </button>
      </form>
      <form method="post" action="/join/code">
        <input type="hidden" name="returnTo" value={returnTo} />
        <input type="hidden" name="codeId" value={codeId} />
        <input type="hidden" name="phone" value={phone} />
        <button type="submit">{texts.sendAgain}</button>
      </form>
      <a href={`/join?returnTo=${encodeURIComponent(returnTo)}`}>{texts.otherNumber}</a>
    </>
  );
}

const ERROR = 'join-error';

function describedBy(hint: string, error: JoinError | undefined): string {
  return error === undefined ? hint : `${ERROR} ${hint}`;
}

function Failure({ locale, error }: { locale: Locale; error: JoinError | undefined }) {
  if (error === undefined) return null;
  const { title, detail } = joinFailures[error];
  return (
    <p class="failure" id={ERROR} role="alert">
      <strong>{title[locale]}</strong> {detail[locale]}
    </p>
  );
}
