import { stopsRecognition } from './till-facts.ts';
import type { View } from './view.ts';

/** What is missing before members can be recognised, each with who mends it and where. */
export function PreflightPanel({ view }: { readonly view: View }) {
  const { state, t, act } = view;
  if (state.preflight === null) return null;
  const failed = state.preflight.filter(({ ok }) => !ok);
  const stops = stopsRecognition(state.preflight);
  return (
    <section class="warning" aria-labelledby="preflight-heading">
      <h2 id="preflight-heading">{stops ? t.preflight.title : t.preflight.partly}</h2>
      <ul>
        {failed.map(({ name }) => (
          <li key={name}>{t.preflight.checks[name]}</li>
        ))}
      </ul>
      <div class="actions">
        {stops && (
          <button type="button" onClick={() => act({ kind: 'toggle-line' })}>
            {t.preflight.again}
          </button>
        )}
        <button type="button" onClick={() => act({ kind: 'back' })}>
          {t.help.close}
        </button>
      </div>
    </section>
  );
}

/** The service knows this till no more; what is on the screen stays. */
export function EndedPanel({ view: { state, t } }: { readonly view: View }) {
  if (state.session === 'paired') return null;
  return (
    <section class="warning bad" role="alert">
      <h2>{t.ended.title}</h2>
      <p>{t.ended.text}</p>
      <p>
        <a class="button" href="/counter/pair" target="_blank" rel="noopener">
          {t.ended.pair}
        </a>
      </p>
    </section>
  );
}
