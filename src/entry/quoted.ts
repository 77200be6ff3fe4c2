/** A text from elsewhere in quotes, with nothing in it that could command a screen. */
export function quoted(text: string): string {
  const escaped = JSON.stringify(text.toWellFormed());
  return escaped.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (char) => {
    return `\\u{${char.codePointAt(0)?.toString(16)}}`;
  });
}
