import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '../../src/platform/config.ts';

describe('TAPLINE_ROOT_KEY', () => {
  it.each([
    ['one of sixteen characters', 'sixteen-letters.'],
    ['one with every mark', '!"#$%&()*+,-./:;<=>?@[]^_`{|}~'],
    ['one of a thousand characters', 'x'.repeat(1000)],
  ])('%s is taken', (_what, TAPLINE_ROOT_KEY) => {
    expect(readConfig({ TAPLINE_ROOT_KEY }).rootKey).toBe(TAPLINE_ROOT_KEY);
  });

  it('that is empty or not set is none', () => {
    expect(readConfig({ TAPLINE_ROOT_KEY: '' }).rootKey).toBeNull();
    expect(readConfig({}).rootKey).toBeNull();
  });

  it.each([
    ['a blank', ' '],
    ['one letter', 'a'],
    ['fifteen letters', 'fifteen-letters'],
    ['one with a space', 'with a space in between'],
    ['one after a space', ' with-one-before-it'],
    ['one before a line end', 'with-a-line-end-after\n'],
    ['one with control characters', 'with-\u0000-and-\u007f-in-it'],
    ['one that is not ASCII', 'mit-einem-ß-und-碰一碰'],
    ['one that is too long to be sent', 'x'.repeat(1001)],
  ])('%s is refused', (_what, TAPLINE_ROOT_KEY) => {
    const read = () => readConfig({ TAPLINE_ROOT_KEY });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(/^TAPLINE_ROOT_KEY must have 16 to 1000 printable ASCII characters/);
  });
});
