import { createInterface } from 'node:readline';
import { describe, formatDescription, fromHex, SmartTapError } from '../smarttap/index.ts';
import type { ProcessContext, Start } from './start.ts';

/**
 * `tapline decode <hex> …`, or line by line from standard input: explains commands, responses and
 * messages. The process ends with 1 when a strict reader would refuse one of them. Null when there
 * is neither a word nor an input.
 */
export function smartTapDecode(words: readonly string[]): Start | null {
  if (words.some((word) => word.startsWith('-'))) return null;
  if (words.length === 0 && process.stdin.isTTY) return null;
  return (context) => decode(context, words);
}

async function decode({ say, end, ending }: ProcessContext, words: readonly string[]) {
  const texts =
    words.length > 0 ? words : createInterface({ input: process.stdin, signal: ending });
  let number = 0;
  let good = true;
  for await (const text of texts) {
    if (text.trim() === '') continue;
    number += 1;
    if (number > 1) say('');
    const { told, refused } = explain(text, `input ${number}`);
    say(told);
    if (refused) good = false;
  }
  if (number === 0) say('no input');
  if (ending.aborted) process.exitCode = 1;
  end(good && number > 0 ? 0 : 1);
  return { stop: async () => {} };
}

/** The explanation of one text of hex digits; spaces in it are for the reader. */
export function explain(text: string, name: string): { told: string; refused: boolean } {
  try {
    const lines = describe(fromHex(text.replaceAll(/\s/g, ''), name));
    return {
      told: formatDescription(lines),
      refused: lines.some((line) => line.refused),
    };
  } catch (error) {
    if (!(error instanceof SmartTapError)) throw error;
    return { told: error.message, refused: true };
  }
}
