import type { ComponentChildren } from 'preact';
import type { Locale } from '../../problems/model.ts';
import type { WritingTexts } from '../texts/writing.ts';
import { type Happening, leftUnlocked, placeOf, type Step } from './steps.ts';

/** What the page starts from; the same for the server and the island. */
export interface WritingStart {
  readonly locale: Locale;
  readonly texts: WritingTexts;
  readonly standName: string;
  readonly tillName: string;
  readonly issuerName: string;
  readonly writtenBefore: boolean;
  /** What is written on the tag, and the same as an NDEF message in hexadecimal. */
  readonly url: string;
  readonly ndef: string;
  readonly bytes: number;
  readonly fits: readonly string[];
  /** The address of this page and its QR code, for another phone. */
  readonly link: string;
  readonly qr: { readonly side: number; readonly path: string };
}

interface WritingPageProps {
  readonly start: WritingStart;
  readonly step: Step;
  readonly copied: boolean;
  readonly tell: (happening: Happening) => void;
  readonly copy: () => void;
}

export function WritingPage({ start, step, copied, tell, copy }: WritingPageProps) {
  const { texts } = start;
  return (
    <main>
      <header>
        <p class="quiet">{start.issuerName}</p>
        <h1>{texts.title}</h1>
        <p>{filled(texts.at, { stand: start.standName, till: start.tillName })}</p>
      </header>
      <Steps texts={texts} step={step} />
      <Now start={start} step={step} />
      <div class="buttons">
        <Buttons texts={texts} step={step} tell={tell} />
        {step.at === 'blocked' && (
          <button type="button" onClick={copy}>
            {copied ? texts.buttons.copied : texts.buttons.copyLink}
          </button>
        )}
      </div>
      {step.at === 'blocked' && step.by !== 'insecure' && <PageCode start={start} />}
      <noscript>
        <p>{texts.noScript}</p>
      </noscript>
      <Fallback start={start} />
      <OtherLanguage locale={start.locale} />
    </main>
  );
}

/** A text with its `{…}` filled in. */
function filled(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
}

const LOCKING = 3;

function Steps({ texts, step }: { readonly texts: WritingTexts; readonly step: Step }) {
  const { steps, stepsName, done, now } = texts;
  const place = placeOf(step);
  const isDone = (index: number) => index < place && !(index === LOCKING && leftUnlocked(step));
  return (
    <ol class="steps" aria-label={stepsName}>
      {steps.map((name, index) => (
        <li
          key={name}
          class={isDone(index) ? 'done' : ''}
          aria-current={index === place ? 'step' : undefined}
        >
          {name}
          {isDone(index) && <span class="hidden"> ({done})</span>}
          {index === place && <span class="hidden"> ({now})</span>}
        </li>
      ))}
    </ol>
  );
}

/** Announced at once, as nobody looks at a phone that is held to a tag. */
function Now({ start, step }: { readonly start: WritingStart; readonly step: Step }) {
  const { texts } = start;
  const { title, detail } = toldOf(texts, step);
  const kind = step.at === 'failed' || step.at === 'refused' ? 'bad' : '';
  const isGood = step.at === 'written' || step.at === 'verified';
  return (
    <section class={`now ${isGood ? 'good' : kind}`} role="alert" tabIndex={-1} data-step={step.at}>
      <Sign step={step} />
      <h2>{title}</h2>
      <p>{detail}</p>
      {step.at === 'start' && start.writtenBefore && <p class="quiet">{texts.writtenBefore}</p>}
      {step.at === 'existing' && step.holds !== null && (
        <p class="address">{filled(texts.holds, { url: step.holds })}</p>
      )}
      {'slow' in step && step.slow && <p class="hint">{texts.slow}</p>}
      {isGood && step.serial !== '' && (
        <p class="quiet">{filled(texts.serial, { serial: step.serial })}</p>
      )}
      {step.at === 'written' && <p>{texts.lock[step.lock === 'open' ? 'offer' : step.lock]}</p>}
    </section>
  );
}

function toldOf(
  texts: WritingTexts,
  step: Step,
): { readonly title: string; readonly detail: string } {
  switch (step.at) {
    case 'blocked':
      return texts.obstacles[step.by];
    case 'failed':
      return texts.failures[step.why];
    case 'refused':
      return step;
    default:
      return texts[step.at];
  }
}

