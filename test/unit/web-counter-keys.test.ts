import { describe, expect, test } from 'vitest';
import { commandOf, type KeyPress } from '../../src/web/counter/keys.ts';

const PRESS: KeyPress = { key: '', code: '', ctrl: false, alt: false, focus: 'page' };

function told(press: Partial<KeyPress>, oneCharacter = true): string {
  const command = commandOf({ ...PRESS, ...press }, oneCharacter);
  if (command === null) return 'left to the browser';
  if (command.kind === 'pick') return `pick ${command.index + 1}`;
  return command.kind === 'mode' ? command.mode : command.kind;
}

describe('a key', () => {
  test.each<[string, Partial<KeyPress>, string]>([
    ['Ctrl+/', { key: '/', ctrl: true }, 'toggle-line'],
    ['Ctrl+/ while typing', { key: '/', ctrl: true, focus: 'text' }, 'toggle-line'],
    ['F2', { key: 'F2', focus: 'control' }, 'omnibox'],
    ['/', { key: '/' }, 'omnibox'],
    ['/ while typing', { key: '/', focus: 'text' }, 'left to the browser'],
    ['1', { key: '1' }, 'pick 1'],
    ['9 on a button', { key: '9', focus: 'control' }, 'pick 9'],
    ['1 in the empty field', { key: '1', focus: 'empty text' }, 'left to the browser'],
    ['0', { key: '0' }, 'left to the browser'],
    ['Enter', { key: 'Enter' }, 'redeem'],
    ['Enter on a button', { key: 'Enter', focus: 'control' }, 'left to the browser'],
    ['Enter in the field', { key: 'Enter', focus: 'text' }, 'left to the browser'],
    ['Escape', { key: 'Escape', focus: 'text' }, 'back'],
    ['Ctrl+Z', { key: 'z', ctrl: true, focus: 'control' }, 'undo'],
    ['Ctrl+Z in the empty field', { key: 'z', ctrl: true, focus: 'empty text' }, 'undo'],
    ['Ctrl+Z while typing', { key: 'z', ctrl: true, focus: 'text' }, 'left to the browser'],
    ['Alt+1', { key: '¡', code: 'Digit1', alt: true }, 'sale'],
    ['Alt+4 while typing', { key: '4', code: 'Digit4', alt: true, focus: 'text' }, 'lookup'],
    ['Alt+5', { key: '5', code: 'Digit5', alt: true }, 'left to the browser'],
    ['F4', { key: 'F4' }, 'hold'],
    ['F9', { key: 'F9', focus: 'text' }, 'finish'],
    ['?', { key: '?', focus: 'empty text' }, 'help'],
    ['? while typing', { key: '?', focus: 'text' }, 'left to the browser'],
    ['a', { key: 'a' }, 'left to the browser'],
  ])('%s', (_name, press, command) => {
    expect(told(press)).toBe(command);
  });

  test('alone does nothing where one-character shortcuts are switched off', () => {
    for (const key of ['/', '?', '1']) {
      expect(told({ key }, false)).toBe('left to the browser');
    }
    expect(told({ key: '/', ctrl: true }, false)).toBe('toggle-line');
  });
});
