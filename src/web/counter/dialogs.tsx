import type { ComponentChildren } from 'preact';
import { clockTime } from '../ui/format.ts';
import { amountText, type Density, type View } from './view.ts';

interface ModalProps {
  readonly view: View;
  readonly title: string;
  readonly children: ComponentChildren;
}

/** The browser's own dialog: it keeps the focus inside and gives it back. */
function Modal({ view: { t, act }, title, children }: ModalProps) {
  const open = (dialog: HTMLDialogElement | null) => {
    if (dialog !== null && !dialog.open) dialog.showModal();
  };
  return (
    <dialog ref={open} aria-label={title} onClose={() => act({ kind: 'dialog', dialog: null })}>
      <form method="dialog">
        <header>
          <h2>{title}</h2>
          <button type="submit">
            {t.help.close} <kbd>Esc</kbd>
          </button>
        </header>
      </form>
      {children}
    </dialog>
  );
}

/** The dialog that is open, if one is. */
export function Dialogs({ view }: { readonly view: View }) {
  const { dialog } = view.state;
  if (dialog === 'help') return <HelpDialog view={view} />;
  return dialog === 'queue' ? <QueueDialog view={view} /> : null;
}

function HelpDialog({ view }: { readonly view: View }) {
  const { t } = view;
  return (
    <Modal view={view} title={t.help.title}>
      <dl class="keys">
        {Object.entries(t.help.keys).map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <p>{t.help.scanner}</p>
      <h3>{t.member.noTap}</h3>
      <p>{t.member.noTapText}</p>
      <Settings view={view} />
    </Modal>
  );
}

function Settings({ view: { t, preferences, act } }: { readonly view: View }) {
  const prefer = (changed: Partial<View['preferences']>) =>
    act({ kind: 'prefer', preferences: { ...preferences, ...changed } });
  const densities: readonly Density[] = ['auto', 'touch', 'compact'];
  return (
    <fieldset class="settings">
      <legend>{t.settings.heading}</legend>
      <label>
        {t.settings.density}
        <select
          value={preferences.density}
          onChange={({ currentTarget }) => prefer({ density: currentTarget.value as Density })}
        >
          {densities.map((density) => (
            <option key={density} value={density}>
              {t.settings[density]}
            </option>
          ))}
        </select>
      </label>
      <label>
        <input
          type="checkbox"
          checked={preferences.oneCharacterKeys}
          onChange={({ currentTarget }) => prefer({ oneCharacterKeys: currentTarget.checked })}
        />
        {t.settings.shortcuts}
      </label>
      <label>
        <input
          type="checkbox"
          checked={preferences.sound}
          onChange={({ currentTarget }) => prefer({ sound: currentTarget.checked })}
        />
        {t.settings.sound}
      </label>
    </fieldset>
  );
}

function QueueDialog({ view }: { readonly view: View }) {
  const { t, state, locale, act } = view;
  return (
    <Modal view={view} title={t.queue.title}>
      <p>{state.queue.length === 0 ? t.queue.none : t.queue.text}</p>
      <ol class="waiting-list">
        {state.queue.map(({ key, queuedAt, couponName, visitorName, discountMinor, conflict }) => (
          <li key={key}>
            <p>
              <b>{couponName}</b> {amountText(view, -discountMinor)}{' '}
              <span class="quiet">
                {visitorName} {clockTime(locale, queuedAt)}
              </span>
            </p>
            {conflict === null ? (
              <p class="quiet">{t.queue.waiting}</p>
            ) : (
              <>
                <p class="bad">
                  <b>{conflict.title}</b> {conflict.detail}
                </p>
                <p>{t.queue.conflict}</p>
                <button type="button" onClick={() => act({ kind: 'settle', key })}>
                  {t.queue.settle}
                </button>
              </>
            )}
          </li>
        ))}
      </ol>
      {state.queue.some(({ conflict }) => conflict === null) && (
        <button type="button" onClick={() => act({ kind: 'upload' })}>
          {t.queue.upload}
        </button>
      )}
    </Modal>
  );
}
