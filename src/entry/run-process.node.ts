import { once } from 'node:events';
import { ConfigError, readConfig } from '../platform/config.ts';
import { EmbeddedPostgresError } from '../platform/embedded/errors.node.ts';
import { openLog } from '../platform/log.node.ts';
import { errorFacts, type Log } from '../platform/log.ts';
import { SchemaRefusedError } from '../platform/migrate.node.ts';
import { type Start, StartRefusedError } from './start.ts';

/** Runs a process from its environment until a signal or a part of it ends it in order. */
export async function runProcess(
  start: Start,
  { env = process.env, log = openLog() } = {},
): Promise<void> {
  // Whoever read it may have gone, which is no reason to fall over in the middle of a stop.
  process.stdout.on('error', () => {});
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  const controller = new AbortController();
  const ending = controller.signal;
  const end = (exitCode: number) => {
    if (ending.aborted) return;
    process.exitCode = exitCode;
    // Whoever starts this process again waits for its end, and a part may wait for what is gone.
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
    controller.abort();
  };
  const stop = () => {
    say('stopping…');
    end(0);
  };
  // From the first moment on: a start that is cut off would leave its PostgreSQL running.
  stopOnSignal(stop);
  stopWhenOrphaned(stop);
  try {
    const running = await start({ config: readConfig(env), log, say, end, ending });
    if (!ending.aborted) await once(ending, 'abort');
    await running.stop().catch((error: unknown) => {
      log.error('stop failed', errorFacts(error));
      process.exitCode = 1;
    });
  } catch (error) {
    process.exitCode = 1;
    // Who cuts a start off knows why it fails.
    if (!ending.aborted) tellWhyNot(error, log);
  }
}

/** Longer than every part is given for its own stop. */
const STOP_WITHIN_MS = 90_000;
/** The terminal and npm, or systemd, may each send the same signal. */
const SAME_MOMENT_MS = 1000;

function stopOnSignal(stop: () => void): void {
  let first: number | null = null;
  const onSignal = () => {
    if (first === null) {
      first = performance.now();
      stop();
    } else if (performance.now() - first > SAME_MOMENT_MS) {
      // A second signal is for a stop that hangs.
      process.exit(1);
    }
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, onSignal);
}

/** npm passes SIGTERM on to its shell, which dies of it and leaves this process behind. */
function stopWhenOrphaned(stop: () => void): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    stop();
  }, 1000).unref();
}

function tellWhyNot(error: unknown, log: Log): void {
  if (!isForOperator(error)) log.error('start failed', errorFacts(error));
  const reason = error instanceof Error ? error.message : error;
  process.stderr.write(`Tapline does not start: ${reason}\n`);
}

function isForOperator(error: unknown): boolean {
  const kinds = [ConfigError, EmbeddedPostgresError, SchemaRefusedError, StartRefusedError];
  return kinds.some((kind) => error instanceof kind);
}
