/** How wide a text is at the most, in units of its font size, in any of the fonts it may meet. */
export function widthOf(text: string): number {
  return Array.from(text, widthOfCharacter).reduce((sum, width) => sum + width, 0);
}

// Of the bold cuts of Arial, Helvetica, Roboto, Segoe and Noto the widest, and a little more.
function widthOfCharacter(character: string): number {
  if (character >= '\u1100') return 1.03;
  if (/[MW@%—…]/.test(character)) return 1.02;
  if (/[A-Z&ÄÖÜ#+<=>~mw]/.test(character))
    return character === 'm' || character === 'w' ? 0.95 : 0.8;
  if (/[iljI.,:;|!'’ ]/.test(character)) return 0.36;
  if (/[frt()[\]/\\"-]/.test(character)) return 0.47;
  return 0.68;
}

export interface Fitted {
  readonly lines: readonly string[];
  readonly size: number;
}

/** The largest size, up to one, at which a text stays within a width, on so many lines at most. */
export function fitted(text: string, width: number, size: number, maxLines = 1): Fitted {
  let best: Fitted = { lines: [text], size: sizeFor([text], width, size) };
  for (let count = 2; count <= maxLines && best.size < size; count++) {
    const lines = balanced(text, count);
    const found = sizeFor(lines, width, size);
    // Another line must be worth its place.
    if (found > best.size * 1.15) best = { lines, size: found };
  }
  return best;
}

function sizeFor(lines: readonly string[], width: number, size: number): number {
  const widest = Math.max(...lines.map(widthOf), 0.01);
  return Math.min(size, Math.floor((width / widest) * 100) / 100);
}

/** Words, or where there are none, characters, shared out over lines of nearly one width. */
function balanced(text: string, count: number): string[] {
  const parts = text.includes(' ') ? text.split(/(?<= )/) : Array.from(text);
  const share = widthOf(text) / count;
  const lines: string[] = [''];
  for (const part of parts) {
    const line = lines.at(-1) ?? '';
    const isFull = widthOf(line) + widthOf(part.trimEnd()) / 2 > share;
    if (isFull && line !== '' && lines.length < count) lines.push(part);
    else lines[lines.length - 1] = line + part;
  }
  return lines.map((line) => line.trim());
}
