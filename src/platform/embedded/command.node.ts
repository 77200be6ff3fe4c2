import { spawn } from 'node:child_process';
import type { Account } from './account.node.ts';
import { EmbeddedPostgresError, USE_A_SERVER } from './errors.node.ts';

/** What PostgreSQL's programs see: nothing of ours, so that no PG*, LANG or HOME leads them off. */
export const BARE_ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

export interface Finished {
  readonly ok: boolean;
  readonly output: string;
}

/** Runs a program to its end as the account; rejects when it cannot be started at all. */
export function runToEnd(
  program: string,
  args: readonly string[],
  account: Account | null,
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      ...account,
      cwd: '/',
      env: BARE_ENVIRONMENT,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const collect = (chunk: Buffer) => {
      output += chunk.toString();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', (error) => reject(cannotStart(error, account)));
    child.once('close', (code) => resolve({ ok: code === 0, output: output.trim() }));
  });
}

/** Says what hides behind the error codes of a failed spawn, where it is not a missing file. */
export function cannotStart(error: NodeJS.ErrnoException, account: Account | null): Error {
  if (account === null || (error.code !== 'EPERM' && error.code !== 'EINVAL')) return error;
  return new EmbeddedPostgresError(
    `PostgreSQL refuses to run as root and this container forbids switching to user ` +
      `${account.uid} (${error.code}): start Tapline as an ordinary user, or ${USE_A_SERVER}`,
    { cause: error },
  );
}
