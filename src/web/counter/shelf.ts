import type { Shelf } from './queue.ts';
import { PREFERENCES, type Preferences } from './view.ts';

/** The browser's own shelf; one that lasts as long as the page where there is none. */
export function browserShelf(): Shelf {
  try {
    localStorage.setItem('tapline.shelf', '1');
    return localStorage;
  } catch {
    const kept = new Map<string, string>();
    return {
      getItem: (name) => kept.get(name) ?? null,
      setItem: (name, value) => void kept.set(name, value),
    };
  }
}

const NAME = 'tapline.till.preferences';

export function readPreferences(shelf: Shelf): Preferences {
  const text = shelf.getItem(NAME);
  return text === null ? PREFERENCES : { ...PREFERENCES, ...(JSON.parse(text) as Preferences) };
}

export function keepPreferences(shelf: Shelf, preferences: Preferences): void {
  shelf.setItem(NAME, JSON.stringify(preferences));
}

/** The number of the last event that was heard, kept over reloads. */
export function numberMemory(shelf: Shelf, name: string) {
  return {
    read(): number | null {
      const text = shelf.getItem(name);
      const number = Number(text);
      return text !== null && Number.isSafeInteger(number) ? number : null;
    },
    write: (number: number) => shelf.setItem(name, String(number)),
  };
}
