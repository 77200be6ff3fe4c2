import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { build } from 'esbuild';
import { sha256Hex } from '../platform/hashes.ts';
import type { Asset, Assets } from './assets.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
/** Phones open member pages in whatever browser they have (ux.md C.1). */
const OLD_BROWSERS = 'es2017';

/**
 * Bundles the island and the styles of every page, in memory, in some 100 ms: there is no build
 * step to forget.
 */
export async function bundleAssets(): Promise<Assets> {
  const folders = await readdir(HERE, { recursive: true });
  const islands = folders.filter((path) => path.endsWith('/island.tsx'));
  const styles = folders.filter((path) => path.endsWith('/page.css'));
  const { outputFiles } = await build({
    absWorkingDir: HERE,
    entryPoints: [...islands, ...styles],
    outbase: HERE,
    outdir: HERE,
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: OLD_BROWSERS,
    jsx: 'automatic',
    jsxImportSource: 'preact',
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'silent',
  });
  const files = new Map<string, Asset>();
  const scripts = new Map<string, string>();
  const sheets = new Map<string, string>();
  for (const { path, contents, text } of outputFiles) {
    const [page = '', file = ''] = path.slice(HERE.length).split('/');
    if (file.endsWith('.css')) {
      sheets.set(page, text.trim());
      continue;
    }
    const address = `/assets/${page}.${sha256Hex(text).slice(0, 16)}.js`;
    scripts.set(page, address);
    files.set(address, await asset(contents, 'text/javascript; charset=UTF-8'));
  }
  return {
    script: (page) => known(scripts, page),
    style: (page) => known(sheets, page),
    find: (path) => files.get(path) ?? null,
  };
}

const compress = promisify(brotliCompress);

async function asset(contents: Uint8Array, type: string): Promise<Asset> {
  const brotli = await compress(contents, {
    params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY },
  });
  return { type, body: new Uint8Array(contents), brotli: new Uint8Array(brotli) };
}

function known(map: ReadonlyMap<string, string>, page: string): string {
  const value = map.get(page);
  if (value === undefined) throw new Error(`no page ${page} has that`);
  return value;
}
