import { BillPanel } from './bill-panel.tsx';
import { Dialogs } from './dialogs.tsx';
import { MemberPanel } from './member-panel.tsx';
import { NoticeBar } from './notice-bar.tsx';
import { OmniboxField } from './omnibox-field.tsx';
import { EndedPanel, PreflightPanel } from './preflight-panel.tsx';
import { OfflineBanner, StatusButton } from './status-button.tsx';
import { Strip } from './strip.tsx';
import { isMoneyMode } from './till-facts.ts';
import { MODES } from './till-model.ts';
import type { View } from './view.ts';

/** The whole counter on one screen, drawn alike by the server and in the browser. */
export function Screen({ view }: { readonly view: View }) {
  const { state, t, preferences } = view;
  return (
    <div class={`counter ${preferences.density}`}>
      <TopBar view={view} />
      <main class="work">
        <h1 class="hidden">{t.titleAt(state.till.terminalName)}</h1>
        <OfflineBanner view={view} />
        <EndedPanel view={view} />
        <PreflightPanel view={view} />
        {view.alsoOpen && <p class="banner plain">{t.settings.alsoOpen}</p>}
        <div class="entering">
          <OmniboxField view={view} />
          <Modes view={view} />
        </div>
        <NoticeBar view={view} />
        <div class="panels">
          <MemberPanel view={view} />
          {isMoneyMode(state.mode) ? <NotEnabled view={view} /> : <BillPanel view={view} />}
        </div>
      </main>
      <Strip view={view} />
      <Dialogs view={view} />
    </div>
  );
}

function TopBar({ view }: { readonly view: View }) {
  const { state, t, act } = view;
  const conflicts = state.queue.some(({ conflict }) => conflict !== null);
  return (
    <header class="top">
      <StatusButton view={view} />
      <p class="place">
        <b>{state.till.terminalName}</b>
        <span>{state.till.storeName}</span>
      </p>
      <button
        type="button"
        class={conflicts ? 'queue bad' : 'queue'}
        onClick={() => act({ kind: 'dialog', dialog: 'queue' })}
      >
        {t.queue.label} <b>{state.queue.length}</b>
      </button>
      <button
        type="button"
        lang={view.locale === 'en' ? 'zh-CN' : 'en'}
        onClick={() => act({ kind: 'language' })}
      >
        {t.language}
      </button>
      <button type="button" onClick={() => act({ kind: 'help' })}>
        {t.help.open} <kbd>?</kbd>
      </button>
    </header>
  );
}

function Modes({ view: { state, t, act } }: { readonly view: View }) {
  return (
    <fieldset class="modes">
      <legend class="hidden">{t.modes.label}</legend>
      {MODES.map((mode, index) => (
        <button
          key={mode}
          type="button"
          aria-pressed={state.mode === mode}
          aria-keyshortcuts={`Alt+${index + 1}`}
          onClick={() => act({ kind: 'mode', mode })}
        >
          {t.modes[mode]} <kbd>Alt {index + 1}</kbd>
        </button>
      ))}
    </fieldset>
  );
}

/** Honest about what is not there; who tapped is shown all the same. */
function NotEnabled({ view: { state, t } }: { readonly view: View }) {
  return (
    <section class="panel bill">
      <h2>{t.modes[state.mode]}</h2>
      <p class="lead">{t.notEnabled.title}</p>
      <p>{t.notEnabled.text}</p>
    </section>
  );
}
