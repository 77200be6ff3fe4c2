import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openApiText } from './openapi.ts';
import { problemTable } from './problem-table.ts';

// `npm run generate` writes what is made from the code; `npm run generated` says what is stale.
const FILES: Readonly<Record<string, () => string>> = {
  'openapi.yaml': openApiText,
  'docs/problems.md': problemTable,
};

function fileOf(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}

function isCurrent(path: string, text: string): boolean {
  try {
    return readFileSync(fileOf(path), 'utf8') === text;
  } catch {
    return false;
  }
}

const stale = Object.entries(FILES)
  .map(([path, make]) => ({ path, text: make() }))
  .filter(({ path, text }) => !isCurrent(path, text));

if (process.argv.includes('--check')) {
  for (const { path } of stale) console.error(`stale: ${path}; run npm run generate`);
  if (stale.length > 0) process.exitCode = 1;
} else {
  for (const { path, text } of stale) {
    mkdirSync(dirname(fileOf(path)), { recursive: true });
    writeFileSync(fileOf(path), text);
    console.log(`written: ${path}`);
  }
}
