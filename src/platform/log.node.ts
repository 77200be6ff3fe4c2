import { pino } from 'pino';
import type { Log } from './log.ts';

/** JSON lines on standard error, so that standard output stays for people. */
export function openLog(level = 'info'): Log {
  const logger = pino({ level, base: null }, pino.destination({ fd: 2, sync: false }));
  return {
    info: (event, facts = {}) => logger.info(facts, event),
    warn: (event, facts = {}) => logger.warn(facts, event),
    error: (event, facts = {}) => logger.error(facts, event),
  };
}
