import { execFileSync } from 'node:child_process';
import { chmod, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accountFor } from '../../src/platform/embedded/account.node.ts';
import {
  type Binaries,
  findPackage,
  prepareBinaries,
} from '../../src/platform/embedded/binaries.node.ts';
import { runToEnd } from '../../src/platform/embedded/command.node.ts';
import { startEmbeddedPostgres } from '../../src/platform/embedded/start-embedded-postgres.node.ts';
import { makeTestFolder } from '../support/postgres.ts';

const isRoot = process.getuid?.() === 0;

let folder: string;
let lines: string[];
const log = (line: string) => void lines.push(line);

beforeEach(async () => {
  folder = await makeTestFolder();
  lines = [];
});
afterEach(async () => {
  execFileSync('chmod', ['-R', 'u+rwX', folder]);
  await rm(folder, { recursive: true, force: true });
});

describe('the programs', () => {
  it('run from the package when its links were left out', async () => {
    const packageFolder = await copyPackage({ links: false });
    const programs = await prepare(packageFolder);
    expect(programs.postgres).toBe(join(packageFolder, 'native', 'bin', 'postgres'));
    expect(await versionOf(programs)).toContain('PostgreSQL) 17.');
    expect(lines).toEqual([]);
  });

  it.runIf(isRoot)('are copied once when root has them where nobody cannot go', async () => {
    const packageFolder = await copyPackage({ links: false });
    await chmod(packageFolder, 0o700);
    const programs = await prepare(packageFolder);
    const home = dirname(dirname(dirname(programs.postgres)));
    try {
      expect(home).toMatch(/^\/var\/lib\/tapline\/postgresql-0\.0\.0-/);
      expect(lines).toEqual([expect.stringContaining(home)]);
      expect(await versionOf(programs)).toContain('PostgreSQL) 17.');
      expect(await prepare(packageFolder)).toEqual(programs);
      expect(lines).toHaveLength(1);
    } finally {
      await rm(home, { recursive: true });
    }
  });

  it.skipIf(isRoot)('are copied when the package has no links and cannot be written', async () => {
    const packageFolder = await copyPackage({ links: false });
    execFileSync('chmod', ['-R', 'a-w', packageFolder]);
    const programs = await prepare(packageFolder);
    expect(programs.postgres.startsWith(join(folder, 'data', 'postgresql-0.0.0-'))).toBe(true);
    expect(await versionOf(programs)).toContain('PostgreSQL) 17.');
    expect(lines).toHaveLength(1);
  });

  it('that this system cannot load are an error in plain words', async () => {
    const packageFolder = join(folder, 'package');
    await mkdir(join(packageFolder, 'native', 'bin'), { recursive: true });
    await writeManifest(packageFolder);
    for (const program of ['initdb', 'postgres']) {
      // As on Alpine: the file is there, and what should load it is not.
      await writeFile(join(packageFolder, 'native', 'bin', program), '#!/lib/ld-missing.so\n');
      await chmod(join(packageFolder, 'native', 'bin', program), 0o755);
    }
    await expect(prepare(packageFolder)).rejects.toThrow(/Alpine.*DATABASE_URL/);
  });

  it('that npm has not for a system are an error in plain words', () => {
    expect(() => findPackage('sunos', 'sparc')).toThrow(/sunos-sparc.*DATABASE_URL/);
  });
});

describe.runIf(isRoot && canMount())('on a full disk', () => {
  it.each(['8m', '40m'])(
    'of %s the first start says so and leaves nothing running',
    async (size) => {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=755`, 'tmpfs', folder]);
      try {
        const attempt = startEmbeddedPostgres({ dataDir: join(folder, '.tapline'), log });
        await expect(attempt).rejects.toThrow(/no space left on the disk.*DATABASE_URL/);
        const left = execFileSync('find', [folder, '-name', '*.new-*'], { encoding: 'utf8' });
        expect(left).toBe('');
      } finally {
        execFileSync('umount', [folder]);
      }
    },
  );
});

async function prepare(packageFolder: string): Promise<Binaries> {
  const dataDir = join(folder, 'data');
  await mkdir(dataDir, { recursive: true });
  return prepareBinaries({ dataDir, account: await accountFor(null), log, packageFolder });
}

async function versionOf({ postgres }: Binaries): Promise<string> {
  return (await runToEnd(postgres, ['--version'], await accountFor(null))).output;
}

async function copyPackage({ links }: { links: boolean }): Promise<string> {
  const packageFolder = join(folder, 'package');
  await cp(findPackage(), packageFolder, { recursive: true, verbatimSymlinks: true });
  if (!links) execFileSync('find', [packageFolder, '-type', 'l', '-delete']);
  await writeManifest(packageFolder);
  return packageFolder;
}

/** A version of its own, so that a copy is not taken for one of the real package. */
async function writeManifest(packageFolder: string): Promise<void> {
  const file = join(packageFolder, 'package.json');
  const manifest = await readFile(file, 'utf8').then(JSON.parse, () => ({ name: '@test/none' }));
  const version = `0.0.0-${process.pid}-${Date.now()}`;
  await writeFile(file, JSON.stringify({ ...manifest, version }));
}

function canMount(): boolean {
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
}
