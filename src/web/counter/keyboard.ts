import { type Command, commandOf, isOneCharacter, type KeyPress } from './keys.ts';
import { BURST_MS, burstAfter, NO_BURST } from './wedge.ts';

const BEGINS_ENTRY = /^[\p{L}\p{N}¥￥#*]$/u;

export interface KeyboardPorts {
  /** Whether one character alone may do something. */
  readonly oneCharacter: () => boolean;
  readonly command: (command: Command) => void;
  readonly scanned: (text: string) => void;
  /** Where typing goes while no bill is begun and nothing can be picked; null where it goes nowhere. */
  readonly entry: () => HTMLElement | null;
}

/**
 * The keys of the whole page. A character waits for a moment before it is a shortcut, because a
 * scanner's code begins with one too.
 */
export function listenToKeys({ oneCharacter, command, scanned, entry }: KeyboardPorts): void {
  let burst = NO_BURST;
  let waiting: ReturnType<typeof setTimeout> | undefined;

  addEventListener('keydown', (event) => {
    if (event.isComposing || event.repeat || document.querySelector('dialog[open]')) return;
    clearTimeout(waiting);
    const step = burstAfter(burst, event.ctrlKey || event.altKey ? '' : event.key, event.timeStamp);
    burst = step.burst;
    if (step.scan !== null) {
      event.preventDefault();
      return scanned(step.scan);
    }
    const press = pressOf(event);
    // The browser then types the character there.
    if (isOneCharacter(press) && BEGINS_ENTRY.test(press.key)) entry()?.focus();
    const found = commandOf(pressOf(event, document.activeElement), oneCharacter());
    if (found === null) return;
    if (!isOneCharacter(press)) {
      event.preventDefault();
      return command(found);
    }
    // Firefox would open its search with the slash.
    event.preventDefault();
    waiting = setTimeout(() => command(found), BURST_MS);
  });
}

function pressOf(event: KeyboardEvent, focused: EventTarget | null = event.target): KeyPress {
  const { key, code, ctrlKey, metaKey, altKey } = event;
  return { key, code, ctrl: ctrlKey || metaKey, alt: altKey, focus: focusOf(focused) };
}

function focusOf(target: EventTarget | null): KeyPress['focus'] {
  if (!(target instanceof HTMLElement)) return 'page';
  if (target instanceof HTMLInputElement && target.type !== 'checkbox') {
    return target.value === '' ? 'empty text' : 'text';
  }
  return target.matches('button, a, select, summary, input') ? 'control' : 'page';
}
