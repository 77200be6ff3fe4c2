import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const LAUNCHER = new URL(
  '../../src/platform/embedded/start-embedded-postgres.node.ts',
  import.meta.url,
);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const SCRIPT = `
  const { startEmbeddedPostgres } = await import(${JSON.stringify(LAUNCHER.href)});
  const { url } = await startEmbeddedPostgres({ dataDir: process.argv[1], log: console.log });
  console.log('up', url);
`;

export interface LauncherProcess {
  readonly process: ChildProcess;
  /** Resolves with the first line that begins so, and rejects when the process ends before. */
  line(beginning: string): Promise<string>;
  kill(): Promise<void>;
}

/** A process of its own that starts the embedded PostgreSQL and then waits to be killed. */
export function launchInChild(dataDir: string): LauncherProcess {
  const flags = ['--import', 'tsx', '--input-type=module', '--eval', SCRIPT];
  const child = spawn(process.execPath, [...flags, dataDir], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  const line = (beginning: string) =>
    new Promise<string>((resolve, reject) => {
      lines.on('line', (text) => {
        if (text.startsWith(beginning)) resolve(text);
      });
      lines.once('close', () => reject(new Error(`ended before it said ${beginning}`)));
    });
  const kill = async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return { process: child, line, kill };
}

/** The living processes of a program that were started with this text among their arguments. */
export async function processesOf(program: string, text: string): Promise<number[]> {
  const found: number[] = [];
  for (const name of await readdir('/proc')) {
    const command = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
    const [path = '', ...args] = command.split('\0');
    if (path.endsWith(`/${program}`) && args.join(' ').includes(text)) found.push(Number(name));
  }
  return found;
}
