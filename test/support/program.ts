import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

type Environment = Readonly<Record<string, string>>;

/** A process of its own that runs in this repository. */
export interface Program {
  readonly process: ChildProcess;
  /** All of its standard output so far. */
  said(): string;
  /** All of its standard error so far. */
  complained(): string;
  /** Resolves when it has said this; rejects when it ends before. */
  hasSaid(what: RegExp): Promise<RegExpExecArray>;
  /** Its exit code, when it and whoever has its output have ended. */
  readonly ended: Promise<number | null>;
}

/** A TypeScript file as npm's scripts run it. */
export function startProgram(fileAndArguments: readonly string[], env: Environment): Program {
  return startCommand(process.execPath, ['--import', 'tsx', ...fileAndArguments], env);
}

export function startCommand(
  command: string,
  args: readonly string[],
  env: Environment,
  cwd = ROOT,
): Program {
  const { PATH } = process.env;
  const stdio = ['ignore', 'pipe', 'pipe'] as const;
  const child = spawn(command, args, { cwd, env: { PATH, ...env }, stdio: [...stdio] });
  const said = collect(child.stdout);
  const complained = collect(child.stderr);
  let isOver = false;
  const ended = once(child, 'close').then(([code]) => {
    isOver = true;
    return code as number | null;
  });
  const hasSaid = async (what: RegExp) => {
    for (;;) {
      const found = what.exec(said());
      if (found !== null) return found;
      if (isOver) throw new Error(`it ended: ${complained()}`);
      await pause(10);
    }
  };
  return { process: child, said, complained, hasSaid, ended };
}

function collect(stream: NodeJS.ReadableStream | null): () => string {
  let text = '';
  stream?.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  return () => text;
}
