import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

export interface Command {
  readonly program: string;
  readonly args: string;
}

/** What a process was started as; null when there is no such process. A zombie has no words left. */
export function commandOf(pid: number): Promise<Command | null> {
  return process.platform === 'linux' ? fromProc(pid) : fromPs(pid);
}

async function fromProc(pid: number): Promise<Command | null> {
  const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => null);
  if (words === null) return null;
  const [program = '', ...args] = words.split('\0');
  return { program, args: args.join(' ').trim() };
}

async function fromPs(pid: number): Promise<Command | null> {
  const column = async (name: string) => {
    const { stdout } = await promisify(execFile)('ps', ['-o', `${name}=`, '-p', String(pid)]);
    return stdout.trim();
  };
  try {
    const program = await column('comm');
    const whole = await column('args');
    return {
      program,
      args: whole.startsWith(program) ? whole.slice(program.length).trim() : whole,
    };
  } catch {
    return null;
  }
}
