import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';

/** Date, commit and machine: what a figure is worth only with. */
export function heading(root: string): string {
  const [cpu] = cpus();
  const date = new Date().toISOString().slice(0, 10);
  const machine = `${cpus().length} cores (${cpu?.model.trim()}), Node ${process.version}`;
  return `${date}, ${commitOf(root)}, ${machine}`;
}

function commitOf(root: string): string {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    const changed = git('status', '--porcelain').trim() !== '';
    return `commit ${git('rev-parse', '--short', 'HEAD').trim()}${changed ? ' with changes' : ''}`;
  } catch {
    return 'no commit';
  }
}
