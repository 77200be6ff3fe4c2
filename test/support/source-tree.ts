import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from '@swc/core';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface SourceFile {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
}

/** The files that git tracks, and the new ones that it does not ignore. */
export function trackedFiles(): SourceFile[] {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
  const listed = execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' });
  const paths = [...new Set(listed.split('\0'))].filter((path) => existsSync(join(ROOT, path)));
  return paths
    .filter((path) => path !== '')
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
}

/** The places of a pattern, as `path:line: what stands there`. */
export function placesOf(files: readonly SourceFile[], pattern: RegExp): string[] {
  return files.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => {
      const found = pattern.exec(line);
      return found ? [`${path}:${index + 1}: ${found[0].trim()}`] : [];
    }),
  );
}

export interface FunctionSpan {
  readonly line: number;
  readonly lines: number;
}

export interface Syntax {
  readonly functions: readonly FunctionSpan[];
  /** The lines where the type `any` stands. */
  readonly anys: readonly number[];
}

interface Node {
  readonly type: string;
  readonly kind?: string;
  readonly span: { readonly start: number; readonly end: number };
}

const FUNCTIONS =
  /^(?:FunctionDeclaration|FunctionExpression|ArrowFunctionExpression|ClassMethod)$/;
/** The callback of a `describe` is a list of tests, not a function to be read at once. */
const SUITES = new Set(['describe', 'suite']);

/** The functions of a TypeScript file and its `any`s. */
export function syntaxOf({ text }: SourceFile): Syntax {
  // swc counts bytes on from file to file, and a module begins with its first token: the semicolon
  // put in front makes that the first byte of this file.
  const module = parseSync(`;${text}`, { syntax: 'typescript', target: 'es2022' });
  const bytes = Buffer.from(`;${text}`);
  const lineAt = (position: number) =>
    bytes
      .subarray(0, position - module.span.start)
      .toString('utf8')
      .split('\n').length;
  const functions: FunctionSpan[] = [];
  const anys: number[] = [];
  visit(module, (node) => {
    const line = lineAt(node.span.start);
    if (node.type === 'TsKeywordType' && node.kind === 'any') anys.push(line);
    if (FUNCTIONS.test(node.type))
      functions.push({ line, lines: lineAt(node.span.end) - line + 1 });
  });
  return { functions, anys };
}

function visit(value: unknown, found: (node: Node) => void): void {
  if (typeof value !== 'object' || value === null) return;
  if (isNode(value) && (FUNCTIONS.test(value.type) || value.type === 'TsKeywordType')) found(value);
  for (const child of childrenOf(value)) visit(child, found);
}

function childrenOf(value: object): unknown[] {
  if (!isNode(value) || value.type !== 'CallExpression') return Object.values(value);
  const { callee, arguments: given } = value as unknown as CallExpression;
  if (!SUITES.has(nameOf(callee))) return Object.values(value);
  // Into the callback's body, past the callback itself.
  return given.map(({ expression }) => expression.body ?? expression);
}

interface CallExpression {
  readonly callee: Callee;
  readonly arguments: readonly { readonly expression: { readonly body?: unknown } }[];
}

interface Callee {
  readonly value?: string;
  readonly object?: Callee;
  readonly callee?: Callee;
}

/** `describe` of `describe(…)`, `describe.each(…)(…)` and `describe.skipIf(…)(…)`. */
function nameOf({ value, object, callee }: Callee): string {
  const inner = object ?? callee;
  return value ?? (inner === undefined ? '' : nameOf(inner));
}

function isNode(value: object): value is Node {
  return 'type' in value && 'span' in value;
}
