import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { problemCodes, problems } from '../../src/problems/registry.ts';
import { placesOf, ROOT, type SourceFile, syntaxOf, trackedFiles } from '../support/source-tree.ts';

const MAX_FILE_LINES = 400;
const MAX_FUNCTION_LINES = 70;

const GENERATED = /^(?:drizzle\/|package-lock\.json$|openapi\.yaml$|docs\/problems\.md$)/;
/** Data, and this file, which names what it forbids. */
const EXEMPT = /^(?:test\/vectors\/|test\/unit\/tidy\.test\.ts$|LICENSE$)/;

const files = trackedFiles();
const written = files.filter(({ path }) => !GENERATED.test(path) && !EXEMPT.test(path));
const ofKind = (ending: RegExp, from: readonly SourceFile[] = written) =>
  from.filter(({ path }) => ending.test(path));
const code = ofKind(/\.(?:ts|tsx)$/);
const production = code.filter(({ path }) => /^(?:src|workers)\//.test(path));

describe('size', () => {
  it(`no file is longer than ${MAX_FILE_LINES} lines`, () => {
    const long = ofKind(/\.(?:ts|tsx|cjs|mjs|md|toml)$/)
      .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
      .filter(({ lines }) => lines > MAX_FILE_LINES)
      .map(({ path, lines }) => `${path}: ${lines}`);
    expect(long).toEqual([]);
  });

  it(`no function is longer than ${MAX_FUNCTION_LINES} lines`, () => {
    const long = code.flatMap((file) =>
      syntaxOf(file)
        .functions.filter(({ lines }) => lines > MAX_FUNCTION_LINES)
        .map(({ line, lines }) => `${file.path}:${line}: ${lines}`),
    );
    expect(long).toEqual([]);
  });

  it('is measured in lines of the file, whatever is written in them', () => {
    const text = "// 碰一碰\nconst a = '碰';\nfunction f(): any {\n  return '一';\n}\n";
    const measured = { functions: [{ line: 3, lines: 3 }], anys: [3] };
    expect(syntaxOf({ text })).toEqual(measured);
    expect(syntaxOf({ text })).toEqual(measured);
    expect(code.flatMap((file) => syntaxOf(file).functions).length).toBeGreaterThan(500);
  });

  it('does not measure lists of tests', () => {
    const text = "describe.each([1])('a', () => {\n  it('b', () => {\n    f();\n  });\n});\n";
    expect(syntaxOf({ text }).functions).toEqual([{ line: 2, lines: 3 }]);
  });
});

describe('nothing is left behind', () => {
  it('no note to do it later', () => {
    expect(placesOf(written, /\b(?:FIXME|TODO|XXX)\b/)).toEqual([]);
  });

  it('no test that runs alone or not at all', () => {
    const tests = ofKind(/\.test\.ts$/, code);
    expect(placesOf(tests, /\b(?:it|test|describe|suite)\b[\w.]*\.(?:only|skip|todo)\b/)).toEqual(
      [],
    );
  });

  it('no any', () => {
    const anys = code.flatMap((file) => syntaxOf(file).anys.map((line) => `${file.path}:${line}`));
    expect(anys).toEqual([]);
  });

  it('no path of one machine', () => {
    expect(placesOf(written, /(?<![\w.$}/])\/(?:work|home|root|tmp\/scratch)\/[\w.-]+/)).toEqual(
      [],
    );
  });

  it('no host of a package registry', () => {
    const host = /\b(?:registry\.(?:npmjs|yarnpkg)|npmjs\.org|deb\.debian|ghcr\.io|docker\.io)\b/;
    expect(
      placesOf(
        files.filter(({ path }) => !EXEMPT.test(path)),
        host,
      ),
    ).toEqual([]);
  });
});

describe('what decides', () => {
  it('asks no clock, no chance and no environment', () => {
    const pure = ofKind(/^src\/[^/]+\/(?:[a-z-]+-)?(?:model|decide|rules|amounts|validity)\.ts$/);
    const impure =
      /new Date\(\)|Date\.now|performance\.|Math\.random|crypto\.|process\.|\bfetch\(|\bawait\b/;
    expect(placesOf(pure, impure)).toEqual([]);
  });

  it('reads the environment in the entries only', () => {
    const others = production.filter(({ path }) => !path.startsWith('src/entry/'));
    expect(placesOf(others, /\bprocess\.env\b/)).toEqual([]);
  });
});

describe('documents', () => {
  const documents = ofKind(/\.md$/, files);

  it('cite paths that exist', () => {
    const cited =
      /(?<![\w/.-])(?:src|test|docs|workers|demo|bench|tools|drizzle|\.ci)\/[\w./-]*[\w/](?![\w*<{…])/g;
    const gone = documents.flatMap(({ path, text }) =>
      (text.match(cited) ?? [])
        .filter((name) => !existsSync(join(ROOT, name)))
        .map((name) => `${path}: ${name}`),
    );
    expect(gone).toEqual([]);
  });

  it('number the decisions without gaps', () => {
    const numbers = documents
      .map(({ path }) => /^docs\/decisions\/(\d{4})-[a-z0-9-]+\.md$/.exec(path)?.[1])
      .filter((number) => number !== undefined)
      .map(Number)
      .sort((left, right) => left - right);
    expect(numbers.length).toBeGreaterThan(0);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  });
});

describe('problem codes', () => {
  it.each(problemCodes)('%s says what and why in both languages', (name) => {
    const { title, detail } = problems[name];
    for (const text of [title.en, title['zh-CN'], detail.en, detail['zh-CN']]) {
      expect(text.trim()).not.toBe('');
    }
    expect(`${title['zh-CN']}${detail['zh-CN']}`).toMatch(/\p{Script=Han}/u);
  });

  it.each(problemCodes)('%s is answered somewhere', (name) => {
    const users = production.filter(({ path }) => !path.startsWith('src/problems/'));
    expect(users.some(({ text }) => text.includes(`'${name}'`))).toBe(true);
  });
});
