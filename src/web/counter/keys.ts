import { MODES, type Mode } from './till-model.ts';

/** One object type for each kind. */
export type Plain<Kind extends string> = Kind extends string ? { readonly kind: Kind } : never;

export type Command =
  | Plain<'toggle-line' | 'omnibox' | 'redeem' | 'back' | 'undo' | 'finish' | 'hold' | 'help'>
  | { readonly kind: 'pick'; readonly index: number }
  | { readonly kind: 'mode'; readonly mode: Mode };

export interface KeyPress {
  readonly key: string;
  /** The key's place, which Alt does not change on any keyboard. */
  readonly code: string;
  readonly ctrl: boolean;
  readonly alt: boolean;
  /** Where the focus is: in a field of text, on a button or its like, or nowhere. */
  readonly focus: 'text' | 'empty text' | 'control' | 'page';
}

/** One character alone does something: with speech input this must be possible to switch off. */
export function isOneCharacter({ key, ctrl, alt }: KeyPress): boolean {
  return !ctrl && !alt && [...key].length === 1;
}

/** What a key does at the till; null leaves it to the browser. */
export function commandOf(press: KeyPress, oneCharacter: boolean): Command | null {
  const { key, code, ctrl, alt, focus } = press;
  if (ctrl && !alt) return ctrlCommand(key, focus);
  if (alt && !ctrl) {
    const mode = MODES[Number(/^Digit([1-4])$/.exec(code)?.[1] ?? 0) - 1];
    return mode === undefined ? null : { kind: 'mode', mode };
  }
  if (isOneCharacter(press)) return oneCharacter ? character(key, focus) : null;
  if (key === 'Enter') return focus === 'page' ? { kind: 'redeem' } : null;
  return NAMED[key] ?? null;
}

const NAMED: Readonly<Record<string, Command>> = {
  F2: { kind: 'omnibox' },
  F4: { kind: 'hold' },
  F9: { kind: 'finish' },
  Escape: { kind: 'back' },
};

function ctrlCommand(key: string, focus: KeyPress['focus']): Command | null {
  if (key === '/') return { kind: 'toggle-line' };
  // In a field it takes back what was typed.
  if (key.toLowerCase() === 'z' && focus !== 'text') return { kind: 'undo' };
  return null;
}

function character(key: string, focus: KeyPress['focus']): Command | null {
  if (focus === 'text') return null;
  if (key === '?' || key === '？') return { kind: 'help' };
  if (focus === 'empty text') return null;
  if (key === '/') return { kind: 'omnibox' };
  return /^[1-9]$/.test(key) ? { kind: 'pick', index: Number(key) - 1 } : null;
}