/** A tag at the back of a phone, and what came of it: a shape beside every colour. */
function Sign({ step }: { readonly step: Step }) {
  const isNear = 'slow' in step || step.at === 'start' || step.at === 'asking';
  if (isNear) {
    return (
      <svg class="sign" viewBox="0 0 96 64" aria-hidden="true">
        <rect class="phone" x="34" y="4" width="28" height="56" rx="5" />
        <circle class="tag" cx="48" cy="22" r="9" />
      </svg>
    );
  }
  const good = step.at === 'written' || step.at === 'verified' || step.at === 'reporting';
  return (
    <svg class="sign" viewBox="0 0 96 64" aria-hidden="true">
      <circle class="round" cx="48" cy="32" r="26" />
      <path class="mark" d={good ? 'M36 33l9 9 17-20' : 'M48 18v18M48 43v3'} />
    </svg>
  );
}

interface ButtonsProps {
  readonly texts: WritingTexts;
  readonly step: Step;
  readonly tell: (happening: Happening) => void;
}

function Buttons({ texts: { buttons }, step, tell }: ButtonsProps) {
  const button = (
    what: PlainHappening,
    text: ComponentChildren,
    primary = false,
    key: string = what,
  ) => (
    <button type="button" key={key} class={primary ? 'primary' : ''} onClick={() => tell({ what })}>
      {text}
    </button>
  );
  switch (step.at) {
    case 'start':
      return button('allow', buttons.allow, true);
    case 'asking':
    case 'waiting':
    case 'writing':
    case 'checking':
      return button('cancel', buttons.cancel);
    case 'existing':
      return [
        button('overwrite', buttons.overwrite),
        button('other-tag', buttons.otherTag, true),
        button('cancel', buttons.cancel),
      ];
    case 'unsent':
      return button('send', buttons.send, true);
    case 'failed':
      return button('allow', buttons.again, true);
    case 'written':
      if (step.lock === 'locked') return null;
      return step.lock === 'open' || step.lock === 'failed'
        ? button('lock', buttons.lock)
        : [
            // Other buttons in other places: who taps twice has locked nothing.
            button('keep-open', buttons.keepOpen, true),
            step.lock === 'sure' && button('lock', buttons.lockSure, false, 'sure'),
          ];
    default:
      return null;
  }
}

type PlainHappening =
  | 'allow'
  | 'cancel'
  | 'overwrite'
  | 'other-tag'
  | 'send'
  | 'lock'
  | 'keep-open';

function PageCode({ start }: { readonly start: WritingStart }) {
  const { side, path } = start.qr;
  return (
    <figure class="qr">
      <svg
        role="img"
        aria-label={start.texts.qr}
        viewBox={`-4 -4 ${side + 8} ${side + 8}`}
        shape-rendering="crispEdges"
      >
        <rect x="-4" y="-4" width={side + 8} height={side + 8} fill="#fff" />
        <path d={path} fill="#000" />
      </svg>
      <figcaption class="address">{start.link}</figcaption>
    </figure>
  );
}

/** The link is good until a tag was written, so the page may be opened again in another language. */
function OtherLanguage({ locale }: { readonly locale: Locale }) {
  const [other, name] = locale === 'en' ? ['zh-CN', '中文'] : ['en', 'English'];
  return (
    <p class="language">
      <a href={`?lang=${other}`} lang={other} hreflang={other}>
        {name}
      </a>
    </p>
  );
}

function Fallback({ start }: { readonly start: WritingStart }) {
  const { fallback } = start.texts;
  const tags = new Intl.ListFormat(start.locale, { type: 'disjunction' }).format(start.fits);
  return (
    <details>
      <summary>{fallback.title}</summary>
      <p>{fallback.text}</p>
      <dl>
        <dt>{fallback.url}</dt>
        <dd class="address">{start.url}</dd>
        <dt>{fallback.ndef}</dt>
        <dd class="address">{start.ndef}</dd>
      </dl>
      <p class="quiet">{filled(fallback.size, { bytes: String(start.bytes), tags })}</p>
    </details>
  );
}
