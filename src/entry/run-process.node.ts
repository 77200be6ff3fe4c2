import { type Config, ConfigError, readConfig } from '../platform/config.ts';
import { EmbeddedPostgresError } from '../platform/embedded/errors.node.ts';
import { openLog } from '../platform/log.node.ts';
import { errorFacts, type Log } from '../platform/log.ts';
import { SchemaRefusedError } from '../platform/migrate.node.ts';
import { StartRefusedError } from './resources.node.ts';

export type Start = (options: {
  readonly config: Config;
  readonly log: Log;
  readonly say: (line: string) => void;
}) => Promise<{ stop(): Promise<void> }>;

/** Runs a process from its environment until SIGTERM or SIGINT, then stops it in order. */
export async function runProcess(start: Start): Promise<void> {
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  const log = openLog();
  try {
    const starting = start({ config: readConfig(process.env), log, say });
    stopOnSignal(starting, say, log);
    await starting;
  } catch (error) {
    if (!isForOperator(error)) log.error('start failed', errorFacts(error));
    process.stderr.write(
      `Tapline does not start: ${error instanceof Error ? error.message : error}\n`,
    );
    process.exitCode = 1;
  }
}

/** From the first moment on: a start that is cut off would leave its PostgreSQL running. */
function stopOnSignal(
  starting: Promise<{ stop(): Promise<void> }>,
  say: (line: string) => void,
  log: Log,
) {
  let stopping = false;
  const stop = async () => {
    // A second signal is for a stop that hangs.
    if (stopping) process.exit(1);
    stopping = true;
    say('stopping…');
    const running = await starting.catch(() => null);
    await running?.stop().catch((error: unknown) => {
      log.error('stop failed', errorFacts(error));
      process.exitCode = 1;
    });
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, stop);
}

function isForOperator(error: unknown): boolean {
  const kinds = [ConfigError, EmbeddedPostgresError, SchemaRefusedError, StartRefusedError];
  return kinds.some((kind) => error instanceof kind);
}
