import { describe, expect, it } from 'vitest';
import { mayTraverse } from '../../src/platform/embedded/account.node.ts';
import { EmbeddedPostgresError, inPlainWords } from '../../src/platform/embedded/errors.node.ts';
import { isPostmasterOf, parsePidFile } from '../../src/platform/embedded/postmaster.node.ts';

describe('parsePidFile', () => {
  const lines = ['41', '/data', '1795288693', '5433', '', '127.0.0.1', ' 1 2', 'ready   ', ''];
  it.each([
    [lines.join('\n'), { pid: 41, port: 5433, isReady: true }],
    [lines.with(7, 'starting').join('\n'), { pid: 41, port: 5433, isReady: false }],
    [lines.slice(0, 3).join('\n'), { pid: 41, port: null, isReady: false }],
    ['', null],
    ['nonsense\n', null],
    ['1\n/data\n', null],
    ['-41\n/data\n', null],
  ])('%j', (text, postmaster) => {
    expect(parsePidFile(text)).toEqual(postmaster);
  });
});

describe('isPostmasterOf /data', () => {
  it.each([
    ['/x/bin/postgres', '-D /data -p 5433', true],
    ['/with space/postgres', '-D /data', true],
    ['postgres', '-c port=1 -D /data -p 1', true],
    // Started by hand with PGDATA: in doubt it is not a stranger.
    ['/usr/bin/postgres', '', true],
    ['/x/bin/postgres', '-D /data2 -p 5433', false],
    ['/x/bin/postgres', '-D /other/data -p 5433', false],
    ['postgres: checkpointer ', '', false],
    ['/usr/bin/node', 'postgres -D /data', false],
    // A zombie.
    ['', '', false],
  ])('%j %j: %j', (program, args, expected) => {
    expect(isPostmasterOf({ program, args }, '/data')).toBe(expected);
  });
});

describe('mayTraverse', () => {
  const nobody = { uid: 65_534, gid: 65_534 };
  it.each([
    // mode, uid, gid, expected
    [0o755, 0, 0, true],
    [0o711, 0, 0, true],
    [0o700, 0, 0, false],
    [0o770, 0, 0, false],
    [0o710, 0, 65_534, true],
    [0o701, 0, 65_534, false],
    [0o700, 65_534, 0, true],
    [0o611, 65_534, 0, false],
  ])('mode %o of %j:%j: %j', (mode, uid, gid, expected) => {
    expect(mayTraverse({ mode, uid, gid }, nobody)).toBe(expected);
  });
});

describe('inPlainWords', () => {
  const failure = (code: string) => Object.assign(new Error(code), { code });
  it.each([
    [failure('ENOSPC'), /no space left on the disk of \/d.*DATABASE_URL/],
    [new Error('initdb failed:\ncould not write: No space left on device'), /no space left/],
    [failure('EACCES'), /no permission to use \/d.*DATABASE_URL/],
    [failure('EROFS'), /TAPLINE_DATA_DIR/],
    [failure('EEXIST'), /a file is in the way of the folder \/d.*TAPLINE_DATA_DIR/],
    [failure('ENOTDIR'), /a file is in the way of the folder \/d.*DATABASE_URL/],
  ])('%s', (error, words) => {
    const explained = inPlainWords(error, '/d') as Error;
    expect(explained).toBeInstanceOf(EmbeddedPostgresError);
    expect(explained.message).toMatch(words);
    expect(explained.cause).toBe(error);
  });

  it('leaves what it does not know', () => {
    const error = new Error('a fault');
    expect(inPlainWords(error, '/d')).toBe(error);
    expect(inPlainWords('text', '/d')).toBe('text');
  });
});
