import { clockTime, exactTime } from '../ui/format.ts';
import type { LineStatus } from './till-model.ts';
import type { View } from './view.ts';

/** Each state has a shape of its own beside its colour and its word. */
const SHAPES: Readonly<Record<LineStatus['kind'], string>> = {
  off: 'M12 4v8M7 7a7 7 0 1 0 10 0',
  connecting: 'M5 12h.01M12 12h.01M19 12h.01',
  on: 'M5 13l4 4L19 7',
  lost: 'M6 6l12 12M18 6L6 18',
  back: 'M4 12a8 8 0 1 1 3 6M4 20v-5h5',
};

/** Switches recognition on and off; where the line is lost it tries again at once. */
export function StatusButton({ view }: { readonly view: View }) {
  const { line } = view.state;
  const { label, hint } = words(view);
  return (
    <button
      type="button"
      class={`status ${line.kind}`}
      aria-pressed={line.kind !== 'off'}
      aria-keyshortcuts="Control+/"
      onClick={() => view.act({ kind: 'toggle-line' })}
    >
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path d={SHAPES[line.kind]} />
      </svg>
      <span class="words">
        <b>{label}</b>
        <small>{hint}</small>
      </span>
      <kbd>Ctrl /</kbd>
    </button>
  );
}

function words({ state: { line }, t, locale, now }: View): { label: string; hint: string } {
  switch (line.kind) {
    case 'off':
      return { label: t.line.off, hint: t.line.turnOn };
    case 'connecting':
      return { label: t.line.connecting, hint: t.line.turnOff };
    case 'on':
      return { label: t.line.on, hint: t.line.turnOff };
    case 'back':
      return {
        label: t.line.back,
        hint: line.missed === 0 ? t.line.turnOff : t.line.missed(line.missed),
      };
    case 'lost': {
      const seconds = Math.max(0, Math.ceil(((line.retryAt ?? now) - now) / 1000));
      const hint = line.retryAt === null ? t.line.retrying : t.line.retryIn(seconds);
      return { label: t.line.lost(exactTime(locale, line.since)), hint };
    }
  }
}

/** Across the screen while the line is lost: what goes on, and what waits. */
export function OfflineBanner({ view }: { readonly view: View }) {
  const { line } = view.state;
  if (line.kind !== 'lost') return null;
  return <p class="banner">{view.t.offline(clockTime(view.locale, line.since))}</p>;
}
