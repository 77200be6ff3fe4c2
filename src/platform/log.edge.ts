import type { Log } from './log.ts';

const { log: info, warn, error } = console;

/** JSON lines on the console, in the shape that the processes on Node write. */
export function openLog(): Log {
  const line = (level: number, msg: string, facts: object = {}) =>
    JSON.stringify({ level, time: Date.now(), ...facts, msg });
  return {
    info: (event, facts) => info(line(30, event, facts)),
    warn: (event, facts) => warn(line(40, event, facts)),
    error: (event, facts) => error(line(50, event, facts)),
  };
}
