import { startProgram } from './program.ts';

export interface ServiceProcess {
  readonly url: string;
  isRunning(): boolean;
  /** What it logged, a JSON object a line. */
  log(): readonly string[];
  /** Stops it in order; gives its exit code. */
  stop(): Promise<number | null>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
}

/** `npm start` as a process of its own. */
export async function startServiceProcess(
  env: Readonly<Record<string, string>>,
): Promise<ServiceProcess> {
  const { process, complained, hasSaid, ended } = startProgram(['src/entry/node.ts'], {
    PORT: '0',
    HOST: '127.0.0.1',
    ...env,
  });
  const [, url = ''] = await hasSaid(/listens on (\S+)/);
  return {
    url,
    isRunning: () => process.exitCode === null && process.signalCode === null,
    log: () => complained().trimEnd().split('\n'),
    stop: async () => {
      process.kill('SIGTERM');
      const giveUp = setTimeout(() => process.kill('SIGKILL'), 20_000);
      const code = await ended;
      clearTimeout(giveUp);
      return code;
    },
    kill: async () => {
      process.kill('SIGKILL');
      await ended;
    },
  };
}
