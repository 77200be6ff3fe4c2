import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, describe as suite, test } from 'vitest';
import { ApduJournal } from '../../src/entry/smart-tap-journal.ts';
import {
  describe,
  formatDescription,
  fromHex,
  noblePrimitives,
  SW,
} from '../../src/smarttap/index.ts';
import { vectorBytes, vectorExchanges, vectorText } from '../support/smart-tap.ts';

const ROOT = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, ROOT), 'utf8');
const page = read('docs/smarttap.md');
const example = read('docs/smarttap-example.md');
/** The fenced blocks of a page that are of this language; without one, of none. */
const blocksOf = (text: string, language = '') =>
  [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)]
    .filter(([, written]) => written === language)
    .map(([, , block = '']) => block);
const blocks = blocksOf(example);

/** What a script of a page prints, run where its reader would run it. */
function printed(script = '', ...options: string[]): string {
  const args = [...options, '--input-type=module', '--eval', script];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
  return stderr === '' ? stdout.trim() : stderr;
}

suite('the example of the page about Smart Tap', () => {
  const ofApdus = blocks.filter((block) => /^[→←]/.test(block));

  test.each(ofApdus)('is what the tools print: %#', (block) => {
    const lines: string[] = [];
    const journal = new ApduJournal((line) => lines.push(line));
    for (const [, arrow, hex = ''] of block.matchAll(/^([→←]) (\S+)$/gm)) {
      const apdu = fromHex(hex, 'page');
      if (arrow === '→') journal.command(apdu);
      else journal.response(apdu);
    }
    expect(`${lines.join('\n')}\n`).toBe(block);
  });

  test('is the tap of the vector', () => {
    const shown = ofApdus.slice(0, 4).map((block) => block.match(/(?<=^[→←] )\S+$/gm));
    const tap = vectorExchanges('synthetic-plain');
    expect(shown).toEqual(tap.map(({ command, response }) => [command, response]));
  });

  test('names the keys of the vector', () => {
    const table = [...example.matchAll(/^\| \S.*\| `([0-9a-f]+)` \|$/gm)].map(([, hex]) => hex);
    const names = [
      'terminal_ephemeral_private',
      'handset_ephemeral_private',
      'ecdh_shared_x',
      'aes_key',
      'hmac_key',
    ].map((name) => vectorText('synthetic-plain', name));
    expect(table).toEqual([vectorText('key-google-demo', 'private_scalar'), ...names]);
    const shared = noblePrimitives.sharedSecret(
      vectorBytes('synthetic-plain', 'terminal_ephemeral_private'),
      vectorBytes('synthetic-plain', 'handset_public'),
    );
    expect(shared).toEqual(vectorBytes('synthetic-plain', 'ecdh_shared_x'));
  });

  test('has a script of nothing but Node that opens its bundle', () => {
    const hex = printed(blocksOf(example, 'js')[0]);
    expect(hex).toBe(vectorText('synthetic-plain', 'plaintext'));
    const opened = formatDescription(describe(fromHex(hex, 'page'))).replaceAll(/^/gm, '    ');
    expect(blocks).toContain(`= the bundle, opened\n${opened}\n`);
  });
});

suite('the page about Smart Tap', () => {
  test('lists every status word, and no other', () => {
    const listed = [...page.matchAll(/^\| ([0-9A-F]{4}) \|/gm)].map(([, word]) => word);
    const known = Object.values(SW).map((word) => word.toString(16).padStart(4, '0').toUpperCase());
    expect(listed.sort()).toEqual(known.sort());
  });

  test('shows a library that reads a pass, by its public name', () => {
    expect(printed(blocksOf(page, 'js')[0], '--import', 'tsx')).toBe('passes 2018');
  });
});
