import type { DisplayState } from '../../counter/model.ts';
import { type DisplayTexts, displayTexts } from '../texts/display.ts';
import { money } from '../ui/format.ts';
import type { DisplayStart, DisplayView } from './display-model.ts';

/** What the customer sees: few words, large figures. */
export function DisplayScreen({ view }: { readonly view: DisplayView }) {
  const { start, shown, name, line } = view;
  const t = displayTexts[shown.language];
  return (
    <main class={`display ${start.look} ${shown.state}`} lang={shown.language}>
      {line !== 'there' && (
        <p class="lost" role="alert">
          {line === 'ended' ? t.ended : t.lost}
        </p>
      )}
      <div class="stage" aria-live="polite">
        <Shown t={t} shown={shown} name={name} qr={start.qr} />
      </div>
    </main>
  );
}

interface ShownProps {
  readonly t: DisplayTexts;
  readonly shown: DisplayState;
  readonly name: string | null;
  readonly qr: DisplayStart['qr'];
}

function Shown({ t, shown, name, qr }: ShownProps) {
  switch (shown.state) {
    case 'idle':
      return <Idle t={t} qr={qr} />;
    case 'recognised':
      return (
        <>
          <h1>{name === null ? t.welcomeGuest : t.welcome(name)}</h1>
          <p>{t.looking}</p>
        </>
      );
    case 'done':
      return (
        <>
          <h1>{t.done}</h1>
          <Sums t={t} shown={shown} />
        </>
      );
    default:
      return <Sums t={t} shown={shown} />;
  }
}

function Idle({ t, qr }: Pick<ShownProps, 't' | 'qr'>) {
  return (
    <>
      <h1>{t.idle}</h1>
      <p>{t.idleText}</p>
      {qr !== null && (
        <figure>
          <svg role="img" aria-label={t.qr} viewBox={`-4 -4 ${qr.size + 8} ${qr.size + 8}`}>
            <rect x={-4} y={-4} width={qr.size + 8} height={qr.size + 8} fill="#fff" />
            <path d={qr.path} fill="#000" shape-rendering="crispEdges" />
          </svg>
          <figcaption>{t.orScan}</figcaption>
        </figure>
      )}
    </>
  );
}

type Billed = Extract<DisplayState, { readonly payableMinor: number }>;

function Sums({ t, shown }: { readonly t: DisplayTexts; readonly shown: Billed }) {
  const { language, currency, totalMinor, discountMinor, payableMinor, state } = shown;
  const text = (minor: number) => money(language, currency, minor);
  return (
    <dl>
      {discountMinor > 0 && (
        <>
          <div class="total">
            <dt>{t.total}</dt>
            <dd>{text(totalMinor)}</dd>
          </div>
          <div class="save">
            <dt>{t.save}</dt>
            <dd>{text(discountMinor)}</dd>
          </div>
        </>
      )}
      <div class="pay">
        <dt>{state === 'done' ? t.paid : t.toPay}</dt>
        <dd>{text(payableMinor)}</dd>
      </div>
    </dl>
  );
}
