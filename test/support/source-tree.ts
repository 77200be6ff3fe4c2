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

/** The files that git tracks, without those deleted since. */
export function trackedFiles(): SourceFile[] {
  const listed = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' });
  return listed
    .split('\0')
    .filter((path) => path !== '' && existsSync(join(ROOT, path)))
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
  readonly body?: { readonly stmts?: readonly Statement[] } | null;
}

interface Statement {
  readonly expression?: { readonly callee?: Callee };
}

interface Callee {
  readonly value?: string;
  readonly object?: Callee;
  readonly callee?: Callee;
}

const FUNCTIONS =
  /^(?:FunctionDeclaration|FunctionExpression|ArrowFunctionExpression|ClassMethod)$/;
const TESTS = new Set(['describe', 'it', 'test']);

/** The functions of a TypeScript file and its `any`s. */
export function syntaxOf({ text, path = '' }: { text: string; path?: string }): Syntax {
  // swc counts bytes on from file to file, and a module begins with its first token: the semicolon
  // put in front makes that the first byte of this file.
  const tsx = path.endsWith('.tsx');
  const module = parseSync(`;${text}`, { syntax: 'typescript', tsx, target: 'es2022' });
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
    if (!FUNCTIONS.test(node.type) || isListOfTests(node)) return;
    functions.push({ line, lines: lineAt(node.span.end) - line + 1 });
  });
  return { functions, anys };
}

function visit(value: unknown, found: (node: Node) => void): void {
  if (typeof value !== 'object' || value === null) return;
  if (isNode(value)) found(value);
  for (const child of Object.values(value)) visit(child, found);
}

function isNode(value: object): value is Node {
  if (!('type' in value && 'span' in value)) return false;
  return value.type === 'TsKeywordType' || FUNCTIONS.test(String(value.type));
}

/** A body of `describe`s and `it`s is a list, not something to be understood at once. */
function isListOfTests({ body }: Node): boolean {
  const calls = (body?.stmts ?? []).map(({ expression }) => expression?.callee);
  return calls.some((callee) => callee !== undefined && TESTS.has(nameOf(callee)));
}

/** `describe` of `describe(…)`, `describe.each(…)(…)` and `describe.skipIf(…)(…)`. */
function nameOf({ value, object, callee }: Callee): string {
  const inner = object ?? callee;
  return value ?? (inner === undefined ? '' : nameOf(inner));
}
